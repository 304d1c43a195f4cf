/**
 * Cohere's chat, version 1: lines of JSON, of which the last holds the whole answer again. And an answer of version 2 that
 * came whole where a stream was asked for, since both begin as JSON does.
 */
import { stopsToCut } from "../emulation/stop-sequences.ts";
import type { EventDecoder, FinishReason, ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { beginsWithJson, type NativeAnswers } from "../native-answers/native-answers.ts";
import { decodeCohereAnswer } from "./decode-answer.ts";
import { mostStopSequences } from "./parameters.ts";
import { readCohereUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const finishReasons: { readonly [finishReason: string]: FinishReason } = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  ERROR_TOXIC: "content_filter",
};

export const cohereFirstVersion: NativeAnswers = {
  isNative: beginsWithJson,
  framing: "rows",
  createDecoder: () => new FirstVersionDecoder(),
  stopsOf: (request) => stopsToCut(request, mostStopSequences),
};

class FirstVersionDecoder implements EventDecoder {
  #hasText = false;
  #toolCalls = 0;

  decode(event: Fields | null): readonly ModelEvent[] {
    if (event === null) return [malformed];
    switch (event["event_type"]) {
      case "stream-start":
        return [{ type: "start", id: textOrNull(event["generation_id"]), model: null }];
      case "text-generation":
        return this.#text(event["text"]);
      case "tool-calls-generation":
        return this.#calls(event["tool_calls"]);
      case "stream-end":
        return this.#end(isFields(event["response"]) ? event["response"] : {}, event["finish_reason"]);
      case undefined:
        return this.#readWhole(event);
      default:
        // Searches, citations and pieces of calls are told again at the end, or are no part of the answer.
        return [];
    }
  }

  /** An answer that did not come in events; without a text it is what this API answers when it fails. */
  #readWhole(answer: Fields): readonly ModelEvent[] {
    if (isFields(answer["message"])) return decodeCohereAnswer(answer);
    if (typeof answer["text"] !== "string") return [{ type: "failure", failure: classifyErrorObject(answer) }];
    return [
      { type: "start", id: textOrNull(answer["generation_id"]), model: null },
      ...this.#end(answer, answer["finish_reason"]),
    ];
  }

  #text(text: unknown): readonly ModelEvent[] {
    if (typeof text !== "string" || text === "") return [];
    this.#hasText = true;
    return [{ type: "text", text }];
  }

  /** They have no ids. */
  #calls(calls: unknown): readonly ModelEvent[] {
    if (!Array.isArray(calls) || this.#toolCalls > 0) return [];
    return calls.flatMap((call: unknown): ModelEvent[] => {
      if (!isFields(call) || typeof call["name"] !== "string") return [malformed];
      const index = this.#toolCalls++;
      return [
        { type: "tool_start", index, id: `${call["name"]}_${index}`, name: call["name"] },
        { type: "tool_arguments", index, fragment: JSON.stringify(call["parameters"] ?? {}) },
        { type: "tool_end", index },
      ];
    });
  }

  #end(response: Fields, told: unknown): readonly ModelEvent[] {
    const finish = told ?? response["finish_reason"];
    const usage = readCohereUsage(response["meta"]);
    const events = [
      ...(this.#hasText ? [] : this.#text(response["text"])),
      ...this.#calls(response["tool_calls"]),
      ...(usage === null ? [] : [{ type: "usage" as const, usage, serviceTier: null }]),
    ];
    const reason =
      typeof finish === "string" && Object.hasOwn(finishReasons, finish) ? finishReasons[finish] : undefined;
    if (reason === undefined) return [...events, { type: "failure", failure: classifyErrorObject({ code: 500 }) }];
    const isCall = reason === "stop" && this.#toolCalls > 0;
    return [...events, { type: "finish", reason: isCall ? "tool_calls" : reason, stopSequence: null }];
  }
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
