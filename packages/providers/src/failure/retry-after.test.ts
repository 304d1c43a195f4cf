import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readRetryAfterMs, readRetryAfterWords } from "./retry-after.ts";

const nowMs = Date.UTC(2026, 10, 20, 12, 0, 0);

describe("readRetryAfterMs", () => {
  test.each<[string, Record<string, string | string[]>, number | null]>([
    ["seconds", { "retry-after": "3" }, 3_000],
    ["zero", { "retry-after": "0" }, 0],
    ["part of a second", { "retry-after": "0.25" }, 250],
    ["seconds with their unit", { "retry-after": "2.5s" }, 2_500],
    ["white space around", { "retry-after": " 3 " }, 3_000],
    ["a list of values", { "retry-after": ["3", "9"] }, 3_000],
    ["milliseconds", { "retry-after-ms": "1500" }, 1_500],
    ["both: the longer counts", { "retry-after-ms": "0", "retry-after": "1" }, 1_000],
    ["both, the other way", { "retry-after-ms": "2500", "retry-after": "1" }, 2_500],
    ["garbage beside a good value", { "retry-after-ms": "soon", "retry-after": "1" }, 1_000],
    ["a date to come", { "retry-after": "Fri, 20 Nov 2026 12:00:30 GMT" }, 30_000],
    ["a date gone by", { "retry-after": "Fri, 20 Nov 2026 11:00:00 GMT" }, 0],
    ["an hour", { "retry-after": "3600" }, 3_600_000],
    ["an age", { "retry-after": "999999999" }, 7 * 86_400_000],
    ["nothing", {}, null],
    ["an empty value", { "retry-after": "" }, null],
    ["an empty list", { "retry-after": [] }, null],
    ["a negative number", { "retry-after": "-5" }, null],
    ["a number with an exponent", { "retry-after": "1e9" }, null],
    ["a number out of range", { "retry-after": "9".repeat(400) }, null],
    ["a word", { "retry-after": "tomorrow" }, null],
    ["a year", { "retry-after": "2026-11-20" }, null],
    ["a date that does not exist", { "retry-after": "Xxx, 99 Foo 2026 12:00:30 GMT" }, null],
  ])("reads %s", (_, headers, expected) => {
    expect(readRetryAfterMs(headers, nowMs)).toBe(expected);
  });

  test("gives a bounded whole number or nothing for any text", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (general, milliseconds) => {
        const asked = readRetryAfterMs({ "retry-after": general, "retry-after-ms": milliseconds }, nowMs);
        expect(asked === null || (Number.isInteger(asked) && asked >= 0 && asked <= 7 * 86_400_000)).toBe(true);
      }),
    );
  });
});

describe("readRetryAfterWords", () => {
  test.each<[string, number | null]>([
    ["Rate limit reached for gpt-5 on tokens per min. Please try again in 1.242s. Visit the docs.", 1_242],
    ["Please try again in 350ms.", 350],
    ["Please try again in 6m0s.", 360_000],
    ["Please try again in 1h2m3.5s.", 3_723_500],
    ["Requests have exceeded the call rate limit. Please retry after 26 seconds.", 26_000],
    ["Too many requests, wait 2 minutes", 120_000],
    ["Slow down, retry in 20 sec", 20_000],
    ["Please try again in 99999999h.", 7 * 86_400_000],
    ["Please try again later.", null],
    ["Please try again in 3 months.", null],
    ["The limit is 20 requests in 60s.", null],
    ["", null],
  ])("reads %s", (message, expected) => {
    expect(readRetryAfterWords(message)).toBe(expected);
  });
});
