import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeUtf8 } from "../text/utf8.ts";
import { parseLossless, readJsonObject } from "./parse-lossless.ts";

test("a whole number of any length is written again as it was read", () => {
  fc.assert(
    fc.property(fc.bigInt(), fc.string(), (number, text) => {
      const written = `{"a":[${number}],"b":${JSON.stringify(text)}}`;
      expect(JSON.stringify(parseLossless(written))).toBe(written);
    }),
  );
});

test.each(["123456789012345", "1234567890123456", "-12345678901234567", "0.12345678901234567890", "1.5"])(
  "%s keeps its spelling",
  (number) => {
    expect(JSON.stringify(readJsonObject(encodeUtf8(`{"a":${number}}`)))).toBe(`{"a":${number}}`);
  },
);
