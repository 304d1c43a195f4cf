import type { PicoUsd } from "@switchyard/metering/pico-usd";

/** An answer as it went to a client, to be given again byte for byte. */
export interface RememberedAnswer {
  readonly body: Uint8Array;
  /** Who gave it, for the answer's headers. */
  readonly connectionId: string;
  readonly modelId: string;
  /** What it cost, and so what giving it again saves. */
  readonly costPicoUsd: PicoUsd;
}

interface Entry {
  readonly answer: RememberedAnswer;
  readonly expiresAtMs: number;
}

// What an entry costs besides its bytes: key, objects, map slot.
const overheadBytes = 512;
/** One answer may take this share of the whole at most, so that a few large ones cannot push out everything else. */
const largestShare = 1 / 8;

/** Answers in memory, least recently used out first, within a byte budget and each for its own time. */
export class AnswerMemory {
  readonly #mostBytes: number;
  // A Map keeps insertion order: the first entry is the one that was used longest ago.
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string, nowMs: number): RememberedAnswer | null {
    const entry = this.#entries.get(key);
    if (entry === undefined) return null;
    this.#entries.delete(key);
    if (entry.expiresAtMs <= nowMs) {
      this.#bytes -= sizeOf(entry);
      return null;
    }
    this.#entries.set(key, entry);
    return entry.answer;
  }

  /** Remembers an answer for a while; one that is too large for the budget is not kept. */
  set(key: string, answer: RememberedAnswer, ttlSeconds: number, nowMs: number): void {
    this.#forget(key);
    const entry = { answer, expiresAtMs: nowMs + ttlSeconds * 1000 };
    if (sizeOf(entry) > this.#mostBytes * largestShare) return;
    this.#entries.set(key, entry);
    this.#bytes += sizeOf(entry);
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#mostBytes) break;
      this.#forget(oldest);
    }
  }

  #forget(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= sizeOf(entry);
  }
}

function sizeOf({ answer }: Entry): number {
  return answer.body.byteLength + overheadBytes;
}
