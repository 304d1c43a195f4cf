import { crc32 } from "node:zlib";

const PRELUDE_BYTES = 8;
const CHECKSUM_BYTES = 4;
const STRING_TYPE = 7;

/** The headers of a frame by name, in the order in which they are sent. All of them are strings. */
export type FrameHeaders = Readonly<Record<string, string>>;

/**
 * A message of `application/vnd.amazon.eventstream`: total length and length of the headers, the checksum of these eight
 * bytes, the headers, the payload, the checksum of everything before it. Numbers are big-endian.
 * Format: https://smithy.io/2.0/aws/amazon-eventstream.html
 */
export function encodeFrame(headers: FrameHeaders, payload: string): Buffer {
  const head = Buffer.concat(Object.entries(headers).map(([name, value]) => encodeHeader(name, value)));
  const body = Buffer.from(payload);
  const frame = Buffer.alloc(PRELUDE_BYTES + CHECKSUM_BYTES + head.length + body.length + CHECKSUM_BYTES);
  frame.writeUInt32BE(frame.length, 0);
  frame.writeUInt32BE(head.length, 4);
  frame.writeUInt32BE(crc32(frame.subarray(0, PRELUDE_BYTES)), PRELUDE_BYTES);
  head.copy(frame, PRELUDE_BYTES + CHECKSUM_BYTES);
  body.copy(frame, PRELUDE_BYTES + CHECKSUM_BYTES + head.length);
  const end = frame.length - CHECKSUM_BYTES;
  frame.writeUInt32BE(crc32(frame.subarray(0, end)), end);
  return frame;
}

/** Length and bytes of the name, the type of the value, length and bytes of the value. */
function encodeHeader(name: string, value: string): Buffer {
  const valueBytes = Buffer.from(value);
  const length = Buffer.alloc(2);
  length.writeUInt16BE(valueBytes.length);
  return Buffer.concat([Buffer.from([name.length]), Buffer.from(name), Buffer.from([STRING_TYPE]), length, valueBytes]);
}
