import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";

describe("canonicalJson", () => {
  it("puts the members of every object in one order, and keeps the order of lists", () => {
    expect(canonicalJson({ b: [{ d: 1, c: null }, 2], a: "x" })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
    expect(canonicalJson({ a: "x", b: [{ c: null, d: 1 }, 2] })).toBe('{"a":"x","b":[{"c":null,"d":1},2]}');
  });
});
