import type { Answer, ChoiceContent } from "../../answer/answer.ts";
import { NO_TOKENS } from "../../answer/token-counts.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { endingOf, messageHead, signatureOf, THINKING_SUMMARY, thinkingBlock, toolUseId } from "./message.ts";
import { encodeUsage } from "./usage.ts";

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

export function encodeEvent(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/**
 * The events of a streamed message: its start with the usage of the prompt, each block with its pieces, then why it
 * ended with the usage of all of it, and the stop. A ping comes after the start.
 */
export function* encodeMessageStream(answer: Answer, model: string, context: AnswerContext): Generator<AnswerChunk> {
  const { plan } = context;
  const { tokens } = answer;
  const reported = { ...tokens, output: 1, reasoning: NO_TOKENS.reasoning };
  const usage = plan.reportsUsageInStreams ? encodeUsage(reported, plan) : {};
  const ending = { stop_reason: null, stop_sequence: null };
  const message = { ...messageHead(model, context), content: [], ...ending, ...usage };
  yield { text: encodeEvent({ type: "message_start", message }), generatedTokens: 0 };
  yield { text: encodeEvent({ type: "ping" }), generatedTokens: 0 };

  let index = 0;
  let generatedTokens = tokens.reasoning;
  if (tokens.reasoning > 0) {
    for (const event of thinkingEvents(context, index)) yield { text: encodeEvent(event), generatedTokens };
    index += 1;
  }
  for (const { content } of answer.choices) {
    const block = blockOf(content);
    if (block === undefined) continue;
    yield { text: encodeEvent({ type: "content_block_start", index, content_block: block }), generatedTokens };
    for (const piece of splitByTokens(content.text, plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      const delta = deltaOf(content, piece.text);
      yield { text: encodeEvent({ type: "content_block_delta", index, delta }), generatedTokens };
    }
    yield { text: encodeEvent({ type: "content_block_stop", index }), generatedTokens };
    index += 1;
  }

  const total = plan.reportsUsageInStreams ? encodeUsage(tokens, plan) : {};
  yield { text: encodeEvent({ type: "message_delta", delta: endingOf(answer), ...total }), generatedTokens };
  yield { text: encodeEvent({ type: "message_stop" }), generatedTokens };
}

function thinkingEvents(context: AnswerContext, index: number): Event[] {
  const block = thinkingBlock(context, "", false);
  const signature = signatureOf(context.modelSeed);
  return [
    { type: "content_block_start", index, content_block: block },
    { type: "content_block_delta", index, delta: { type: "thinking_delta", thinking: THINKING_SUMMARY } },
    { type: "content_block_delta", index, delta: { type: "signature_delta", signature } },
    { type: "content_block_stop", index },
  ];
}

function blockOf(content: ChoiceContent): object | undefined {
  if (content.kind === "tool_call") {
    return { type: "tool_use", id: toolUseId(content.callId), name: content.toolName, input: {} };
  }
  return content.kind === "refusal" || content.text === "" ? undefined : { type: "text", text: "" };
}

function deltaOf(content: ChoiceContent, text: string): object {
  return content.kind === "tool_call" ? { type: "input_json_delta", partial_json: text } : { type: "text_delta", text };
}
