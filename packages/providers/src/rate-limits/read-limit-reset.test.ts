import { describe, expect, test } from "vitest";
import { readLimitResetMs } from "./read-limit-reset.ts";

const nowMs = Date.parse("2026-11-28T12:00:00Z");
const nowSeconds = nowMs / 1_000;

/** Headers of OpenAI's style: what is left of both limits, and when each is whole again. */
function headersOf(requests: readonly [string, string], tokens: readonly [string, string]) {
  return {
    "x-ratelimit-remaining-requests": requests[0],
    "x-ratelimit-reset-requests": requests[1],
    "x-ratelimit-remaining-tokens": tokens[0],
    "x-ratelimit-reset-tokens": tokens[1],
  };
}

describe("how long until a limit is whole again", () => {
  test.each([
    ["nothing is left of it", headersOf(["0", "1.5s"], ["900", "6m0s"]), null, 1_500],
    ["the error is named after it", headersOf(["499", "120ms"], ["112", "1m0.2s"]), "tokens", 60_200],
    ["both are used up: the longer counts", headersOf(["0", "20s"], ["0", "6m0s"]), null, 360_000],
    ["seconds without a unit", headersOf(["0", "7"], ["900", "1s"]), null, 7_000],
    ["an instant in seconds", headersOf(["0", String(nowSeconds + 30)], ["900", "1s"]), null, 30_000],
    ["an instant in milliseconds", headersOf(["0", String(nowMs + 2_500)], ["900", "1s"]), null, 2_500],
    ["an instant as text", headersOf(["0", "2026-11-28T12:00:07Z"], ["900", "1s"]), null, 7_000],
    ["a reset alone", { "x-ratelimit-reset-requests": "3s" }, null, 3_000],
    [
      "a limit that does not say what it counts",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "4" },
      null,
      4_000,
    ],
  ])("where %s", (_, headers, errorType, waitMs) => {
    expect(readLimitResetMs(headers, errorType, nowMs)).toBe(waitMs);
  });

  test.each([
    ["2146", "60", 2_146],
    ["3", "60", 3_000],
    ["60", "60", 60_000],
  ])("no limit takes longer than its period: %s of %s s", (reset, period, waitMs) => {
    const headers = {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": reset,
      "x-ratelimit-renewalperiod-requests": period,
    };
    expect(readLimitResetMs(headers, null, nowMs)).toBe(waitMs);
  });

  test.each([
    ["nothing is told", {}, null],
    ["much is left", headersOf(["499", "120ms"], ["200000", "0s"]), null],
    ["the limit is whole, and the request larger than it", headersOf(["499", "120ms"], ["200000", "0s"]), "tokens"],
    ["it is further away than any limit", headersOf(["0", "90d"], ["900", "1s"]), null],
    ["the instant has passed", headersOf(["0", String(nowSeconds - 5)], ["900", "1s"]), null],
    ["it is no time", headersOf(["0", "soon"], ["900", "1s"]), null],
  ])("is not told where %s", (_, headers, errorType) => {
    expect(readLimitResetMs(headers, errorType, nowMs)).toBeNull();
  });
});
