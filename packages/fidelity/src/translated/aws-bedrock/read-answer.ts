/** Reads answers of Converse and the events of ConverseStream. */
import type { Json } from "../../comparison/json-differences.ts";
import { at, listAt, numberAt, textAt } from "../../comparison/json-members.ts";
import { readBody } from "../../comparison/read-body.ts";
import type { Answer } from "../../exchange.ts";
import { type AnswerMeaning, parseArguments, type UsageMeaning } from "../answer-meaning.ts";
import { readFrames } from "./read-frames.ts";

const finishes: { readonly [stopReason: string]: string } = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
  refusal: "content_filter",
};

export function readConverse({ contentType, body }: Answer): AnswerMeaning {
  return contentType.startsWith("application/vnd.amazon.eventstream")
    ? readStream(body)
    : readWhole(readBody(contentType, body));
}

function readWhole(answer: Json): AnswerMeaning {
  const blocks = listAt(answer, "output", "message", "content");
  return {
    text: blocks.map((block) => textAt(block, "text")).join(""),
    reasoning: blocks.map((block) => textAt(block, "reasoningContent", "reasoningText", "text")).join(""),
    refusal: "",
    toolCalls: blocks
      .map((block) => at(block, "toolUse"))
      .filter((call) => call !== undefined)
      .map((call) => ({
        id: textAt(call, "toolUseId"),
        name: textAt(call, "name"),
        arguments: at(call, "input") ?? {},
      })),
    finish: finishOf(textAt(answer, "stopReason")),
    usage: usageOf(at(answer, "usage")),
  };
}

function readStream(body: string): AnswerMeaning {
  const events = readFrames(body).map(({ type, payload }) => ({ type, data: readBody("", payload) }));
  const ofType = (type: string) => events.filter((event) => event.type === type).map(({ data }) => data);
  const deltas = ofType("contentBlockDelta");
  const joined = (...path: readonly string[]) => deltas.map((delta) => textAt(delta, "delta", ...path)).join("");
  const calls = ofType("contentBlockStart").filter((start) => at(start, "start", "toolUse") !== undefined);
  return {
    text: joined("text"),
    reasoning: joined("reasoningContent", "text"),
    refusal: "",
    toolCalls: calls.map((start) => {
      const index = numberAt(start, "contentBlockIndex");
      const pieces = deltas.filter((delta) => numberAt(delta, "contentBlockIndex") === index);
      return {
        id: textAt(start, "start", "toolUse", "toolUseId"),
        name: textAt(start, "start", "toolUse", "name"),
        arguments: parseArguments(pieces.map((piece) => textAt(piece, "delta", "toolUse", "input")).join("")),
      };
    }),
    finish: finishOf(textAt(ofType("messageStop").at(-1), "stopReason")),
    usage: usageOf(at(ofType("metadata").at(-1), "usage")),
  };
}

function finishOf(stopReason: string): string | null {
  return stopReason === "" ? null : (finishes[stopReason] ?? stopReason);
}

/** What came from the cache, and what was written to it, are not part of the input. */
function usageOf(usage: Json | undefined): UsageMeaning | null {
  if (at(usage, "outputTokens") === undefined) return null;
  const cachedInput = numberAt(usage, "cacheReadInputTokens");
  return {
    input: numberAt(usage, "inputTokens") + cachedInput + numberAt(usage, "cacheWriteInputTokens"),
    cachedInput,
    output: numberAt(usage, "outputTokens"),
  };
}
