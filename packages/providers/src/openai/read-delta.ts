/** What a delta, or a whole message, adds to an answer. */
import type { ModelEvent } from "../events/model-event.ts";
import { citationEvent, fieldsIn } from "../events/read-citation.ts";
import { malformedResponse } from "../failure/classify-failure.ts";
import { isFields } from "../json/field-reader.ts";
import { readDataUrl } from "../parameters/data-url.ts";
import { citedPage } from "./repair/annotation-shape.ts";
import { thoughtsOf } from "./repair/content-parts.ts";
import { isJson, opensAnother } from "./repair/tool-fragments.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Text, reasoning and refusals. Reasoning comes under two names; one of them is Mistral's parts of content. */
export function readContent(delta: Fields): ModelEvent[] {
  const { content, refusal } = delta;
  return [
    ...textEvents("reasoning", delta["reasoning_content"] || delta["reasoning"]),
    ...(Array.isArray(content) ? content.flatMap(readPart) : textEvents("text", content)),
    ...fieldsIn(delta["annotations"]).flatMap(readAnnotation),
    ...fieldsIn(delta["images"]).flatMap(readImage),
    ...(typeof refusal === "string" && refusal !== "" ? [{ type: "refusal", text: refusal } as const] : []),
  ];
}

function readAnnotation(annotation: Fields): ModelEvent[] {
  const page = citedPage(annotation);
  if (page === null) return [];
  const { url, title, content, start_index: start, end_index: end } = page;
  return [citationEvent({ url, title, text: content, start, end })];
}

/** Routers tell pictures so; one that is only a link is no more than its text. */
function readImage({ image_url: image }: Fields): ModelEvent[] {
  const url = isFields(image) ? image["url"] : undefined;
  const inline = typeof url === "string" ? readDataUrl(url) : null;
  return inline === null ? [] : [{ type: "media", ...inline }];
}

function readPart(part: unknown): ModelEvent[] {
  if (!isFields(part)) return [];
  const thoughts = thoughtsOf(part);
  return thoughts === null ? textEvents("text", part["text"]) : textEvents("reasoning", thoughts);
}

function textEvents(type: "text" | "reasoning", text: unknown): ModelEvent[] {
  return typeof text === "string" && text !== "" ? [{ type, text }] : [];
}

interface Call {
  readonly index: number;
  readonly id: string | null;
  /** Arguments so far; null for ones too long to be looked at. */
  text: string | null;
  /** It began with what means no arguments, unless some follow. */
  readonly saysNone: boolean;
  isEnded: boolean;
}

const longestText = 1_048_576;

/**
 * Calls of tools, put together from fragments. A call is known by its index; where a server sends none, by its id, and
 * a fragment with neither goes on with the call in its place of the list, or else with the latest, unless it names a
 * tool. Ids that are repeated or empty are of no account. A call ends when another begins and its arguments are whole:
 * a fragment that comes for it later fails the answer instead of being lost.
 */
export class ToolCallReader {
  /** By what the server knows a call by. */
  readonly #known = new Map<number | string, Call>();
  readonly #calls: Call[] = [];

  get count(): number {
    return this.#calls.length;
  }

  read({ tool_calls: toolCalls, function_call: legacyCall }: Fields): ModelEvent[] {
    if (isFields(legacyCall)) return this.#readFragment({ index: 0, function: legacyCall }, null);
    if (!Array.isArray(toolCalls)) return [];
    return toolCalls.flatMap((call: unknown, position) =>
      isFields(call) ? this.#readFragment(call, toolCalls.length > 1 ? position : null) : [],
    );
  }

  /** The answer has ended, and with it the calls that were open. */
  close(): ModelEvent[] {
    return this.#calls.flatMap((call) => endCall(call));
  }

  #readFragment(fragment: Fields, place: number | null): ModelEvent[] {
    const called = isFields(fragment["function"]) ? fragment["function"] : {};
    const id = typeof fragment["id"] === "string" && fragment["id"] !== "" ? fragment["id"] : null;
    const name = typeof called["name"] === "string" && called["name"] !== "" ? called["name"] : null;
    const key = typeof fragment["index"] === "number" ? fragment["index"] : id;
    const continued = key === null ? this.#continued(name, place) : (this.#known.get(key) ?? this.#inPlace(name, key));
    if (continued !== undefined && !opensAnother(fragment, continued)) return extend(continued, called["arguments"]);
    if (name === null) return [];
    const index = this.#calls.length;
    const ended = this.#calls.filter(isWhole).flatMap((call) => endCall(call));
    const call: Call = { index, id, text: "", saysNone: saysNone(called["arguments"]), isEnded: false };
    this.#calls.push(call);
    if (key !== null) this.#known.set(key, call);
    return [
      ...ended,
      { type: "tool_start", index, id: id ?? `call_${index}`, name },
      // A call that begins with "no arguments" may still be given some; if it is not, its end says so.
      ...(call.saysNone ? [] : extend(call, called["arguments"])),
    ];
  }

  /** Some servers name the index of a call only after its beginning. */
  #inPlace(name: string | null, key: number | string): Call | undefined {
    return name === null && typeof key === "number" ? this.#calls[key] : undefined;
  }

  #continued(name: string | null, place: number | null): Call | undefined {
    if (name !== null) return undefined;
    return (place === null ? undefined : this.#calls[place]) ?? this.#calls.at(-1);
  }
}

function extend(call: Call, given: unknown): ModelEvent[] {
  const fragment = isFields(given) ? JSON.stringify(given) : given;
  if (typeof fragment !== "string" || fragment === "") return [];
  if (call.isEnded) return [{ type: "failure", failure: malformedResponse() }];
  const { index, text } = call;
  call.text = text === null || text.length + fragment.length > longestText ? null : text + fragment;
  return [{ type: "tool_arguments", index, fragment }];
}

function endCall(call: Call): ModelEvent[] {
  const { index, text, isEnded } = call;
  call.isEnded = true;
  const end: ModelEvent = { type: "tool_end", index };
  return isEnded ? [] : text === "" ? [{ type: "tool_arguments", index, fragment: "{}" }, end] : [end];
}

/** Nothing yet is not whole: what a call is given may come after others have begun. */
function isWhole({ text, saysNone: isNone }: Call): boolean {
  return text === null || (text.trim() === "" ? isNone : isJson(text));
}

function saysNone(given: unknown): boolean {
  return given === "{}" || given === "null";
}
