/** Reads what a client of chat completions got. Format: OpenAI's reference of chat completions and its streams. */
import { isArray, type Json } from "../comparison/json-differences.ts";
import { at, listAt, numberAt, textAt } from "../comparison/json-members.ts";
import { readBody } from "../comparison/read-body.ts";
import type { Answer } from "../exchange.ts";
import { type AnswerMeaning, type CallMeaning, parseArguments, type UsageMeaning } from "./answer-meaning.ts";

/** What the first choice of a chat completion says, whole or streamed. */
export function readChatAnswer({ contentType, body }: Answer): AnswerMeaning {
  const read = readBody(contentType, body);
  return isArray(read) ? readStream(read.map((event) => at(event, "data"))) : readWhole(read);
}

function readWhole(body: Json): AnswerMeaning {
  const choice = at(body, "choices", 0);
  const message = at(choice, "message");
  return {
    text: textAt(message, "content"),
    reasoning: textAt(message, "reasoning_content"),
    refusal: textAt(message, "refusal"),
    toolCalls: listAt(message, "tool_calls").map(callOf),
    finish: textAt(choice, "finish_reason") || null,
    usage: readUsage(at(body, "usage")),
  };
}

function readStream(chunks: readonly (Json | undefined)[]): AnswerMeaning {
  const deltas = chunks.map((chunk) => at(chunk, "choices", 0, "delta"));
  const joined = (name: string) => deltas.map((delta) => textAt(delta, name)).join("");
  const finishes = chunks.map((chunk) => textAt(chunk, "choices", 0, "finish_reason"));
  return {
    text: joined("content"),
    reasoning: joined("reasoning_content"),
    refusal: joined("refusal"),
    toolCalls: joinCalls(deltas),
    finish: finishes.findLast((finish) => finish !== "") ?? null,
    usage: readUsage(
      chunks.map((chunk) => at(chunk, "usage")).findLast((usage) => usage !== undefined && usage !== null),
    ),
  };
}

/** Fragments of one call have its index; the first of them its id and name. */
function joinCalls(deltas: readonly (Json | undefined)[]): CallMeaning[] {
  const fragments = deltas.flatMap((delta) => listAt(delta, "tool_calls"));
  const byIndex = Map.groupBy(fragments, (fragment) => numberAt(fragment, "index"));
  return [...byIndex.values()].map((parts) => {
    const joined = (...path: readonly string[]) => parts.map((part) => textAt(part, ...path)).join("");
    return {
      id: parts.map((part) => textAt(part, "id")).find((id) => id !== "") ?? null,
      name: joined("function", "name"),
      arguments: parseArguments(joined("function", "arguments")),
    };
  });
}

function callOf(call: Json): CallMeaning {
  return {
    id: textAt(call, "id") || null,
    name: textAt(call, "function", "name"),
    arguments: parseArguments(textAt(call, "function", "arguments")),
  };
}

function readUsage(usage: Json | undefined): UsageMeaning | null {
  if (at(usage, "prompt_tokens") === undefined) return null;
  return {
    input: numberAt(usage, "prompt_tokens"),
    cachedInput: numberAt(usage, "prompt_tokens_details", "cached_tokens"),
    output: numberAt(usage, "completion_tokens"),
  };
}
