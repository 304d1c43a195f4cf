/** Reads responses into the event model. A stream is a row of responses, each with the parts that are new. */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { citationEvent, fieldsIn } from "../events/read-citation.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { finishReasons } from "./finish-reasons.ts";
import { PartialArguments } from "./partial-arguments.ts";
import { logprobEvents } from "./read-logprobs.ts";
import { GeminiUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const blocked: ModelEvent = { type: "failure", failure: classifyErrorObject({ code: "content_filter" }) };

export class GeminiDecoder implements EventDecoder {
  readonly #usage = new GeminiUsage();
  #responseId: string | null = null;
  #hasStarted = false;
  #toolCalls = 0;
  #sources = 0;
  /** Arguments of the call that is yet to be continued. */
  #partial: PartialArguments | null = null;
  /** What that call's first piece was signed with: it follows the call. */
  #signature: readonly ModelEvent[] = [];

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
    if (usage !== null) events.push({ type: "usage", usage, serviceTier: this.#usage.serviceTier });
    const candidate = Array.isArray(candidates) ? (candidates[0] as unknown) : undefined;
    if (isFields(candidate)) events.push(...this.#readCandidate(candidate));
    else if (isFields(promptFeedback) && promptFeedback["blockReason"] !== undefined) events.push(blocked);
    return events;
  }

  #readCandidate({ content, finishReason, groundingMetadata, logprobsResult }: Fields): readonly ModelEvent[] {
    const parts: readonly unknown[] = isFields(content) && Array.isArray(content["parts"]) ? content["parts"] : [];
    const events = [...logprobEvents(logprobsResult)];
    events.push(...parts.flatMap((part) => (isFields(part) ? this.#readPart(part) : [malformed])));
    events.push(...this.#readSources(groundingMetadata));
    if (finishReason === undefined || finishReason === null) return events;
    // The last piece of a call may only be announced, and never come.
    events.push(...this.#closeCall());
    const mapped =
      typeof finishReason === "string" && Object.hasOwn(finishReasons, finishReason)
        ? finishReasons[finishReason]
        : undefined;
    if (mapped === undefined) return [...events, malformed];
    const reason = mapped === "stop" && this.#toolCalls > 0 ? "tool_calls" : mapped;
    return [...events, { type: "finish", reason, stopSequence: null }];
  }

  /** The pages, places and documents that an answer is grounded in. Streams repeat them, sometimes with more. */
  #readSources(metadata: unknown): readonly ModelEvent[] {
    const chunks = fieldsIn(isFields(metadata) ? metadata["groundingChunks"] : undefined);
    const fresh = chunks.slice(this.#sources);
    this.#sources = Math.max(this.#sources, chunks.length);
    return fresh.flatMap(({ web, maps, retrievedContext }) => {
      const source = [web, maps, retrievedContext].find(isFields);
      return source === undefined
        ? []
        : [citationEvent({ url: source["uri"], title: source["title"], text: source["text"] })];
    });
  }

  #readPart(part: Fields): readonly ModelEvent[] {
    const { text, functionCall, thoughtSignature, inlineData } = part;
    if (isFields(functionCall)) return this.#readCall(functionCall, thoughtSignature);
    const isThought = part["thought"] === true;
    const events: ModelEvent[] = [];
    if (typeof text === "string" && text !== "") events.push({ type: isThought ? "reasoning" : "text", text });
    // Drafts of a picture are thoughts, which nobody asked to see.
    if (isFields(inlineData) && !isThought) events.push(...readMedia(inlineData));
    return [...events, ...signature(thoughtSignature)];
  }

  /** Calls come whole, or in pieces of which only the first has a name. */
  #readCall(call: Fields, thoughtSignature: unknown): readonly ModelEvent[] {
    const { name, args, partialArgs, willContinue } = call;
    if (typeof name === "string" && name !== "") {
      const closed = this.#closeCall();
      const started = this.#startCall(call, name, thoughtSignature);
      const isWhole = willContinue !== true && partialArgs === undefined;
      if (isWhole) return [...closed, ...started, ...this.#endCall(isFields(args) ? JSON.stringify(args) : "{}")];
      this.#partial = new PartialArguments();
      return [...closed, ...started, ...this.#continueCall(call)];
    }
    if (this.#partial !== null) return this.#continueCall(call);
    // The end of a call may be told once more.
    return args === undefined && partialArgs === undefined ? [] : [malformed];
  }

  /** An id is made up where there is none: later messages refer to the call by it. */
  #startCall({ id }: Fields, name: string, thoughtSignature: unknown): readonly ModelEvent[] {
    const index = this.#toolCalls++;
    const callId = typeof id === "string" && id !== "" ? id : `call_${this.#responseId ?? "0"}_${index}`;
    this.#signature = signature(thoughtSignature, callId);
    return [{ type: "tool_start", index, id: callId, name }];
  }

  #continueCall({ partialArgs, willContinue }: Fields): readonly ModelEvent[] {
    if (this.#partial?.add(partialArgs) !== true) return [malformed];
    return willContinue === true ? [] : this.#closeCall();
  }

  #closeCall(): readonly ModelEvent[] {
    const partial = this.#partial;
    this.#partial = null;
    if (partial === null) return [];
    return partial.isCut ? [malformed] : this.#endCall(partial.toJson());
  }

  #endCall(fragment: string): readonly ModelEvent[] {
    const index = this.#toolCalls - 1;
    return [{ type: "tool_arguments", index, fragment }, { type: "tool_end", index }, ...this.#signature];
  }
}

function readMedia({ mimeType, data }: Fields): readonly ModelEvent[] {
  const isMedia = typeof mimeType === "string" && typeof data === "string";
  return isMedia ? [{ type: "media", mediaType: mimeType, data }] : [];
}

function signature(data: unknown, callId?: string): readonly ModelEvent[] {
  if (typeof data !== "string") return [];
  const call = callId === undefined ? {} : { tool_call_id: callId };
  return [{ type: "sealed_reasoning", block: { type: "thought_signature", format: "google-gemini", data, ...call } }];
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
