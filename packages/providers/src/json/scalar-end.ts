/**
 * Where the strings, numbers and literals of a JSON text end (RFC 8259, exactly what `JSON.parse` takes). A negative
 * answer is a failure, and `failedAt` of it the position where it went wrong.
 */
import { utf8SequenceLength } from "../text/utf8.ts";

export const quote = 0x22;
export const backslash = 0x5c;
const minus = 0x2d;
const letterU = 0x75;

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

const literals = ["true", "false", "null"].map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));

/** The position behind the string whose opening quote is at `start`. */
export function stringEnd(bytes: Uint8Array, start: number, end: number, requireUtf8: boolean): number {
  let at = start + 1;
  while (at < end) {
    const meaning = inString[bytes[at] as number];
    if (meaning === 0) {
      at++;
    } else if (meaning === closingQuote) {
      return at + 1;
    } else if (meaning === escape) {
      const length = escapeLength(bytes, at, end);
      if (length === 0) return failure(at);
      at += length;
    } else if (meaning === beyondAscii) {
      const length = utf8SequenceLength(bytes, at, end);
      if (length < 0 && requireUtf8) return failure(at);
      at += Math.abs(length);
    } else {
      return failure(at);
    }
  }
  return failure(end);
}

/** The position behind the number that begins at `start`. */
export function numberEnd(bytes: Uint8Array, start: number, end: number): number {
  const first = bytes[start] === minus ? start + 1 : start;
  let at = first < end && bytes[first] === 0x30 ? first + 1 : digitsEnd(bytes, first, end);
  if (at === first) return failure(at);
  if (at < end && bytes[at] === 0x2e) {
    const fraction = at + 1;
    at = digitsEnd(bytes, fraction, end);
    if (at === fraction) return failure(at);
  }
  if (at < end && (bytes[at] === 0x65 || bytes[at] === 0x45)) {
    const sign = at + 1 < end ? bytes[at + 1] : undefined;
    const exponent = sign === 0x2b || sign === minus ? at + 2 : at + 1;
    at = digitsEnd(bytes, exponent, end);
    if (at === exponent) return failure(at);
  }
  return at;
}

/** The position behind the `true`, `false` or `null` at `start`. */
export function literalEnd(bytes: Uint8Array, start: number, end: number): number {
  for (const literal of literals) {
    if (bytes[start] !== literal[0] || start + literal.length > end) continue;
    for (let offset = 1; offset < literal.length; offset++) {
      if (bytes[start + offset] !== literal[offset]) return failure(start + offset);
    }
    return start + literal.length;
  }
  return failure(start);
}

/** The position that a negative answer stands for. */
export function failedAt(answer: number): number {
  return -answer - 1;
}

export function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39;
}

export function startsNumber(byte: number): boolean {
  return byte === minus || isDigit(byte);
}

function digitsEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && isDigit(bytes[at] as number)) at++;
  return at;
}

function failure(at: number): number {
  return -at - 1;
}

function escapeLength(bytes: Uint8Array, at: number, end: number): number {
  const escaped = at + 1 < end ? (bytes[at + 1] as number) : -1;
  if (isSimpleEscape[escaped] === 1) return 2;
  if (escaped !== letterU || at + 6 > end) return 0;
  for (let offset = 2; offset < 6; offset++) if (!isHexDigit(bytes[at + offset] as number)) return 0;
  return 6;
}

function isHexDigit(byte: number): boolean {
  const lowerCase = byte | 0x20;
  return isDigit(byte) || (lowerCase >= 0x61 && lowerCase <= 0x66);
}
