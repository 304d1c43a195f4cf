/**
 * Walks a JSON text byte by byte without building anything. It accepts exactly what `JSON.parse` accepts, within limits,
 * so that a text it has walked needs no second opinion. Recursion is bounded by `maxDepth`.
 *
 * After a failure every method answers false and `problem` says why; loops over members and elements simply end.
 */
import { decodeUtf8 } from "../text/utf8.ts";
import { backslash, failedAt, isDigit, literalEnd, numberEnd, quote, startsNumber, stringEnd } from "./scalar-end.ts";

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

export const openingBracket = 0x5b;
export const openingBrace = 0x7b;
const closingBracket = 0x5d;
const closingBrace = 0x7d;
const comma = 0x2c;
const colon = 0x3a;
const letterN = 0x6e;

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
      if (byte > 0x20 || (byte !== 0x20 && byte !== 0x0a && byte !== 0x0d && byte !== 0x09)) return byte;
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
    if (!this.#passString()) return false;
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
    const { bytes } = name;
    const first = this.#bytes[this.keyStart];
    if (first !== bytes[0] && first !== backslash) return false;
    const length = this.keyEnd - this.keyStart;
    // Only an escape makes the spelling of an ASCII name longer than the name.
    if (length !== bytes.length) return length > bytes.length && this.#keyHasEscape() && this.keyText() === name.text;
    for (let offset = 1; offset < length; offset++) {
      if (this.#bytes[this.keyStart + offset] !== bytes[offset]) return false;
    }
    return true;
  }

  keyText(): string {
    return readJsonString(this.#bytes, this.keyStart - 1, this.keyEnd + 1);
  }

  /** Passes the value that begins here and returns it parsed, or `tooLong`; undefined on a failure. */
  readValue(mostBytes: number, tooLong: string): unknown {
    const first = this.peek();
    const start = this.at;
    if (!this.skipValue()) return undefined;
    // Most values that are looked at are null or an index, once for every token of a stream.
    if (first === letterN) return null;
    if (isDigit(first) && this.at === start + 1) return first - 0x30;
    if (this.at - start > mostBytes) return tooLong;
    if (first === quote) return readJsonString(this.#bytes, start, this.at);
    return JSON.parse(decodeUtf8(this.#bytes, start, this.at));
  }

  /** Passes the value that begins here. */
  skipValue(): boolean {
    const first = this.peek();
    if (first === quote) {
      if (!this.#passString()) return false;
    } else if (first === openingBrace) {
      if (!this.enter(openingBrace)) return false;
      while (this.nextMember()) if (!this.skipValue()) return false;
    } else if (first === openingBracket) {
      if (!this.enter(openingBracket)) return false;
      while (this.nextElement()) if (!this.skipValue()) return false;
    } else {
      const passScalar = startsNumber(first) ? numberEnd : literalEnd;
      if (!this.#moveTo(passScalar(this.#bytes, this.at, this.#end))) return false;
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

  #passString(): boolean {
    if (this.#moveTo(stringEnd(this.#bytes, this.at, this.#end, this.#limits.requireUtf8))) return true;
    // Inside a string, a byte beyond ASCII only fails where it is not UTF-8.
    if (this.at < this.#end && (this.#bytes[this.at] as number) >= 0x80) this.problem = "invalid_utf8";
    return false;
  }

  #moveTo(position: number): boolean {
    this.at = position >= 0 ? position : failedAt(position);
    return position >= 0 || this.#fail("not_json");
  }

  #keyHasEscape(): boolean {
    return hasEscape(this.#bytes, this.keyStart, this.keyEnd);
  }

  #fail(problem: JsonProblem): false {
    this.problem ??= problem;
    return false;
  }
}

/** The text of the JSON string in `bytes[start, end)`, quotes included. It must be a valid one. */
export function readJsonString(bytes: Uint8Array, start: number, end: number): string {
  // Most strings mean what they say, and a parser would be asked for nothing.
  if (!hasEscape(bytes, start + 1, end - 1)) return decodeUtf8(bytes, start + 1, end - 1);
  return JSON.parse(decodeUtf8(bytes, start, end)) as string;
}

function hasEscape(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === backslash) return true;
  return false;
}
