/** The digits of base 62 in ASCII order, so that encoded numbers of one length sort as the numbers do. */
export const base62Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

const isDigit = new Uint8Array(128);
for (let index = 0; index < base62Digits.length; index += 1) isDigit[base62Digits.charCodeAt(index)] = 1;

/** Bytes, read as one big-endian number, in base 62, left-padded to `length` digits; throws a RangeError if they do not fit. */
export function encodeBase62(bytes: Uint8Array, length: number): string {
  let rest = bytes.reduce((number, byte) => number * 256n + BigInt(byte), 0n);
  let text = "";
  for (let position = 0; position < length; position += 1) {
    text = base62Digits.charAt(Number(rest % 62n)) + text;
    rest /= 62n;
  }
  if (rest !== 0n) throw new RangeError(`${bytes.length} bytes do not fit into ${length} base-62 digits`);
  return text;
}

/** Whether every character of text[start, end) is a base-62 digit. */
export function isBase62(text: string, start: number, end: number): boolean {
  for (let index = start; index < end; index += 1) {
    if (isDigit[text.charCodeAt(index)] !== 1) return false;
  }
  return true;
}
