/**
 * Amazon's event stream from lines of JSON, one for each frame: `{":event-type": …, "payload": {…}}`. Every member but
 * `payload` is a header. Written from the public description of the format, and nothing of the codecs.
 */
import { crc32 } from "node:zlib";

const textType = 7;

export function encodeFrames(lines: string): Buffer {
  const frames = lines.split("\n").filter((line) => line !== "");
  return Buffer.concat(frames.map((line) => encodeFrame(JSON.parse(line) as Readonly<Record<string, unknown>>)));
}

function encodeFrame({ payload, ...headers }: Readonly<Record<string, unknown>>): Buffer {
  const body = Buffer.from(JSON.stringify(payload));
  const told = { ":message-type": "event", ":content-type": "application/json", ...headers };
  const head = Buffer.concat(Object.entries(told).map(([name, value]) => encodeHeader(name, String(value))));
  const prelude = Buffer.alloc(8);
  prelude.writeUInt32BE(12 + head.length + body.length + 4, 0);
  prelude.writeUInt32BE(head.length, 4);
  const frame = Buffer.concat([prelude, checksum(prelude), head, body]);
  return Buffer.concat([frame, checksum(frame)]);
}

function encodeHeader(name: string, value: string): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(Buffer.byteLength(value));
  return Buffer.concat([Buffer.of(name.length), Buffer.from(name), Buffer.of(textType), length, Buffer.from(value)]);
}

function checksum(bytes: Buffer): Buffer {
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(bytes));
  return sum;
}
