import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createUuidV7, timestampOfUuidV7 } from "./random-id.ts";

const shape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const largestMs = 2 ** 48 - 1;

describe("createUuidV7", () => {
  it("makes well-formed version 7 ids that sort in the order they were made", () => {
    const ids = Array.from({ length: 50_000 }, () => createUuidV7());
    expect(ids.every((id) => shape.test(id))).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("stays ordered while the clock jitters backwards", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9_000, max: 9_000 }), { minLength: 2, maxLength: 200 }), (steps) => {
        let nowMs = 2_000_000_000_000;
        let highestMs = nowMs;
        createUuidV7(0);
        const ids = steps.map((step) => {
          nowMs = Math.max(highestMs - 9_999, nowMs + step);
          highestMs = Math.max(highestMs, nowMs);
          return createUuidV7(nowMs);
        });
        // The first id sets the clock; a step below it by up to 10 s must not show.
        expect(ids.toSorted()).toEqual(ids);
      }),
    );
  });

  it("carries its time, also when backdated by more than the clock could jitter", () => {
    fc.assert(
      fc.property(fc.integer({ min: 20_000, max: largestMs }), (nowMs) => {
        createUuidV7(0);
        expect(timestampOfUuidV7(createUuidV7(nowMs))).toBe(nowMs);
        expect(timestampOfUuidV7(createUuidV7(nowMs - 10_001))).toBe(nowMs - 10_001);
      }),
    );
  });

  it("puts counter and randomness in all bits but version and variant", () => {
    let ones = 0n;
    let zeros = 0n;
    const allBits = (1n << 80n) - 1n;
    for (let round = 0; round < 2_000; round += 1) {
      createUuidV7(0);
      const bits = BigInt(`0x${createUuidV7(1_000_000).replaceAll("-", "").slice(12)}`);
      ones |= bits;
      zeros |= ~bits & allBits;
    }
    // Version 0111, variant 10; the counter starts below 2^31, so its top bit (after the version) stays zero.
    const fixedOnes = (0x7n << 76n) | (1n << 63n);
    const fixedZeros = (1n << 79n) | (1n << 75n) | (1n << 62n);
    expect(ones).toBe(allBits & ~fixedZeros);
    expect(zeros).toBe(allBits & ~fixedOnes);
  });

  it.each([Number.NaN, -1, Infinity, 2 ** 48])("refuses the time %s", (nowMs) => {
    expect(() => createUuidV7(nowMs)).toThrow(RangeError);
  });
});

describe("timestampOfUuidV7", () => {
  it("reads the example of RFC 9562", () => {
    expect(timestampOfUuidV7("017f22e2-79b0-7cc3-98c4-dc0c0c07398f")).toBe(Date.UTC(2022, 1, 22, 19, 22, 22));
  });

  it.each([
    "",
    "017f22e2-79b0-4cc3-98c4-dc0c0c07398f",
    "017f22e2-79b0-7cc3-98c4",
    "zzzzzzzz-79b0-7cc3-98c4-dc0c0c07398f",
    "017f22e2x79b0-7cc3-98c4-dc0c0c07398f",
  ])("refuses %j", (text) => {
    expect(() => timestampOfUuidV7(text)).toThrow(RangeError);
  });
});
