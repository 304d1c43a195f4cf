import { readJsonObject } from "../json/parse-lossless.ts";

type Fields = Readonly<Record<string, unknown>>;

const longestRowBytes = 4_194_304;
const quote = 0x22;
const backslash = 0x5c;
const openingBrace = 0x7b;
const closingBrace = 0x7d;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
/** White space, commas, the brackets of a list around the rows, and the bytes of a byte order mark. */
const between: ReadonlySet<number> = new Set([
  0x09,
  0x0a,
  0x0d,
  0x20,
  0x2c,
  openingBracket,
  closingBracket,
  0xef,
  0xbb,
  0xbf,
]);

/**
 * Cuts a row of JSON objects into them: lines of JSON, the elements of a list, or objects that follow each other. Bytes
 * may be split anywhere.
 */
export class JsonRows {
  #held: Uint8Array[] = [];
  #heldLength = 0;
  #depth = 0;
  #isInText = false;
  #isEscaped = false;
  #isBroken = false;

  /** Whether an object has begun and not ended, or something came that is none. */
  get isUnfinished(): boolean {
    return this.#isBroken || this.#depth > 0;
  }

  /** The objects that are complete with these bytes; null stands for what is none, and nothing follows it. */
  push(chunk: Uint8Array): (Fields | null)[] {
    const rows: (Fields | null)[] = [];
    let start = this.#depth > 0 ? 0 : -1;
    for (let at = 0; at < chunk.length && !this.#isBroken; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#depth === 0 && byte !== openingBrace) {
        if (between.has(byte)) continue;
        this.#isBroken = true;
        rows.push(null);
      } else if (this.#endsRow(byte)) {
        this.#hold(chunk.subarray(Math.max(start, 0), at + 1));
        rows.push(this.#take());
        start = -1;
      } else if (start < 0) start = at;
    }
    if (start >= 0 && !this.#isBroken) this.#hold(chunk.subarray(start));
    if (this.#heldLength > longestRowBytes) {
      this.#isBroken = true;
      rows.push(null);
    }
    return rows;
  }

  #endsRow(byte: number): boolean {
    if (this.#isInText) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === backslash) this.#isEscaped = true;
      else if (byte === quote) this.#isInText = false;
      return false;
    }
    if (byte === quote) this.#isInText = true;
    else if (byte === openingBrace || byte === openingBracket) this.#depth += 1;
    else if (byte === closingBrace || byte === closingBracket) this.#depth -= 1;
    return this.#depth === 0;
  }

  #hold(piece: Uint8Array): void {
    // Copied, because the caller's bytes may be written to again.
    this.#held.push(piece.slice());
    this.#heldLength += piece.length;
  }

  #take(): Fields | null {
    const row = new Uint8Array(this.#heldLength);
    let at = 0;
    for (const piece of this.#held) {
      row.set(piece, at);
      at += piece.length;
    }
    this.#held = [];
    this.#heldLength = 0;
    const object = readJsonObject(row);
    if (object === null) this.#isBroken = true;
    return object;
  }
}

/** All objects of a body that came whole; null where it holds anything else, or was cut. */
export function readJsonRows(body: Uint8Array): readonly Fields[] | null {
  const rows = new JsonRows();
  const objects = rows.push(body).filter((row) => row !== null);
  return rows.isUnfinished || objects.length === 0 ? null : objects;
}
