import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { base62Digits, encodeBase62, isBase62 } from "./base62.ts";

function decode(text: string): bigint {
  return Array.from(text).reduce((number, digit) => number * 62n + BigInt(base62Digits.indexOf(digit)), 0n);
}

describe("encodeBase62", () => {
  it("loses nothing at a fixed length", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const text = encodeBase62(bytes, 43);
        expect(text).toHaveLength(43);
        expect(isBase62(text, 0, 43)).toBe(true);
        expect(decode(text)).toBe(BigInt(`0x${Buffer.from(bytes).toString("hex")}`));
      }),
    );
  });

  it("fits 32 bytes into 43 digits at both ends of the range and no fewer", () => {
    const largest = new Uint8Array(32).fill(255);
    expect(encodeBase62(new Uint8Array(32), 43)).toBe("0".repeat(43));
    expect(decode(encodeBase62(largest, 43))).toBe(2n ** 256n - 1n);
    expect(() => encodeBase62(largest, 42)).toThrow(RangeError);
  });
});

describe("isBase62", () => {
  it("knows the digits and nothing else", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), (text) => {
        expect(isBase62(text, 0, text.length)).toBe(
          Array.from(text).every((character) => base62Digits.includes(character)),
        );
      }),
    );
  });
});
