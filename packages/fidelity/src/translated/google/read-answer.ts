/** Reads responses of `generateContent` and their streams, each event of which is a response of its own. */
import { isArray, type Json } from "../../comparison/json-differences.ts";
import { at, listAt, numberAt, textAt } from "../../comparison/json-members.ts";
import { readBody } from "../../comparison/read-body.ts";
import type { Answer } from "../../exchange.ts";
import type { AnswerMeaning, UsageMeaning } from "../answer-meaning.ts";

const filters = ["SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII", "LANGUAGE", "MODEL_ARMOR"];

export function readContent({ contentType, body }: Answer): AnswerMeaning {
  const read = readBody(contentType, body);
  const responses: readonly Json[] = isArray(read) ? read.map((event) => at(event, "data") ?? null) : [read];
  const parts = responses.flatMap((response) => listAt(response, "candidates", 0, "content", "parts"));
  const texts = (isThought: boolean) =>
    parts
      .filter((part) => (at(part, "thought") === true) === isThought)
      .map((part) => textAt(part, "text"))
      .join("");
  const toolCalls = parts
    .map((part) => at(part, "functionCall"))
    .filter((call) => call !== undefined)
    .map((call) => ({ id: textAt(call, "id") || null, name: textAt(call, "name"), arguments: at(call, "args") ?? {} }));
  const finish = responses
    .map((response) => textAt(response, "candidates", 0, "finishReason"))
    .findLast((reason) => reason !== "");
  return {
    text: texts(false),
    reasoning: texts(true),
    refusal: "",
    toolCalls,
    finish: finishOf(finish, toolCalls.length > 0),
    usage: usageOf(responses.map((response) => at(response, "usageMetadata")).findLast((usage) => usage !== undefined)),
  };
}

/** An answer that calls a function ends like any other. */
function finishOf(reason: string | undefined, hasCalls: boolean): string | null {
  if (reason === undefined) return null;
  if (reason === "STOP") return hasCalls ? "tool_calls" : "stop";
  if (reason === "MAX_TOKENS") return "length";
  return filters.includes(reason) || reason.startsWith("IMAGE_") ? "content_filter" : reason;
}

/** Thoughts stand beside the candidates, prompts of tools beside the prompt. */
function usageOf(usage: Json | undefined): UsageMeaning | null {
  if (at(usage, "promptTokenCount") === undefined) return null;
  return {
    input: numberAt(usage, "promptTokenCount") + numberAt(usage, "toolUsePromptTokenCount"),
    cachedInput: numberAt(usage, "cachedContentTokenCount"),
    output: numberAt(usage, "candidatesTokenCount") + numberAt(usage, "thoughtsTokenCount"),
  };
}
