/** Reads messages and their event streams into the event model. Whatever comes, it answers with events. */
import type { EventDecoder, ModelEvent, SealedReasoning } from "../events/model-event.ts";
import { citationEvent, fieldsIn } from "../events/read-citation.ts";
import { classifyErrorObject, malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { AnthropicUsage } from "./read-usage.ts";
import { finishReasons } from "./stop-reasons.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A block that has begun and not ended. Server tools and kinds of blocks yet unknown are never the client's to call. */
type OpenBlock =
  | { readonly kind: "text" | "other" }
  | { readonly kind: "thinking"; text: string; signature: string }
  | { readonly kind: "redacted"; readonly data: string }
  | { readonly kind: "tool"; readonly index: number; readonly input: unknown; hasArguments: boolean };

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const format = "anthropic";
const none: readonly ModelEvent[] = [];

/** The events of a message that came whole: the same that its stream would have told. */
export function decodeMessage(message: Fields): readonly ModelEvent[] {
  if (message["type"] === "error" || isFields(message["error"])) return [failureOf(message["error"])];
  const { content } = message;
  if (message["type"] !== "message" || !Array.isArray(content)) return [malformed];
  const decoder = new AnthropicDecoder();
  return [...decoder.decode({ type: "message_start", message }), ...decoder.decode({ type: "message_stop" })];
}

export class AnthropicDecoder implements EventDecoder {
  readonly #usage = new AnthropicUsage();
  readonly #blocks = new Map<number, OpenBlock>();
  #hasStarted = false;
  #toolCalls = 0;

  decode(event: Fields | null): readonly ModelEvent[] {
    if (event === null) return [malformed];
    const { index } = event;
    const position = typeof index === "number" ? index : 0;
    switch (event["type"]) {
      case "message_start":
        return this.#start(event["message"]);
      case "message":
        // Servers that do not stream answer whole.
        return [...this.#start(event), { type: "end" }];
      case "content_block_start":
        return this.#hasStarted ? this.#openBlock(position, event["content_block"]) : [malformed];
      case "content_block_delta":
        return this.#extendBlock(position, event["delta"]);
      case "content_block_stop":
        return this.#closeBlock(position);
      case "message_delta":
        return this.#hasStarted ? this.#finish(event["delta"], event["usage"]) : [malformed];
      case "message_stop":
        return [{ type: "end" }];
      case "error":
        return [failureOf(event["error"])];
      case undefined:
        return [isFields(event["error"]) ? failureOf(event["error"]) : malformed];
      default:
        // `ping`, and events that are yet to be invented.
        return none;
    }
  }

  #start(message: unknown): readonly ModelEvent[] {
    // A second message in one stream is the work of something between the provider and us.
    if (!isFields(message) || this.#hasStarted) return [malformed];
    this.#hasStarted = true;
    this.#usage.add(message["usage"]);
    const start: ModelEvent = { type: "start", id: textOrNull(message["id"]), model: textOrNull(message["model"]) };
    const { content, stop_reason: stopReason } = message;
    // A message that came whole; and what a stream goes on from after tools that the provider ran itself.
    const blocks: readonly unknown[] = Array.isArray(content) ? content : [];
    const told = blocks.flatMap((block, index) => [...this.#openBlock(index, block), ...this.#closeBlock(index)]);
    const hasEnded = stopReason !== undefined && stopReason !== null;
    return [start, ...told, ...(hasEnded ? this.#finish(message, message["usage"]) : [])];
  }

  #openBlock(position: number, block: unknown): readonly ModelEvent[] {
    if (!isFields(block)) return [malformed];
    switch (block["type"]) {
      case "text":
        this.#blocks.set(position, { kind: "text" });
        return [...textEvents("text", block["text"]), ...fieldsIn(block["citations"]).map(readCitation)];
      case "thinking": {
        const text = textOrNull(block["thinking"]) ?? "";
        this.#blocks.set(position, { kind: "thinking", text, signature: textOrNull(block["signature"]) ?? "" });
        return textEvents("reasoning", text);
      }
      case "redacted_thinking":
        this.#blocks.set(position, { kind: "redacted", data: textOrNull(block["data"]) ?? "" });
        return none;
      case "tool_use": {
        const { id, name, input } = block;
        if (typeof id !== "string" || typeof name !== "string") return [malformed];
        const index = this.#toolCalls++;
        this.#blocks.set(position, { kind: "tool", index, input, hasArguments: false });
        return [{ type: "tool_start", index, id, name }];
      }
      default:
        this.#blocks.set(position, { kind: "other" });
        return none;
    }
  }

  #extendBlock(position: number, delta: unknown): readonly ModelEvent[] {
    const block = this.#blocks.get(position);
    if (!isFields(delta) || block === undefined) return [malformed];
    switch (delta["type"]) {
      case "text_delta":
        return block.kind === "text" ? textEvents("text", delta["text"]) : none;
      case "citations_delta":
        return isFields(delta["citation"]) ? [readCitation(delta["citation"])] : none;
      case "thinking_delta":
        if (block.kind !== "thinking") return none;
        block.text += textOrNull(delta["thinking"]) ?? "";
        return textEvents("reasoning", delta["thinking"]);
      case "signature_delta":
        if (block.kind === "thinking") block.signature += textOrNull(delta["signature"]) ?? "";
        return none;
      case "input_json_delta": {
        const fragment = textOrNull(delta["partial_json"]) ?? "";
        if (block.kind !== "tool" || fragment === "") return none;
        block.hasArguments = true;
        return [{ type: "tool_arguments", index: block.index, fragment }];
      }
      default:
        return none;
    }
  }

  #closeBlock(position: number): readonly ModelEvent[] {
    const block = this.#blocks.get(position);
    this.#blocks.delete(position);
    switch (block?.kind) {
      case "thinking":
        return block.signature === "" ? none : [sealed({ type: "thinking", format, ...thinkingOf(block) })];
      case "redacted":
        return [sealed({ type: "redacted_thinking", format, data: block.data })];
      case "tool": {
        const { index, input, hasArguments } = block;
        const end: ModelEvent = { type: "tool_end", index };
        // A call without arguments is streamed without any; the input of a whole message comes at once.
        const fragment = isFields(input) ? JSON.stringify(input) : "{}";
        return hasArguments ? [end] : [{ type: "tool_arguments", index, fragment }, end];
      }
      default:
        return none;
    }
  }

  #finish(delta: unknown, usage: unknown): readonly ModelEvent[] {
    if (!isFields(delta)) return [malformed];
    this.#usage.add(usage);
    const reading = this.#usage.reading();
    const { serviceTier } = this.#usage;
    const told: ModelEvent[] = reading === null ? [] : [{ type: "usage", usage: reading, serviceTier }];
    const { stop_reason: stopReason, stop_details: details } = delta;
    if (stopReason === undefined || stopReason === null) return told;
    const mapped = typeof stopReason === "string" ? finishReasons[stopReason] : undefined;
    // An ending that nobody here knows must not pass for a good one.
    if (mapped === undefined || !Object.hasOwn(finishReasons, stopReason as string)) return [...told, malformed];
    if (stopReason === "refusal") {
      told.push({ type: "refusal", text: isFields(details) ? textOrNull(details["explanation"]) : null });
    }
    const reason = mapped === "stop" && this.#toolCalls > 0 ? "tool_calls" : mapped;
    return [...told, { type: "finish", reason, stopSequence: textOrNull(delta["stop_sequence"]) }];
  }
}

/** Places are those in the source. */
function readCitation({ url, title, document_title: documentTitle, cited_text: text }: Fields): ModelEvent {
  return citationEvent({ url, title: title ?? documentTitle, text });
}

function failureOf(error: unknown): ModelEvent {
  return { type: "failure", failure: classifyErrorObject(error) };
}

function sealed(block: SealedReasoning): ModelEvent {
  return { type: "sealed_reasoning", block };
}

function thinkingOf({ text, signature }: { text: string; signature: string }): { text: string; signature: string } {
  return { text, signature };
}

function textEvents(type: "text" | "reasoning", text: unknown): readonly ModelEvent[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : none;
}

function textOrNull(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}
