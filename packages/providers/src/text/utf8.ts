/**
 * UTF-8 in plain TypeScript, because this package has no TextEncoder to rely on. Decoding replaces what is not UTF-8
 * exactly as the WHATWG decoder does, without removing a byte order mark.
 */
const replacement = 0xfffd;
const decodedAtOnce = 4_096;

/** The text of `bytes[start, end)`; each ill-formed sequence becomes U+FFFD. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  let text = "";
  let at = start;
  while (at < end) {
    const asciiEnd = endOfAscii(bytes, at, Math.min(end, at + decodedAtOnce));
    if (asciiEnd > at) {
      text += String.fromCharCode.apply(null, bytes.subarray(at, asciiEnd) as unknown as number[]);
      at = asciiEnd;
      continue;
    }
    const length = utf8SequenceLength(bytes, at, end);
    text += String.fromCodePoint(length > 0 ? codePointOf(bytes, at, length) : replacement);
    at += length > 0 ? length : -length;
  }
  return text;
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 3);
  let length = 0;
  for (let at = 0; at < text.length; at++) {
    let code = text.codePointAt(at) as number;
    if (code >= 0xd800 && code <= 0xdfff) code = replacement;
    if (code < 0x80) {
      bytes[length++] = code;
    } else if (code < 0x800) {
      bytes[length++] = 0xc0 | (code >> 6);
      bytes[length++] = continuation(code);
    } else if (code < 0x1_0000) {
      bytes[length++] = 0xe0 | (code >> 12);
      bytes[length++] = continuation(code >> 6);
      bytes[length++] = continuation(code);
    } else {
      bytes[length++] = 0xf0 | (code >> 18);
      bytes[length++] = continuation(code >> 12);
      bytes[length++] = continuation(code >> 6);
      bytes[length++] = continuation(code);
      at += 1;
    }
  }
  return bytes.slice(0, length);
}

/**
 * The length of the well-formed sequence at `at`, whose first byte must not be ASCII (Unicode 16, table 3-7). Negative
 * for an ill-formed one: minus the number of bytes that one replacement character stands for.
 */
export function utf8SequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4) return -1;
  for (let offset = 1; offset < length; offset++) {
    const byte = at + offset < end ? (bytes[at + offset] as number) : 0;
    const lowest = offset > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
    const highest = offset > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
    if (byte < lowest || byte > highest) return -offset;
  }
  return length;
}

function endOfAscii(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] as number) < 0x80) at++;
  return at;
}

function codePointOf(bytes: Uint8Array, at: number, length: number): number {
  let code = (bytes[at] as number) & (0xff >> (length + 1));
  for (let offset = 1; offset < length; offset++) code = (code << 6) | ((bytes[at + offset] as number) & 0x3f);
  return code;
}

function continuation(code: number): number {
  return 0x80 | (code & 0x3f);
}
