import { describe, expect, test } from "vitest";
import { decodeUtf8, encodeUtf8 } from "./utf8.ts";

describe("decodeUtf8", () => {
  test.each([
    ["a byte order mark stays", [0xef, 0xbb, 0xbf, 0x61], "\ufeffa"],
    ["an overlong form is two errors", [0xc0, 0xaf], "\ufffd\ufffd"],
    ["a sequence that breaks off is one", [0xe2, 0x82, 0x61], "\ufffda"],
    ["a surrogate is three", [0xed, 0xa0, 0x80], "\ufffd\ufffd\ufffd"],
    ["four bytes are one character", [0xf0, 0x9f, 0x98, 0x80], "😀"],
  ])("%s", (_, bytes, text) => {
    expect(decodeUtf8(Uint8Array.from(bytes))).toBe(text);
  });

  test("reads part of an array", () => {
    expect(decodeUtf8(encodeUtf8("«abc»"), 2, 5)).toBe("abc");
    expect(decodeUtf8(encodeUtf8("abc"), 1)).toBe("bc");
  });
});

describe("encodeUtf8", () => {
  test("writes a lone surrogate as the replacement character", () => {
    expect([...encodeUtf8("é\ud800")]).toEqual([0xc3, 0xa9, 0xef, 0xbf, 0xbd]);
  });
});
