/**
 * The end of a stream, held back until the server has said its last word: an error may follow a finish, and then no client
 * may have seen a good ending (wire formats 3.15).
 */
import { isFields } from "../json/field-reader.ts";
import { readJsonObject } from "../json/parse-lossless.ts";
import type { StreamEvent } from "../sse/event-stream.ts";
import type { ForwardedEvents } from "../sse/forwarded-events.ts";
import { encodeUtf8 } from "../text/utf8.ts";

/** Endings are a few hundred bytes; whoever sends more after one is not waited for. */
const mostHeldBytes = 1_048_576;

/** An event to pass as it came, or the bytes to send instead of one. */
export type OutgoingEvent = StreamEvent | Uint8Array;

export class HeldEnding {
  #held: OutgoingEvent[] = [];
  #heldBytes = 0;

  get isEmpty(): boolean {
    return this.#held.length === 0;
  }

  get isFull(): boolean {
    return this.#heldBytes > mostHeldBytes;
  }

  add(event: OutgoingEvent): void {
    this.#held.push(event);
    this.#heldBytes += event instanceof Uint8Array ? event.length : event.end - event.start;
  }

  /** Sends it as it came. */
  release(forwarded: ForwardedEvents): void {
    for (const event of this.#take()) forward(event, forwarded);
  }

  /** Sends it with another finish; null takes the finish away and leaves what was said before it. */
  releaseAs(finishReason: string | null, forwarded: ForwardedEvents): void {
    for (const event of this.#take()) {
      const bytes = withFinish(event, finishReason);
      if (bytes !== null) forwarded.append(bytes);
    }
  }

  #take(): readonly OutgoingEvent[] {
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held;
  }
}

export function forward(event: OutgoingEvent, forwarded: ForwardedEvents): void {
  if (event instanceof Uint8Array) forwarded.append(event);
  else forwarded.add(event);
}

/** A chunk as an event of its own. */
export function writeChunk(chunk: object): Uint8Array {
  return encodeUtf8(`data: ${JSON.stringify(chunk)}\n\n`);
}

function withFinish(event: OutgoingEvent, finishReason: string | null): Uint8Array | null {
  const chunk = readJsonObject(jsonOf(event));
  if (chunk === null) return null;
  const choices: readonly unknown[] = Array.isArray(chunk["choices"]) ? chunk["choices"] : [];
  const changed = choices.flatMap((choice) => (isFields(choice) ? [changeFinish(choice, finishReason)] : []));
  if (finishReason === null && !changed.some(saysSomething)) return null;
  return writeChunk({ ...chunk, choices: changed });
}

function changeFinish(choice: Readonly<Record<string, unknown>>, finishReason: string | null): object {
  return typeof choice["finish_reason"] === "string" ? { ...choice, finish_reason: finishReason } : choice;
}

function saysSomething(choice: object): boolean {
  const delta = "delta" in choice && isFields(choice.delta) ? choice.delta : {};
  return Object.entries(delta).some(([name, value]) => name !== "role" && value !== null && value !== "");
}

function jsonOf(event: OutgoingEvent): Uint8Array {
  if (event instanceof Uint8Array) return event.subarray("data: ".length);
  const { data } = event;
  return data === null ? new Uint8Array(0) : data.bytes.subarray(data.start, data.end);
}
