import { randomFillSync } from "node:crypto";

/*
 * UUID version 7 (RFC 9562): 48 bits of Unix milliseconds, a 32-bit counter (split around the version and variant bits),
 * then 42 random bits. The counter starts at a random 31-bit number each millisecond and grows by one per id, so the ids
 * of one process sort in the order they were made.
 */
const largestMs = 2 ** 48 - 1;
const largestStepBackMs = 10_000;
const poolBytes = 4096;
const bytesPerId = 10;

const uuidV7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const hexOfByte: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const pool = new Uint8Array(poolBytes);
let poolOffset = poolBytes;
let lastMs = -1;
let counter = 0;

/**
 * A new time-ordered id for a Unix time in milliseconds. Within a process ids only go up: where the clock steps back by
 * up to 10 s, the time of the last id is kept. A time older than that is taken as it is, so records can be backdated.
 * Throws a RangeError outside 0 … 2^48 - 1.
 */
export function createUuidV7(nowMs: number = Date.now()): string {
  const wholeMs = Math.floor(nowMs);
  if (!(wholeMs >= 0 && wholeMs <= largestMs)) throw new RangeError("a UUIDv7 needs a time of 0 to 2^48 - 1 ms");
  if (poolOffset + bytesPerId > poolBytes) {
    randomFillSync(pool);
    poolOffset = 0;
  }
  advance(wholeMs);
  const highMs = Math.floor(lastMs / 2 ** 32);
  const id =
    `${hex(highMs >>> 8)}${hex(highMs)}${hex(lastMs >>> 24)}${hex(lastMs >>> 16)}-${hex(lastMs >>> 8)}${hex(lastMs)}-` +
    `${hex(0x70 | (counter >>> 28))}${hex(counter >>> 20)}-${hex(0x80 | ((counter >>> 14) & 0x3f))}${hex(counter >>> 6)}-` +
    `${hex((counter << 2) | (randomByte(4) & 0x03))}${hex(randomByte(5))}${hex(randomByte(6))}` +
    `${hex(randomByte(7))}${hex(randomByte(8))}${hex(randomByte(9))}`;
  poolOffset += bytesPerId;
  return id;
}

/** The Unix time in milliseconds inside a version 7 UUID; throws a RangeError for any other text. */
export function timestampOfUuidV7(id: string): number {
  const [, high, low] = uuidV7.exec(id) ?? [];
  if (high === undefined || low === undefined) throw new RangeError("not a version 7 UUID");
  return Number.parseInt(high + low, 16);
}

function advance(nowMs: number): void {
  if (nowMs > lastMs || nowMs < lastMs - largestStepBackMs) {
    lastMs = nowMs;
    counter = (((randomByte(0) & 0x7f) << 24) | (randomByte(1) << 16) | (randomByte(2) << 8) | randomByte(3)) >>> 0;
    return;
  }
  counter = (counter + 1) >>> 0;
  if (counter === 0) lastMs += 1;
}

function randomByte(offset: number): number {
  return pool[poolOffset + offset] ?? 0;
}

function hex(byte: number): string {
  return hexOfByte[byte & 0xff] ?? "";
}
