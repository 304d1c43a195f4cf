/** Reads the events of a stream into the event model. */
import type { EventDecoder, FinishReason, ModelEvent } from "../events/model-event.ts";
import { citationEvent, fieldsIn } from "../events/read-citation.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readCohereUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const none: Fields = {};

/** ERROR, TIMEOUT and whatever nobody knows are missing: no good endings (wire formats 1.5). */
const finishReasons: { readonly [finishReason: string]: FinishReason } = {
  COMPLETE: "stop",
  STOP_SEQUENCE: "stop",
  MAX_TOKENS: "length",
  TOOL_CALL: "tool_calls",
};

export class CohereDecoder implements EventDecoder {
  #hasStarted = false;
  #toolCalls = 0;
  /** Arguments of the open call that may still turn out to be `null`, which means none; null while no call is open. */
  #held: string | null = null;
  #hasArguments = false;

  decode(event: Fields | null): readonly ModelEvent[] {
    if (event === null) return [malformed];
    const delta = fieldsOf(event["delta"]);
    const message = fieldsOf(delta["message"]);
    switch (event["type"]) {
      case "message-start":
        return this.#start(event["id"]);
      case "content-start":
      case "content-delta":
        return readContent(fieldsOf(message["content"]));
      case "citation-start":
        return readCitation(fieldsOf(message["citations"]));
      case "tool-plan-delta":
        return text("reasoning", message["tool_plan"]);
      case "tool-call-start":
        return this.#openCall(fieldsOf(message["tool_calls"]));
      case "tool-call-delta":
        return this.#addArguments(fieldsOf(fieldsOf(message["tool_calls"])["function"])["arguments"]);
      case "tool-call-end":
        return this.#closeCall();
      case "message-end":
        return this.#end(delta);
      default:
        // Without a type it is what this API answers when it fails; what else there may be is no part of the answer.
        return event["type"] === undefined ? [{ type: "failure", failure: classifyErrorObject(event) }] : [];
    }
  }

  #start(id: unknown): readonly ModelEvent[] {
    if (this.#hasStarted) return [malformed];
    this.#hasStarted = true;
    return [{ type: "start", id: typeof id === "string" ? id : null, model: null }];
  }

  #openCall({ id, function: called }: Fields): readonly ModelEvent[] {
    const { name, arguments: begun } = fieldsOf(called);
    if (typeof name !== "string" || typeof id !== "string") return [malformed];
    const closed = this.#closeCall();
    this.#held = "";
    this.#hasArguments = false;
    const index = this.#toolCalls++;
    return [...closed, { type: "tool_start", index, id, name }, ...this.#addArguments(begun)];
  }

  #addArguments(fragment: unknown): readonly ModelEvent[] {
    if (this.#held === null || typeof fragment !== "string" || fragment === "") return [];
    this.#held += fragment;
    if (!this.#hasArguments && "null".startsWith(this.#held)) return [];
    const ready = this.#held;
    this.#held = "";
    this.#hasArguments = true;
    return [{ type: "tool_arguments", index: this.#toolCalls - 1, fragment: ready }];
  }

  #closeCall(): readonly ModelEvent[] {
    if (this.#held === null) return [];
    const index = this.#toolCalls - 1;
    const missing = this.#hasArguments ? "" : this.#held === "null" || this.#held === "" ? "{}" : this.#held;
    this.#held = null;
    return [
      ...(missing === "" ? [] : [{ type: "tool_arguments" as const, index, fragment: missing }]),
      { type: "tool_end", index },
    ];
  }

  #end({ finish_reason: finish, usage: raw, error }: Fields): readonly ModelEvent[] {
    const usage = readCohereUsage(raw);
    const events: ModelEvent[] = [
      ...(this.#hasStarted ? [] : [malformed]),
      ...(usage === null ? [] : [{ type: "usage" as const, usage, serviceTier: null }]),
    ];
    if (error !== undefined && error !== null) {
      return [...events, { type: "failure", failure: classifyErrorObject(error) }];
    }
    if (finish === "ERROR" || finish === "TIMEOUT") {
      return [...events, { type: "failure", failure: classifyErrorObject({ code: finish === "TIMEOUT" ? 504 : 500 }) }];
    }
    const reason =
      typeof finish === "string" && Object.hasOwn(finishReasons, finish) ? finishReasons[finish] : undefined;
    if (reason === undefined) return [...events, malformed];
    const told = reason === "stop" && this.#toolCalls > 0 ? "tool_calls" : reason;
    return [...events, ...this.#closeCall(), { type: "finish", reason: told, stopSequence: null }];
  }
}

/** Of its first source; the others say the same. */
function readCitation({ start, end, text: cited, sources }: Fields): readonly ModelEvent[] {
  const [source] = fieldsIn(sources);
  const document = fieldsOf(source?.["document"]);
  const { url, title, id, text: words } = document;
  return [citationEvent({ url, title: title ?? id, text: words ?? cited, start, end })];
}

function readContent({ text: said, thinking }: Fields): readonly ModelEvent[] {
  return [...text("reasoning", thinking), ...text("text", said)];
}

function text(type: "text" | "reasoning", value: unknown): readonly ModelEvent[] {
  return typeof value === "string" && value !== "" ? [{ type, text: value }] : [];
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : none;
}
