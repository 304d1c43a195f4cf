/**
 * DashScope's own API. Unless it was asked for increments (`incremental_output`), every event of a stream repeats all that
 * was said before.
 */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { beginsWithMember, type NativeAnswers } from "../native-answers/native-answers.ts";
import { qwenErrorMeanings } from "./error-meanings.ts";
import { openAiFinish } from "../openai/finish-reason.ts";
import { ToolCallReader } from "../openai/read-delta.ts";
import { readOpenAiUsage } from "../openai/read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };

export const qwenNativeAnswers: NativeAnswers = {
  isNative: beginsWithMember("output"),
  framing: "events",
  createDecoder: () => new DashScopeDecoder(),
};

class DashScopeDecoder implements EventDecoder {
  readonly #said = { text: "", reasoning: "" };
  /** By index, as the latest event has them: they are told when nothing can be added any more. */
  readonly #calls = new Map<number, Fields>();
  #hasStarted = false;

  decode(event: Fields | null): readonly ModelEvent[] {
    const output = event?.["output"];
    if (event === null || !isFields(output)) {
      return [event === null ? malformed : { type: "failure", failure: classifyErrorObject(event, qwenErrorMeanings) }];
    }
    const choice = Array.isArray(output["choices"]) ? (output["choices"][0] as unknown) : undefined;
    const { message, finish_reason: told } = isFields(choice) ? choice : { ...output, message: output };
    const said = isFields(message) ? message : {};
    return [
      ...this.#start(event),
      ...this.#grow("reasoning", textOf(said["reasoning_content"])),
      ...this.#grow("text", textOf(said["content"] ?? said["text"])),
      ...this.#keepCalls(said["tool_calls"]),
      ...readUsage(event["usage"]),
      ...this.#finish(told),
    ];
  }

  #start({ request_id: id }: Fields): readonly ModelEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: "start", id: typeof id === "string" ? id : null, model: null }];
  }

  #grow(type: "text" | "reasoning", told: string): readonly ModelEvent[] {
    const before = this.#said[type];
    const isRepeated = before !== "" && told.startsWith(before);
    const text = isRepeated ? told.slice(before.length) : told;
    this.#said[type] = before + text;
    return text === "" ? [] : [{ type, text }];
  }

  #keepCalls(calls: unknown): readonly ModelEvent[] {
    for (const [position, call] of (Array.isArray(calls) ? calls : []).entries()) {
      if (!isFields(call)) return [malformed];
      const index = typeof call["index"] === "number" ? call["index"] : position;
      this.#calls.set(index, mergeCall(this.#calls.get(index), call, index));
    }
    return [];
  }

  /** It says "null" until it has ended. */
  #finish(told: unknown): readonly ModelEvent[] {
    if (told === undefined || told === null || told === "null" || told === "") return [];
    const reason = typeof told === "string" ? openAiFinish(told) : undefined;
    if (reason === undefined) return [malformed];
    const reader = new ToolCallReader();
    const calls = [...this.#calls.values()].flatMap((call) => reader.read({ tool_calls: [call] }));
    const isCall = reason === "stop" && reader.count > 0;
    return [
      ...calls,
      ...reader.close(),
      { type: "finish", reason: isCall ? "tool_calls" : reason, stopSequence: null },
    ];
  }
}

/** Arguments that begin as those before are all of them; others go on from there. */
function mergeCall(before: Fields | undefined, call: Fields, index: number): Fields {
  const known = isFields(before?.["function"]) ? before["function"] : {};
  const called = isFields(call["function"]) ? call["function"] : {};
  const earlier = textOf(known["arguments"]);
  const given = textOf(called["arguments"]);
  return {
    index,
    id: call["id"] || before?.["id"],
    function: {
      name: called["name"] || known["name"],
      arguments: given.startsWith(earlier) ? given : earlier + given,
    },
  };
}

function readUsage(raw: unknown): readonly ModelEvent[] {
  if (!isFields(raw)) return [];
  const { input_tokens: input, output_tokens: output, total_tokens: total } = raw;
  const counts = {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: total,
    prompt_tokens_details: raw["prompt_tokens_details"] ?? raw["input_tokens_details"],
    completion_tokens_details: raw["output_tokens_details"],
  };
  const usage = readOpenAiUsage(counts, "chat", { reasoningIsOutside: false });
  return [{ type: "usage", usage, serviceTier: null }];
}

/** A text, or the texts of the parts that models with eyes answer. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!Array.isArray(value)) return "";
  return value.map((part: unknown) => (isFields(part) ? textOf(part["text"]) : "")).join("");
}
