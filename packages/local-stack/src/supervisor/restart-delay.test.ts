import { describe, expect, it } from "vitest";
import { restartDelayMs } from "./restart-delay.ts";

describe("restartDelayMs", () => {
  it("doubles until it reaches its limit", () => {
    const delays = [1, 2, 3, 4, 5, 6, 7, 8, 1000].map((failures) => restartDelayMs(failures, 1));
    expect(delays).toEqual([250, 500, 1000, 2000, 4000, 8000, 15_000, 15_000, 15_000]);
  });

  it("spreads over the upper half of the delay", () => {
    expect(restartDelayMs(3, 0)).toBe(500);
    expect(restartDelayMs(3, 0.5)).toBe(750);
  });
});
