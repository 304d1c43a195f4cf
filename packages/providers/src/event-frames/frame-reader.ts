/**
 * Cuts `application/vnd.amazon.eventstream` into its frames: lengths and their checksum, headers, payload, checksum of
 * it all. Bytes may be split anywhere. A frame whose checksums or lengths do not fit is the end of the reading.
 */
import { decodeUtf8 } from "../text/utf8.ts";
import { crc32 } from "./crc32.ts";

export interface Frame {
  /** Those whose values are texts; no others are of use here. */
  readonly headers: ReadonlyMap<string, string>;
  readonly payload: Uint8Array;
}

const preludeBytes = 12;
const checksumBytes = 4;
const leastFrameBytes = preludeBytes + checksumBytes;
const noBytes = new Uint8Array(0);
const textType = 7;
/** Bytes of a header's value by its type; null where the value begins with its own length. */
const valueBytes: readonly (number | null)[] = [0, 0, 1, 2, 4, 8, null, null, 8, 16];

export class FrameReader {
  readonly #maxFrameBytes: number;
  #held = noBytes;
  /** Set once bytes came that are no frame. */
  isBroken = false;

  constructor(maxFrameBytes: number) {
    this.#maxFrameBytes = maxFrameBytes;
  }

  /** Frames that are whole with these bytes, in order. */
  push(chunk: Uint8Array): readonly Frame[] {
    const bytes = this.#held.length === 0 ? chunk : join(this.#held, chunk);
    const frames: Frame[] = [];
    let at = 0;
    while (!this.isBroken && bytes.length - at >= preludeBytes) {
      const length = this.#frameLength(bytes, at);
      if (length === null) this.isBroken = true;
      else if (bytes.length - at < length) break;
      else {
        const frame = readFrame(bytes, at, at + length);
        if (frame === null) this.isBroken = true;
        else frames.push(frame);
        at += length;
      }
    }
    this.#held = this.isBroken ? noBytes : bytes.slice(at);
    return frames;
  }

  /** Null for what cannot be the beginning of a frame. */
  #frameLength(bytes: Uint8Array, at: number): number | null {
    const view = viewOf(bytes);
    const length = view.getUint32(at);
    if (length < leastFrameBytes || length > this.#maxFrameBytes) return null;
    if (view.getUint32(at + 4) > length - leastFrameBytes) return null;
    return view.getUint32(at + 8) === crc32(bytes, at, at + 8) ? length : null;
  }
}

function readFrame(bytes: Uint8Array, start: number, end: number): Frame | null {
  const view = viewOf(bytes);
  const payloadEnd = end - checksumBytes;
  if (view.getUint32(payloadEnd) !== crc32(bytes, start, payloadEnd)) return null;
  const headersStart = start + preludeBytes;
  const headersEnd = headersStart + view.getUint32(start + 4);
  const headers = readHeaders(bytes, headersStart, headersEnd);
  return headers === null ? null : { headers, payload: bytes.subarray(headersEnd, payloadEnd) };
}

/** Null where a header does not end within the headers. */
function readHeaders(bytes: Uint8Array, start: number, end: number): ReadonlyMap<string, string> | null {
  const view = viewOf(bytes);
  const headers = new Map<string, string>();
  let at = start;
  while (at < end) {
    const nameStart = at + 1;
    const nameEnd = nameStart + (bytes[at] as number);
    const type = nameEnd < end ? (bytes[nameEnd] as number) : Infinity;
    const fixed = valueBytes[type];
    if (fixed === undefined || (fixed === null && nameEnd + 3 > end)) return null;
    const valueStart = nameEnd + (fixed === null ? 3 : 1);
    const valueEnd = valueStart + (fixed ?? view.getUint16(nameEnd + 1));
    if (valueEnd > end) return null;
    if (type === textType) headers.set(decodeUtf8(bytes, nameStart, nameEnd), decodeUtf8(bytes, valueStart, valueEnd));
    at = valueEnd;
  }
  return headers;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function join(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  const joined = new Uint8Array(left.length + right.length);
  joined.set(left);
  joined.set(right, left.length);
  return joined;
}
