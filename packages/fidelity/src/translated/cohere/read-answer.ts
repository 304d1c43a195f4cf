/** Reads answers of Cohere's chat. Format of its streams: https://docs.cohere.com/v2/docs/streaming */
import { isArray, type Json } from "../../comparison/json-differences.ts";
import { at, listAt, numberAt, textAt } from "../../comparison/json-members.ts";
import { readBody } from "../../comparison/read-body.ts";
import type { Answer } from "../../exchange.ts";
import { type AnswerMeaning, type CallMeaning, parseArguments, type UsageMeaning } from "../answer-meaning.ts";

const finishes: { readonly [finishReason: string]: string } = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool_calls",
};

/** What a model plans before it calls tools is part of its reasoning. */
export function readChat({ contentType, body }: Answer): AnswerMeaning {
  const read = readBody(contentType, body);
  return isArray(read) ? readStream(read.map((event) => at(event, "data"))) : readWhole(read);
}

function readWhole(answer: Json): AnswerMeaning {
  const message = at(answer, "message");
  const blocks = listAt(message, "content");
  const joined = (member: string) => blocks.map((block) => textAt(block, member)).join("");
  return {
    text: joined("text"),
    reasoning: textAt(message, "tool_plan") + joined("thinking"),
    refusal: "",
    toolCalls: listAt(message, "tool_calls").map((call) => callOf(call, textAt(call, "function", "arguments"))),
    finish: finishOf(textAt(answer, "finish_reason")),
    usage: usageOf(at(answer, "usage")),
  };
}

function readStream(events: readonly (Json | undefined)[]): AnswerMeaning {
  const ofType = (type: string) => events.filter((event) => textAt(event, "type") === type);
  const said = events.map((event) => at(event, "delta", "message"));
  const end = at(ofType("message-end").at(-1), "delta");
  return {
    text: said.map((message) => textAt(message, "content", "text")).join(""),
    reasoning: said.map((message) => textAt(message, "content", "thinking") + textAt(message, "tool_plan")).join(""),
    refusal: "",
    toolCalls: ofType("tool-call-start").map((start) => {
      const index = numberAt(start, "index");
      const grown = [start, ...ofType("tool-call-delta").filter((delta) => numberAt(delta, "index") === index)];
      const path = ["delta", "message", "tool_calls", "function", "arguments"] as const;
      return callOf(at(start, "delta", "message", "tool_calls"), grown.map((event) => textAt(event, ...path)).join(""));
    }),
    finish: finishOf(textAt(end, "finish_reason")),
    usage: usageOf(at(end, "usage")),
  };
}

/** A call without arguments may say `null`. */
function callOf(call: Json | undefined, text: string): CallMeaning {
  return {
    id: textAt(call, "id"),
    name: textAt(call, "function", "name"),
    arguments: parseArguments(text) ?? {},
  };
}

function finishOf(reason: string): string | null {
  return reason === "" ? null : (finishes[reason] ?? reason);
}

/** What is billed counts; what was read may be far more. */
function usageOf(usage: Json | undefined): UsageMeaning | null {
  if (at(usage, "billed_units") === undefined) return null;
  return {
    input: numberAt(usage, "billed_units", "input_tokens"),
    cachedInput: numberAt(usage, "cached_tokens"),
    output: numberAt(usage, "billed_units", "output_tokens"),
  };
}
