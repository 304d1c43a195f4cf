/** Ollama's own API: lines of JSON, the last of which says that it is done. */
import type { EventDecoder, FinishReason, ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { beginsWithJson, type NativeAnswers } from "../native-answers/native-answers.ts";
import { usageOf } from "../operations/read-quantities.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
/** A model that was only loaded or unloaded has said nothing. */
const finishReasons: { readonly [reason: string]: FinishReason } = { stop: "stop", length: "length" };

export const ollamaNativeAnswers: NativeAnswers = {
  isNative: beginsWithJson,
  framing: "rows",
  createDecoder: () => new OllamaDecoder(),
};

class OllamaDecoder implements EventDecoder {
  #hasStarted = false;
  #toolCalls = 0;

  decode(line: Fields | null): readonly ModelEvent[] {
    if (line === null) return [malformed];
    if (line["error"] !== undefined) return [{ type: "failure", failure: classifyErrorObject(line) }];
    if (typeof line["done"] !== "boolean") return [malformed];
    const message = isFields(line["message"]) ? line["message"] : {};
    const calls: readonly unknown[] = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
    return [
      ...this.#start(line),
      ...textEvent("reasoning", message["thinking"] ?? line["thinking"]),
      ...textEvent("text", message["content"] ?? line["response"]),
      ...calls.flatMap((call) => this.#readCall(call)),
      ...(line["done"] ? this.#finish(line) : []),
    ];
  }

  #start({ model }: Fields): readonly ModelEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: "start", id: null, model: typeof model === "string" ? model : null }];
  }

  /** Calls come whole, and older servers give them no id. */
  #readCall(call: unknown): readonly ModelEvent[] {
    const called = isFields(call) ? call["function"] : undefined;
    if (!isFields(call) || !isFields(called) || typeof called["name"] !== "string") return [malformed];
    const index = this.#toolCalls++;
    const id = typeof call["id"] === "string" && call["id"] !== "" ? call["id"] : `call_${index}`;
    const given = called["arguments"];
    const fragment = typeof given === "string" && given !== "" ? given : JSON.stringify(given ?? {});
    return [
      { type: "tool_start", index, id, name: called["name"] },
      { type: "tool_arguments", index, fragment },
      { type: "tool_end", index },
    ];
  }

  #finish({ done_reason: told, prompt_eval_count: input, eval_count: output }: Fields): readonly ModelEvent[] {
    // A prompt that the server still had is not counted again.
    const usage = output === undefined ? null : usageOf({ input, output });
    const isKnown = typeof told === "string" && Object.hasOwn(finishReasons, told);
    const reason = told === undefined ? "stop" : isKnown ? finishReasons[told] : undefined;
    if (reason === undefined) return [malformed];
    return [
      ...(usage === null ? [] : [{ type: "usage" as const, usage, serviceTier: null }]),
      { type: "finish", reason: reason === "stop" && this.#toolCalls > 0 ? "tool_calls" : reason, stopSequence: null },
      { type: "end" },
    ];
  }
}

function textEvent(type: "text" | "reasoning", text: unknown): readonly ModelEvent[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : [];
}
