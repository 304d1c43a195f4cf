/** Reads responses into the event model. A stream is a row of responses, each with the parts that are new. */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { finishReasons } from "./finish-reasons.ts";
import { GeminiUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const blocked: ModelEvent = { type: "failure", failure: classifyErrorObject({ code: "content_filter" }) };

export class GeminiDecoder implements EventDecoder {
  readonly #usage = new GeminiUsage();
  #responseId: string | null = null;
  #hasStarted = false;
  #toolCalls = 0;

  decode(response: Fields | null): readonly ModelEvent[] {
    if (response === null) return [malformed];
    if (isFields(response["error"])) return [{ type: "failure", failure: classifyErrorObject(response["error"]) }];
    const { candidates, promptFeedback, usageMetadata } = response;
    const events: ModelEvent[] = [];
    if (!this.#hasStarted) {
      if (candidates === undefined && promptFeedback === undefined && usageMetadata === undefined) return [malformed];
      this.#hasStarted = true;
      this.#responseId = textOrNull(response["responseId"]);
      events.push({ type: "start", id: this.#responseId, model: textOrNull(response["modelVersion"]) });
    }
    this.#usage.add(usageMetadata);
    const usage = this.#usage.reading();
    if (usage !== null) events.push({ type: "usage", usage, serviceTier: null });
    const candidate = Array.isArray(candidates) ? (candidates[0] as unknown) : undefined;
    if (isFields(candidate)) events.push(...this.#readCandidate(candidate));
    else if (isFields(promptFeedback) && promptFeedback["blockReason"] !== undefined) events.push(blocked);
    return events;
  }

  #readCandidate({ content, finishReason }: Fields): readonly ModelEvent[] {
    const parts: readonly unknown[] = isFields(content) && Array.isArray(content["parts"]) ? content["parts"] : [];
    const events = parts.flatMap((part) => (isFields(part) ? this.#readPart(part) : [malformed]));
    if (finishReason === undefined || finishReason === null) return events;
    const mapped =
      typeof finishReason === "string" && Object.hasOwn(finishReasons, finishReason)
        ? finishReasons[finishReason]
        : undefined;
    if (mapped === undefined) return [...events, malformed];
    const reason = mapped === "stop" && this.#toolCalls > 0 ? "tool_calls" : mapped;
    return [...events, { type: "finish", reason, stopSequence: null }];
  }

  #readPart(part: Fields): readonly ModelEvent[] {
    const { text, functionCall, thoughtSignature } = part;
    if (isFields(functionCall)) return this.#readCall(functionCall, thoughtSignature);
    const events: ModelEvent[] = [];
    if (typeof text === "string" && text !== "") {
      events.push({ type: part["thought"] === true ? "reasoning" : "text", text });
    }
    return [...events, ...signature(thoughtSignature)];
  }

  /** Calls come whole. An id is made up where there is none: later messages refer to the call by it. */
  #readCall({ id, name, args }: Fields, thoughtSignature: unknown): readonly ModelEvent[] {
    if (typeof name !== "string") return [malformed];
    const index = this.#toolCalls++;
    const callId = typeof id === "string" && id !== "" ? id : `call_${this.#responseId ?? "0"}_${index}`;
    const fragment = isFields(args) ? JSON.stringify(args) : "{}";
    return [
      { type: "tool_start", index, id: callId, name },
      { type: "tool_arguments", index, fragment },
      { type: "tool_end", index },
      ...signature(thoughtSignature, callId),
    ];
  }
}

function signature(data: unknown, callId?: string): readonly ModelEvent[] {
  if (typeof data !== "string") return [];
  const call = callId === undefined ? {} : { tool_call_id: callId };
  return [{ type: "sealed_reasoning", block: { type: "thought_signature", format: "google-gemini", data, ...call } }];
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
