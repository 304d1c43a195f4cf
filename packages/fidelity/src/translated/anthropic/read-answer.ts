/** Reads messages and their streams. Format: https://platform.claude.com/docs/en/build-with-claude/streaming */
import { isArray, type Json } from "../../comparison/json-differences.ts";
import { at, listAt, numberAt, textAt } from "../../comparison/json-members.ts";
import { readBody } from "../../comparison/read-body.ts";
import type { Answer } from "../../exchange.ts";
import { type AnswerMeaning, parseArguments, type UsageMeaning } from "../answer-meaning.ts";

const finishes: { readonly [stopReason: string]: string } = {
  end_turn: "stop",
  stop_sequence: "stop",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  tool_use: "tool_calls",
  refusal: "content_filter",
};

export function readMessage({ contentType, body }: Answer): AnswerMeaning {
  const read = readBody(contentType, body);
  return meaningOf(isArray(read) ? assemble(read.map((event) => at(event, "data"))) : read);
}

function meaningOf(message: Json): AnswerMeaning {
  const blocks = listAt(message, "content");
  const joined = (type: string, member: string) =>
    blocks
      .filter((block) => textAt(block, "type") === type)
      .map((block) => textAt(block, member))
      .join("");
  const stopReason = textAt(message, "stop_reason");
  return {
    text: joined("text", "text"),
    reasoning: joined("thinking", "thinking"),
    refusal: textAt(message, "stop_details", "explanation"),
    toolCalls: blocks
      .filter((block) => textAt(block, "type") === "tool_use")
      .map((block) => ({
        id: textAt(block, "id"),
        name: textAt(block, "name"),
        arguments: at(block, "input") ?? {},
      })),
    finish: stopReason === "" ? null : (finishes[stopReason] ?? stopReason),
    usage: usageOf(at(message, "usage")),
  };
}

/** The input without what was read from the cache, and without what was written to it. */
function usageOf(usage: Json | undefined): UsageMeaning | null {
  if (at(usage, "output_tokens") === undefined) return null;
  const cachedInput = numberAt(usage, "cache_read_input_tokens");
  const written = numberAt(usage, "cache_creation_input_tokens");
  return {
    input: numberAt(usage, "input_tokens") + cachedInput + written,
    cachedInput,
    output: numberAt(usage, "output_tokens"),
  };
}

/** The message that a stream amounts to; its last report of usage adds to the first and replaces what it repeats. */
function assemble(events: readonly (Json | undefined)[]): Json {
  const ofType = (type: string) => events.filter((event) => textAt(event, "type") === type);
  const start = at(ofType("message_start")[0], "message") ?? {};
  const end = ofType("message_delta").at(-1);
  const content = ofType("content_block_start").map((event) => {
    const index = numberAt(event, "index");
    const deltas = ofType("content_block_delta").filter((delta) => numberAt(delta, "index") === index);
    const joined = (member: string) => deltas.map((delta) => textAt(delta, "delta", member)).join("");
    return {
      type: textAt(event, "content_block", "type"),
      id: textAt(event, "content_block", "id"),
      name: textAt(event, "content_block", "name"),
      text: textAt(event, "content_block", "text") + joined("text"),
      thinking: textAt(event, "content_block", "thinking") + joined("thinking"),
      input: parseArguments(joined("partial_json")),
    };
  });
  return {
    content,
    stop_reason: textAt(end, "delta", "stop_reason"),
    stop_details: at(end, "delta", "stop_details") ?? null,
    usage: { ...objectAt(start, "usage"), ...objectAt(end, "usage") },
  };
}

function objectAt(value: Json | undefined, name: string): object {
  const found = at(value, name);
  return typeof found === "object" && found !== null ? found : {};
}
