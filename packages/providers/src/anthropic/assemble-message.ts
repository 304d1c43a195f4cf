/** Puts a message together from the events of its stream, with every block as Anthropic wrote it. */
import type { EventDecoder, ModelEvent } from "../events/model-event.ts";
import { readEvents } from "../events/streamed-answer.ts";
import { classifyErrorObject, malformedResponse, truncatedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { parseLossless } from "../json/parse-lossless.ts";
import type { ProviderFailure } from "../provider-codec.ts";

type Fields = Readonly<Record<string, unknown>>;

/** The message that a stream tells which came as one body; or why there is none. */
export function assembleMessage(
  body: Uint8Array,
): { readonly message: Fields } | { readonly failure: ProviderFailure } {
  const assembly = new MessageAssembly();
  const failed = readEvents(body, assembly).find((event) => event.type === "failure");
  if (failed !== undefined) return { failure: failed.failure };
  const message = assembly.message();
  return typeof message?.["stop_reason"] === "string" ? { message } : { failure: truncatedResponse() };
}

const none: readonly ModelEvent[] = [];
const malformed: readonly ModelEvent[] = [{ type: "failure", failure: malformedResponse() }];
/** What grows, by the type of the delta and the name that delta and block have for it. */
const growing: { readonly [delta: string]: string } = {
  text_delta: "text",
  thinking_delta: "thinking",
  signature_delta: "signature",
};

class MessageAssembly implements EventDecoder {
  #message: Record<string, unknown> | null = null;
  readonly #blocks = new Map<number, Record<string, unknown>>();
  /** Arguments of calls, as their text so far. */
  readonly #inputs = new Map<number, string>();

  decode(event: Fields | null): readonly ModelEvent[] {
    if (event === null) return malformed;
    const { type, message, index, content_block: block, delta, usage, error } = event;
    const position = typeof index === "number" ? index : 0;
    if (type === "error" || isFields(error)) return [{ type: "failure", failure: classifyErrorObject(error) }];
    if (type === "message_start") {
      if (!isFields(message) || this.#message !== null) return malformed;
      this.#message = { ...message };
    } else if (type === "content_block_start") {
      if (!isFields(block)) return malformed;
      this.#blocks.set(position, { ...block });
    } else if (type === "content_block_delta") {
      return this.#extend(position, delta);
    } else if (type === "content_block_stop") {
      return this.#close(position);
    } else if (type === "message_delta") {
      if (this.#message === null || !isFields(delta)) return malformed;
      const before = this.#message["usage"];
      const told = { ...(isFields(before) ? before : {}), ...(isFields(usage) ? withoutNulls(usage) : {}) };
      this.#message = { ...this.#message, ...delta, usage: told };
    }
    return none;
  }

  message(): Fields | null {
    const blocks = [...this.#blocks].toSorted(([one], [other]) => one - other).map(([, block]) => block);
    return this.#message === null ? null : { ...this.#message, content: blocks };
  }

  #extend(position: number, delta: unknown): readonly ModelEvent[] {
    const block = this.#blocks.get(position);
    if (block === undefined || !isFields(delta)) return malformed;
    const type = String(delta["type"]);
    const name = growing[type];
    if (name !== undefined) block[name] = textOf(block[name]) + textOf(delta[name]);
    if (type === "citations_delta") block["citations"] = [...listOf(block["citations"]), delta["citation"]];
    if (type === "input_json_delta") {
      this.#inputs.set(position, (this.#inputs.get(position) ?? "") + textOf(delta["partial_json"]));
    }
    return none;
  }

  #close(position: number): readonly ModelEvent[] {
    const block = this.#blocks.get(position);
    const input = this.#inputs.get(position) ?? "";
    if (block === undefined || input === "") return none;
    try {
      block["input"] = parseLossless(input);
      return none;
    } catch {
      return malformed;
    }
  }
}

/** Usage is cumulative; what the end does not restate is null there. */
function withoutNulls(usage: Fields): Fields {
  return Object.fromEntries(Object.entries(usage).filter(([, value]) => value !== null));
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
