import type { Answer } from "../../answer/answer.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { callOf, encodeUsage, finishReasonOf, THOUGHT, TOOL_PLAN } from "./chat.ts";

type Event = Readonly<Record<string, unknown>> & { readonly type: string };

export function encodeEvent(event: Event): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

/** The events of a streamed answer: thinking, text, plan and call, each begun, grown and ended; then the end with usage. */
export function* encodeChatStream(answer: Answer, context: AnswerContext): Generator<AnswerChunk> {
  const { plan } = context;
  const { tokens } = answer;
  let generatedTokens = 0;
  const chunk = (event: Event): AnswerChunk => ({ text: encodeEvent(event), generatedTokens });
  const empty = { role: "assistant", content: [], tool_plan: "", tool_calls: [], citations: [] };
  yield chunk({ type: "message-start", id: context.callId, delta: { message: empty } });

  generatedTokens = tokens.reasoning;
  let index = 0;
  if (tokens.reasoning > 0) {
    yield chunk(contentEvent("content-start", index, { type: "thinking", thinking: "" }));
    yield chunk(contentEvent("content-delta", index, { thinking: THOUGHT }));
    yield chunk({ type: "content-end", index });
    index += 1;
  }
  const content = answer.choices[0]?.content;
  if (content?.kind === "tool_call") {
    yield chunk({ type: "tool-plan-delta", delta: { message: { tool_plan: TOOL_PLAN } } });
    const call = callOf(content.callId, content.toolName, "");
    yield chunk({ type: "tool-call-start", index: 0, delta: { message: { tool_calls: call } } });
    for (const piece of splitByTokens(content.text, plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      const grown = { function: { arguments: piece.text } };
      yield chunk({ type: "tool-call-delta", index: 0, delta: { message: { tool_calls: grown } } });
    }
    yield chunk({ type: "tool-call-end", index: 0 });
  } else if (content !== undefined && content.text !== "") {
    yield chunk(contentEvent("content-start", index, { type: "text", text: "" }));
    for (const piece of splitByTokens(content.text, plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      yield chunk(contentEvent("content-delta", index, { text: piece.text }));
    }
    yield chunk({ type: "content-end", index });
  }

  const usage = plan.reportsUsageInStreams ? encodeUsage(tokens, plan) : {};
  yield chunk({ type: "message-end", delta: { finish_reason: finishReasonOf(answer), ...usage } });
  yield { text: "data: [DONE]\n\n", generatedTokens };
}

function contentEvent(type: string, index: number, content: object): Event {
  return { type, index, delta: { message: { content } } };
}
