import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRateLimits } from "./read-rate-limits.ts";

const nowMs = Date.parse("2026-11-28T12:00:00Z");

describe("what is left of a provider's limits", () => {
  test("is read from OpenAI's headers", () => {
    const headers = {
      "x-ratelimit-limit-requests": "60",
      "x-ratelimit-remaining-requests": "59",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "149984",
      "x-ratelimit-reset-tokens": "6m0s",
    };
    expect(readRateLimits(headers, nowMs)).toEqual([
      { unit: "requests", remaining: 59, size: 60, resetsInMs: 1_000 },
      { unit: "tokens", remaining: 149_984, size: null, resetsInMs: 360_000 },
    ]);
  });

  test("is read from Anthropic's headers", () => {
    const headers = {
      "anthropic-ratelimit-requests-remaining": "0",
      "anthropic-ratelimit-requests-reset": "2026-11-28T12:00:07Z",
      "anthropic-ratelimit-tokens-remaining": "10000",
      "anthropic-ratelimit-tokens-reset": "2026-11-28T11:59:00Z",
    };
    expect(readRateLimits(headers, nowMs)).toEqual([
      { unit: "requests", remaining: 0, size: null, resetsInMs: 7_000 },
      { unit: "tokens", remaining: 10_000, size: null, resetsInMs: 0 },
    ]);
  });

  test.each([
    ["120ms", 120],
    ["1m30.5s", 90_500],
    ["2", 2_000],
  ])("takes %s for a duration", (reset, resetsInMs) => {
    const headers = { "x-ratelimit-remaining-tokens": "1", "x-ratelimit-reset-tokens": reset };
    expect(readRateLimits(headers, nowMs)).toEqual([{ unit: "tokens", remaining: 1, size: null, resetsInMs }]);
  });

  test("is nothing where nothing sensible is said", () => {
    expect(readRateLimits({}, nowMs)).toEqual([]);
    fc.assert(
      fc.property(fc.string(), fc.string(), (remaining, reset) => {
        const headers = { "x-ratelimit-remaining-requests": remaining, "x-ratelimit-reset-requests": reset };
        for (const reading of readRateLimits(headers, nowMs)) {
          expect(Number.isFinite(reading.remaining)).toBe(true);
          expect(reading.resetsInMs).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});
