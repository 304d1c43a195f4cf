/**
 * Walks a JSON text byte by byte without building anything. It accepts exactly what `JSON.parse` accepts, within limits,
 * so that a text it has walked needs no second opinion. Recursion is bounded by `maxDepth`.
 *
 * After a failure every method answers false and `problem` says why; loops over members and elements simply end.
 */
import { decodeUtf8, utf8SequenceLength } from "../text/utf8.ts";

export interface JsonLimits {
  readonly maxDepth: number;
  /** Keys of all objects together. */
  readonly maxKeys: number;
  /** Whether a string that is not UTF-8 is a problem, or is let pass. */
  readonly requireUtf8: boolean;
}

export type JsonProblem = "not_json" | "too_deep" | "too_many_keys" | "invalid_utf8";

/** A member name to compare keys with, without decoding them. */
export interface JsonKey {
  readonly text: string;
  readonly bytes: Uint8Array;
}

const quote = 0x22;
const comma = 0x2c;
const colon = 0x3a;
const backslash = 0x5c;
const letterU = 0x75;
export const openingBracket = 0x5b;
const closingBracket = 0x5d;
export const openingBrace = 0x7b;
const closingBrace = 0x7d;

// What a byte means inside a string: 0 is an ordinary character.
const escape = 1;
const closingQuote = 2;
const control = 3;
const beyondAscii = 4;
const inString = new Uint8Array(256);
inString.fill(control, 0, 0x20);
inString.fill(beyondAscii, 0x80);
inString[quote] = closingQuote;
inString[backslash] = escape;

const isSimpleEscape = new Uint8Array(256);
for (const character of '"\\/bfnrt') isSimpleEscape[character.charCodeAt(0)] = 1;
const trueKey = jsonKey("true");
const falseKey = jsonKey("false");
const nullKey = jsonKey("null");

/** Prepares a name for `keyIs`. Names are ASCII. */
export function jsonKey(text: string): JsonKey {
  return { text, bytes: Uint8Array.from(text, (character) => character.charCodeAt(0)) };
}

export class JsonCursor {
  at: number;
  problem: JsonProblem | null = null;
  /** The bytes between the quotes of the latest key. */
  keyStart = 0;
  keyEnd = 0;
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #limits: JsonLimits;
  #depth = 0;
  #keys = 0;
  #keyHasEscape = false;
  /** Whether a value of the innermost container has been passed, so that a comma or its end must follow. */
  #afterValue = false;

  constructor(bytes: Uint8Array, start: number, end: number, limits: JsonLimits) {
    this.#bytes = bytes;
    this.at = start;
    this.#end = end;
    this.#limits = limits;
  }

  /** The byte at the next position that is not white space; -1 at the end. */
  peek(): number {
    while (this.at < this.#end) {
      const byte = this.#bytes[this.at] as number;
      if (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09) return byte;
      this.at++;
    }
    return -1;
  }

