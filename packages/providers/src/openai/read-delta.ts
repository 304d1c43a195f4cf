/** What a delta, or a whole message, adds to an answer. */
import type { ModelEvent } from "../events/model-event.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Text, reasoning and refusals. Reasoning comes under two names; one of them is Mistral's parts of content. */
export function readContent(delta: Fields): ModelEvent[] {
  const { content, refusal } = delta;
  return [
    ...textEvents("reasoning", delta["reasoning_content"] ?? delta["reasoning"]),
    ...(Array.isArray(content) ? content.flatMap(readPart) : textEvents("text", content)),
    ...(typeof refusal === "string" && refusal !== "" ? [{ type: "refusal", text: refusal } as const] : []),
  ];
}

function readPart(part: unknown): ModelEvent[] {
  if (!isFields(part)) return [];
  const { type, text, thinking } = part;
  if (type !== "thinking") return textEvents("text", text);
  return Array.isArray(thinking)
    ? thinking.flatMap((piece) => (isFields(piece) ? textEvents("reasoning", piece["text"]) : []))
    : textEvents("reasoning", thinking);
}

function textEvents(type: "text" | "reasoning", text: unknown): ModelEvent[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : [];
}

/**
 * Calls of tools, put together from fragments. A call is known by its index; where a server sends none, by its id, and
 * a fragment with neither goes on with the latest. Ids that are repeated or empty are of no account. Other protocols
 * tell calls one after the other: a fragment of a call that has ended fails the answer instead of being lost.
 */
export class ToolCallReader {
  /** Index of the call in the answer, by what the server knows it by. */
  readonly #calls = new Map<number | string, number>();
  readonly #withArguments = new Set<number>();
  #open: number | null = null;

  get count(): number {
    return this.#calls.size;
  }

  read({ tool_calls: toolCalls, function_call: legacyCall }: Fields): ModelEvent[] {
    if (isFields(legacyCall)) return this.#readFragment({ index: 0, function: legacyCall });
    if (!Array.isArray(toolCalls)) return [];
    return toolCalls.flatMap((call: unknown) => (isFields(call) ? this.#readFragment(call) : []));
  }

  /** The answer has ended, and with it the call that was open. */
  close(): ModelEvent[] {
    const open = this.#open;
    this.#open = null;
    if (open === null) return [];
    const end: ModelEvent = { type: "tool_end", index: open };
    return this.#withArguments.has(open) ? [end] : [{ type: "tool_arguments", index: open, fragment: "{}" }, end];
  }

  #readFragment(call: Fields): ModelEvent[] {
    const called = isFields(call["function"]) ? call["function"] : {};
    const id = typeof call["id"] === "string" && call["id"] !== "" ? call["id"] : null;
    const { name } = called;
    const key = typeof call["index"] === "number" ? call["index"] : id;
    const known = key === null ? this.#open : (this.#calls.get(key) ?? null);
    if (known !== null) return this.#extend(known, called["arguments"]);
    if (typeof name !== "string" || name === "") return [];
    const index = this.#calls.size;
    const ended = this.close();
    this.#calls.set(key ?? `${index}`, index);
    this.#open = index;
    return [
      ...ended,
      { type: "tool_start", index, id: id ?? `call_${index}`, name },
      // A call that begins with "no arguments" may still be given some; if it is not, its end says so.
      ...(saysNone(called["arguments"]) ? [] : this.#extend(index, called["arguments"])),
    ];
  }

  #extend(index: number, given: unknown): ModelEvent[] {
    const fragment = isFields(given) ? JSON.stringify(given) : given;
    if (typeof fragment !== "string" || fragment === "") return [];
    if (index !== this.#open) return [{ type: "failure", failure: malformedResponse() }];
    this.#withArguments.add(index);
    return [{ type: "tool_arguments", index, fragment }];
  }
}

function saysNone(given: unknown): boolean {
  return given === "{}" || given === "null";
}
