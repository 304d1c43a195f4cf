/**
 * UTF-8 with the platform's own codec. It is the one global that this package uses: every JavaScript runtime has it, and
 * it computes and nothing else.
 */
interface Utf8Decoder {
  decode(bytes: Uint8Array): string;
}
interface Utf8Encoder {
  encode(text: string): Uint8Array;
}
declare const TextDecoder: new (label: "utf-8", options: { readonly ignoreBOM: boolean }) => Utf8Decoder;
declare const TextEncoder: new () => Utf8Encoder;

// A byte order mark is data to a JSON parser, and one of its errors.
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** The text of `bytes[start, end)`; each ill-formed sequence becomes U+FFFD, a byte order mark stays. */
export function decodeUtf8(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return decoder.decode(start === 0 && end === bytes.length ? bytes : bytes.subarray(start, end));
}

/** Without the byte order mark that some servers begin a body with: a view of the same bytes. */
export function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}

/** The UTF-8 bytes of a text; a lone surrogate becomes U+FFFD. */
export function encodeUtf8(text: string): Uint8Array {
  return encoder.encode(text);
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
