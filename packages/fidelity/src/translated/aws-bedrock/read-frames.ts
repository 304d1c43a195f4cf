import { decodeUtf8 } from "../../decode-body.ts";

/** An event of a stream in `application/vnd.amazon.eventstream`. */
export interface StreamFrame {
  /** `:event-type`, or `:exception-type`. */
  readonly type: string;
  readonly payload: string;
}

const headBytes = 12;
const checksumBytes = 4;
const stringHeader = 7;

/**
 * The frames of a stream whose bytes are given as one character each. Checksums are not looked at, and what is left of a
 * frame that was cut off is left out. Format: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function readFrames(characters: string): StreamFrame[] {
  const bytes = Uint8Array.from(characters, (character) => character.charCodeAt(0));
  const view = new DataView(bytes.buffer);
  const frames: StreamFrame[] = [];
  let start = 0;
  while (start + headBytes <= bytes.length) {
    const length = view.getUint32(start);
    const headersEnd = start + headBytes + view.getUint32(start + 4);
    const end = start + length;
    if (length < headBytes + checksumBytes || end > bytes.length || headersEnd > end) break;
    const headers = readHeaders(bytes.subarray(start + headBytes, headersEnd));
    const payload = decodeUtf8(bytes.subarray(headersEnd, end - checksumBytes));
    frames.push({ type: headers.get(":event-type") ?? headers.get(":exception-type") ?? "", payload });
    start = end;
  }
  return frames;
}

/** Length and name, type of the value, length and value; all that are used here are strings. */
function readHeaders(bytes: Uint8Array): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  const text = (from: number, length: number) => decodeUtf8(bytes.subarray(from, from + length));
  let position = 0;
  while (position < bytes.length) {
    const nameLength = bytes[position] ?? 0;
    const name = text(position + 1, nameLength);
    position += 1 + nameLength;
    if (bytes[position] !== stringHeader) break;
    const valueLength = ((bytes[position + 1] ?? 0) << 8) | (bytes[position + 2] ?? 0);
    headers.set(name, text(position + 3, valueLength));
    position += 3 + valueLength;
  }
  return headers;
}
