import type { Answer, ChoiceContent } from "../../answer/answer.ts";
import { splitByTokens } from "../../text/count-tokens.ts";
import type { AnswerChunk, AnswerContext } from "../wire-format.ts";
import { encodeUsage, signatureOf, stopReasonOf, THOUGHT, toolUseId } from "./converse.ts";
import { encodeFrame } from "./event-frame.ts";

const PADDING = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const LATENCY_MS = 1;

/** A frame with an event of the stream. Padding hides how long what it says is. */
export function encodeEvent(type: string, payload: object): Buffer {
  const json = JSON.stringify(payload);
  const padded = JSON.stringify({ ...payload, p: PADDING.slice(0, (json.length * 7) % PADDING.length) });
  return encodeFrame({ ":event-type": type, ":content-type": "application/json", ":message-type": "event" }, padded);
}

/** A frame with a failure; nothing follows it. */
export function encodeException(type: string, message: string): Buffer {
  const headers = { ":exception-type": type, ":content-type": "application/json", ":message-type": "exception" };
  return encodeFrame(headers, JSON.stringify({ message }));
}

/**
 * The events of a streamed answer: its start, each block with its pieces, why it stopped, and what was used. Only calls
 * of tools have an event for their start.
 */
export function* encodeConverseStream(answer: Answer, context: AnswerContext): Generator<AnswerChunk> {
  const { plan } = context;
  const { tokens } = answer;
  let generatedTokens = 0;
  let contentBlockIndex = 0;
  const chunk = (type: string, payload: object): AnswerChunk => ({ text: encodeEvent(type, payload), generatedTokens });
  const delta = (content: object): AnswerChunk => chunk("contentBlockDelta", { contentBlockIndex, delta: content });
  yield chunk("messageStart", { role: "assistant" });

  generatedTokens = tokens.reasoning;
  if (tokens.reasoning > 0) {
    yield delta({ reasoningContent: { text: THOUGHT } });
    yield delta({ reasoningContent: { signature: signatureOf(context) } });
    yield chunk("contentBlockStop", { contentBlockIndex });
    contentBlockIndex += 1;
  }
  for (const { content } of answer.choices) {
    if (content.text === "" && content.kind !== "tool_call") continue;
    if (content.kind === "tool_call") {
      const toolUse = { name: content.toolName, toolUseId: toolUseId(content.callId), type: "tool_use" };
      yield chunk("contentBlockStart", { contentBlockIndex, start: { toolUse } });
    }
    for (const piece of splitByTokens(content.text, plan.chunkTokens)) {
      generatedTokens += piece.tokens;
      yield delta(deltaOf(content, piece.text));
    }
    yield chunk("contentBlockStop", { contentBlockIndex });
    contentBlockIndex += 1;
  }
  yield chunk("messageStop", { stopReason: stopReasonOf(answer) });
  const usage = plan.reportsUsageInStreams ? encodeUsage(tokens, plan) : {};
  yield chunk("metadata", { metrics: { latencyMs: LATENCY_MS }, ...usage });
}

function deltaOf(content: ChoiceContent, text: string): object {
  return content.kind === "tool_call" ? { toolUse: { input: text } } : { text };
}
