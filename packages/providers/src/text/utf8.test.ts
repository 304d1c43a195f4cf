import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

// The platform's own codec is the oracle; this package's types do not know it.
const platform = globalThis as unknown as {
  TextEncoder: new () => { encode(text: string): Uint8Array };
  TextDecoder: new (label: string, options: { ignoreBOM: boolean }) => { decode(bytes: Uint8Array): string };
};
const encoder = new platform.TextEncoder();
const decoder = new platform.TextDecoder("utf-8", { ignoreBOM: true });

describe("decodeUtf8", () => {
  test("reads any bytes as the platform does", () => {
    const interesting = fc.oneof(
      fc.integer({ min: 0, max: 255 }),
      fc.constantFrom(0x80, 0xbf, 0xc0, 0xc2, 0xe0, 0xed, 0xa0, 0x9f, 0xef, 0xbb, 0xf0, 0x8f, 0x90, 0xf4, 0xf5),
    );
    fc.assert(
      fc.property(fc.array(interesting, { maxLength: 40 }), (values) => {
        const bytes = Uint8Array.from(values);
        expect(decodeUtf8(bytes)).toBe(decoder.decode(bytes));
      }),
      { numRuns: 2_000 },
    );
  });

  test("reads part of an array, and texts longer than one step", () => {
    const text = `${"a".repeat(5_000)}é${"b".repeat(5_000)}`;
    expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    expect(decodeUtf8(encodeUtf8("«abc»"), 2, 5)).toBe("abc");
  });
});

describe("encodeUtf8", () => {
  test("writes any text as the platform does, lone surrogates included", () => {
    // From U+D800 to U+DFFF: lone surrogates.
    const codePoint = fc.oneof(
      fc.nat(0x7f),
      fc.nat(0x7ff),
      fc.nat(0xffff),
      fc.nat(0x10_ffff),
      fc.nat(0x7ff).map((low) => 0xd800 + low),
    );
    fc.assert(
      fc.property(fc.array(codePoint, { maxLength: 30 }), (codePoints) => {
        const text = String.fromCodePoint(...codePoints);
        expect(encodeUtf8(text).join()).toBe(encoder.encode(text).join());
      }),
      { numRuns: 1_000 },
    );
  });
});
