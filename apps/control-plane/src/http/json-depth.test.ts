import { describe, expect, it } from "vitest";
import { nestsDeeperThan } from "./json-depth.ts";

const deeper = (text: string, limit: number) => nestsDeeperThan(Buffer.from(text), limit);

describe("nestsDeeperThan", () => {
  it.each([
    ["[[1]]", 2, false],
    ["[[[1]]]", 2, true],
    ['{"a":{"b":[]}}', 2, true],
    ["[[],[],[]]", 2, false],
    ['"[[[["', 2, false],
    ['["\\"[[[[", 1]', 1, false],
    ['["\\\\", [[]]]', 2, true],
    ["", 2, false],
    ["[".repeat(100_000), 32, true],
  ])("%.20s against %i", (text, limit, expected) => {
    expect(deeper(text, limit)).toBe(expected);
  });
});