  /** Enters the object or array that begins here; `bracket` is its opening byte. */
  enter(bracket: typeof openingBrace | typeof openingBracket): boolean {
    if (this.peek() !== bracket) return this.#fail("not_json");
    if (this.#depth >= this.#limits.maxDepth) return this.#fail("too_deep");
    this.#depth++;
    this.at++;
    this.#afterValue = false;
    return true;
  }

  /** Moves to the value of the next member; false after the last, with the closing brace passed. */
  nextMember(): boolean {
    if (!this.#next(closingBrace)) return false;
    if (this.peek() !== quote) return this.#fail("not_json");
    if (++this.#keys > this.#limits.maxKeys) return this.#fail("too_many_keys");
    this.keyStart = this.at + 1;
    this.#keyHasEscape = false;
    if (!this.#skipString()) return false;
    this.keyEnd = this.at - 1;
    if (this.peek() !== colon) return this.#fail("not_json");
    this.at++;
    return this.peek() !== -1 || this.#fail("not_json");
  }

  /** Moves to the next element; false after the last, with the closing bracket passed. */
  nextElement(): boolean {
    if (!this.#next(closingBracket)) return false;
    return this.peek() !== -1 || this.#fail("not_json");
  }

  /** Whether the latest key spells this name, escapes included. */
  keyIs(name: JsonKey): boolean {
    if (this.#keyHasEscape) return this.keyText() === name.text;
    const { bytes } = name;
    if (this.keyEnd - this.keyStart !== bytes.length) return false;
    for (let offset = 0; offset < bytes.length; offset++) {
      if (this.#bytes[this.keyStart + offset] !== bytes[offset]) return false;
    }
    return true;
  }

  keyText(): string {
    if (!this.#keyHasEscape) return decodeUtf8(this.#bytes, this.keyStart, this.keyEnd);
    return JSON.parse(decodeUtf8(this.#bytes, this.keyStart - 1, this.keyEnd + 1)) as string;
  }

  /** Passes the value that begins here and returns it parsed; undefined on a failure. */
  readValue(): unknown {
    const first = this.peek();
    const start = this.at;
    if (!this.skipValue()) return undefined;
    // Most values that are looked at are null or an index, once for every token of a stream.
    if (first === nullKey.bytes[0]) return null;
    if (isDigit(first) && this.at === start + 1) return first - 0x30;
    return JSON.parse(decodeUtf8(this.#bytes, start, this.at)) as unknown;
  }

  /** Passes the value that begins here. */
  skipValue(): boolean {
    const first = this.peek();
    if (first === quote) {
      if (!this.#skipString()) return false;
    } else if (first === openingBrace) {
      if (!this.enter(openingBrace)) return false;
      while (this.nextMember()) if (!this.skipValue()) return false;
    } else if (first === openingBracket) {
      if (!this.enter(openingBracket)) return false;
      while (this.nextElement()) if (!this.skipValue()) return false;
    } else if (first === 0x2d || isDigit(first)) {
      if (!this.#skipNumber()) return false;
    } else if (!this.#skipLiteral(first)) {
      return false;
    }
    this.#afterValue = true;
    return this.problem === null;
  }

  #next(closing: number): boolean {
    if (this.problem !== null) return false;
    const byte = this.peek();
    if (byte === closing) {
      this.at++;
      this.#depth--;
      this.#afterValue = true;
      return false;
    }
    if (!this.#afterValue) return true;
    if (byte !== comma) return this.#fail("not_json");
    this.at++;
    this.#afterValue = false;
    // A comma must be followed by a value, not by the end of its container.
    return this.peek() !== closing || this.#fail("not_json");
  }

  #skipString(): boolean {
    const bytes = this.#bytes;
    const end = this.#end;
    let at = this.at + 1;
    while (at < end) {
      const meaning = inString[bytes[at] as number];
      if (meaning === 0) {
        at++;
      } else if (meaning === closingQuote) {
        this.at = at + 1;
        return true;
      } else if (meaning === escape) {
        this.#keyHasEscape = true;
        const length = escapeLength(bytes, at, end);
        if (length === 0) break;
        at += length;
      } else if (meaning === beyondAscii) {
        const length = utf8SequenceLength(bytes, at, end);
        if (length < 0 && this.#limits.requireUtf8) {
          this.at = at;
          return this.#fail("invalid_utf8");
        }
        at += Math.abs(length);
      } else {
        break;
      }
    }
    this.at = at;
    return this.#fail("not_json");
  }

  #skipNumber(): boolean {
    if (this.#byteHere() === 0x2d) this.at++;
    if (this.#byteHere() === 0x30) this.at++;
    else if (!this.#skipDigits()) return this.#fail("not_json");
    if (this.#byteHere() === 0x2e) {
      this.at++;
      if (!this.#skipDigits()) return this.#fail("not_json");
    }
    if ((this.#byteHere() | 0x20) === 0x65) {
      this.at++;
      const sign = this.#byteHere();
      if (sign === 0x2b || sign === 0x2d) this.at++;
      if (!this.#skipDigits()) return this.#fail("not_json");
    }
    return true;
  }

  #skipDigits(): boolean {
    const start = this.at;
    while (isDigit(this.#byteHere())) this.at++;
    return this.at > start;
  }

  #byteHere(): number {
    return this.at < this.#end ? (this.#bytes[this.at] as number) : -1;
  }

  #skipLiteral(first: number): boolean {
    const literal = first === trueKey.bytes[0] ? trueKey : first === falseKey.bytes[0] ? falseKey : nullKey;
    const length = literal.bytes.length;
    if (this.at + length > this.#end) return this.#fail("not_json");
    for (let offset = 0; offset < length; offset++) {
      if (this.#bytes[this.at + offset] !== literal.bytes[offset]) return this.#fail("not_json");
    }
    this.at += length;
    return true;
  }

  #fail(problem: JsonProblem): false {
    this.problem ??= problem;
    return false;
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  const escaped = at + 1 < end ? (bytes[at + 1] as number) : -1;
  if (isSimpleEscape[escaped] === 1) return 2;
  if (escaped !== letterU || at + 6 > end) return 0;
  for (let offset = 2; offset < 6; offset++) if (!isHexDigit(bytes[at + offset] as number)) return 0;
  return 6;
}

function isHexDigit(byte: number): boolean {
  return isDigit(byte) || ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x66);
}
