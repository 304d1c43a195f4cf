import { describe, expect, it } from "vitest";
import { formatReset } from "./rate-limit-headers.ts";

describe("formatReset", () => {
  it.each([
    [0, "0ms"],
    [0.2, "1ms"],
    [340, "340ms"],
    [999.5, "1000ms"],
    [1_000, "1s"],
    [1_001, "2s"],
    [59_000, "59s"],
    [59_001, "1m0s"],
    [360_000, "6m0s"],
    [86_399_000, "1439m59s"],
  ])("%d ms is %s", (milliseconds, text) => {
    expect(formatReset(milliseconds)).toBe(text);
  });
});
