/** Reads the events of ConverseStream into the event model. */
import type { FinishReason, ModelEvent, SealedReasoning } from "../events/model-event.ts";
import { citationEvent, fieldsIn } from "../events/read-citation.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readConverseUsage } from "./read-usage.ts";

type Fields = Readonly<Record<string, unknown>>;

const malformed: ModelEvent = { type: "failure", failure: malformedResponse() };
const none: Fields = {};
export const sealedFormat = "aws-bedrock";

/** Malformed output, and whatever nobody knows, is missing: no good endings (wire formats 1.5). */
const stopReasons: { readonly [stopReason: string]: FinishReason } = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
  refusal: "content_filter",
};

/** What a block of the answer turned out to be, and what has to be kept of it until it ends. */
type OpenBlock =
  | { readonly kind: "tool"; readonly index: number; hasArguments: boolean }
  /** A tool that the provider runs itself. */
  | { readonly kind: "other" }
  | { readonly kind: "reasoning"; text: string; signature: string; redacted: string };

export class ConverseDecoder {
  readonly #blocks = new Map<unknown, OpenBlock>();
  #hasStarted = false;
  #hasStopped = false;
  #hasUsage = false;
  #toolCalls = 0;

  /** `content` is the parsed payload; null for one that is not a JSON object. */
  decode(type: string, content: Fields | null): readonly ModelEvent[] {
    if (content === null) return [malformed];
    if (type === "messageStart") return this.#hasStarted ? [malformed] : this.#start();
    // Models of some makers begin with their first block.
    return [...this.#start(), ...this.#read(type, content)];
  }

  #start(): readonly ModelEvent[] {
    if (this.#hasStarted) return [];
    this.#hasStarted = true;
    return [{ type: "start", id: null, model: null }];
  }

  #read(type: string, content: Fields): readonly ModelEvent[] {
    const { contentBlockIndex: block } = content;
    switch (type) {
      case "contentBlockStart":
        return this.#open(block, fieldsOf(fieldsOf(content["start"])["toolUse"]));
      case "contentBlockDelta":
        return this.#add(block, fieldsOf(content["delta"]));
      case "contentBlockStop":
        return this.#close(block);
      case "messageStop":
        return [...this.#stop(content), ...this.#end(true, this.#hasUsage)];
      case "metadata": {
        const usage = readConverseUsage(content["usage"]);
        const tier = fieldsOf(content["serviceTier"])["type"];
        const serviceTier = typeof tier === "string" ? tier : null;
        const told: ModelEvent[] = usage === null ? [] : [{ type: "usage", usage, serviceTier }];
        return [...told, ...this.#end(this.#hasStopped, true)];
      }
      default:
        return [];
    }
  }

  /** Stop and usage come in either order: nothing follows both. */
  #end(hasStopped: boolean, hasUsage: boolean): readonly ModelEvent[] {
    this.#hasStopped = hasStopped;
    this.#hasUsage = hasUsage;
    return hasStopped && hasUsage ? [{ type: "end" }] : [];
  }

  /** Only tools announce themselves; the starts of images and of what is yet to come are no part of the answer. */
  #open(block: unknown, { toolUseId: id, name, type }: Fields): readonly ModelEvent[] {
    if (typeof id !== "string" || typeof name !== "string") return [];
    if (type === "server_tool_use") {
      this.#blocks.set(block, { kind: "other" });
      return [];
    }
    const index = this.#toolCalls++;
    this.#blocks.set(block, { kind: "tool", index, hasArguments: false });
    return [{ type: "tool_start", index, id, name }];
  }

  #add(block: unknown, delta: Fields): readonly ModelEvent[] {
    const { text, toolUse, reasoningContent, citation } = delta;
    if (typeof text === "string") return text === "" ? [] : [{ type: "text", text }];
    if (isFields(citation)) return [readCitation(citation)];
    const open = this.#blocks.get(block);
    if (open?.kind === "other") return [];
    if (isFields(toolUse)) {
      const { input } = toolUse;
      if (open?.kind !== "tool") return [malformed];
      if (typeof input !== "string" || input === "") return [];
      open.hasArguments = true;
      return [{ type: "tool_arguments", index: open.index, fragment: input }];
    }
    return isFields(reasoningContent) ? this.#reason(block, open, reasoningContent) : [];
  }

  #reason(block: unknown, known: OpenBlock | undefined, content: Fields): readonly ModelEvent[] {
    const open = known ?? { kind: "reasoning", text: "", signature: "", redacted: "" };
    if (open.kind !== "reasoning") return [malformed];
    this.#blocks.set(block, open);
    const { text, signature, redactedContent } = content;
    if (typeof signature === "string") open.signature += signature;
    if (typeof redactedContent === "string") open.redacted += redactedContent;
    if (typeof text !== "string" || text === "") return [];
    open.text += text;
    return [{ type: "reasoning", text }];
  }

  #close(block: unknown): readonly ModelEvent[] {
    const open = this.#blocks.get(block);
    this.#blocks.delete(block);
    if (open === undefined || open.kind === "other") return [];
    if (open.kind === "reasoning") return sealed(open);
    const { index, hasArguments } = open;
    const noArguments: ModelEvent = { type: "tool_arguments", index, fragment: "{}" };
    return [...(hasArguments ? [] : [noArguments]), { type: "tool_end", index }];
  }

  #stop({ stopReason, additionalModelResponseFields: fields }: Fields): readonly ModelEvent[] {
    const reason =
      typeof stopReason === "string" && Object.hasOwn(stopReasons, stopReason) ? stopReasons[stopReason] : undefined;
    if (reason === undefined) return [malformed];
    // Some models end the turn by it, and wait for the results all the same.
    const told = reason === "stop" && this.#toolCalls > 0 ? "tool_calls" : reason;
    const unclosed = [...this.#blocks.keys()].flatMap((block) => this.#close(block));
    const asked = fieldsOf(fields);
    // A field of the model's answer, or, of a stream, of the event that ended it.
    const matched = asked["stop_sequence"] ?? fieldsOf(asked["delta"])["stop_sequence"];
    const stopSequence = stopReason === "stop_sequence" && typeof matched === "string" ? matched : null;
    return [
      ...unclosed,
      ...(stopReason === "refusal" ? [{ type: "refusal" as const, text: null }] : []),
      { type: "finish", reason: told, stopSequence },
    ];
  }
}

function readCitation({ title, location, sourceContent }: Fields): ModelEvent {
  const [source] = fieldsIn(sourceContent);
  return citationEvent({ title, text: source?.["text"], url: fieldsOf(fieldsOf(location)["web"])["url"] });
}

function sealed({ text, signature, redacted }: Extract<OpenBlock, { kind: "reasoning" }>): readonly ModelEvent[] {
  const blocks: SealedReasoning[] = [];
  if (signature !== "") blocks.push({ format: sealedFormat, type: "thinking", text, signature });
  if (redacted !== "") blocks.push({ format: sealedFormat, type: "redacted_thinking", data: redacted });
  return blocks.map((block) => ({ type: "sealed_reasoning", block }));
}

function fieldsOf(value: unknown): Fields {
  return isFields(value) ? value : none;
}
