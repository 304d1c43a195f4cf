import type { ResponseHeaders } from "../provider-codec.ts";

/** No provider means more than a week; a larger figure is garbage, and must not overflow a clock. */
const longestMs = 7 * 86_400_000;
const secondsPattern = /^(\d{1,9}(?:\.\d{1,6})?)s?$/;
/** A sentence that asks to wait, and then the duration: `try again in 1m2.5s`, `retry after 26 seconds`. */
const wordsPattern =
  /(?:try again|retry|wait)\s+(?:(?:in|after|for)\s+)?((?:\d{1,9}(?:\.\d{1,9})?\s?(?:ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?)(?![a-z])\s?){1,4})/i;
const partPattern = /(\d+(?:\.\d+)?)\s?(ms|milli|s|m|h)/gi;
const unitsMs: { readonly [unit: string]: number } = { ms: 1, milli: 1, s: 1_000, m: 60_000, h: 3_600_000 };
const httpDatePattern = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

/**
 * How long a provider asks to be left alone, in milliseconds; null when it asks for nothing that can be understood.
 * Of `retry-after-ms` and `retry-after` the longer counts: one of them can be 0 while the other is not.
 */
export function readRetryAfterMs(headers: ResponseHeaders, nowMs: number): number | null {
  const milliseconds = readNumber(headers["retry-after-ms"]);
  const general = firstValue(headers["retry-after"]);
  const seconds = readNumber(general);
  const asked = [
    milliseconds,
    seconds === null ? null : seconds * 1_000,
    general !== undefined && httpDatePattern.test(general) ? millisecondsUntil(general, nowMs) : null,
  ].filter((value) => value !== null);
  return asked.length === 0 ? null : Math.min(longestMs, Math.ceil(Math.max(...asked)));
}

/** The same, where it stands in the message of an error alone; null where that asks for nothing. */
export function readRetryAfterWords(message: string): number | null {
  const duration = wordsPattern.exec(message)?.[1];
  if (duration === undefined) return null;
  let totalMs = 0;
  for (const [, figure, unit] of duration.matchAll(partPattern)) {
    totalMs += Number(figure) * (unitsMs[(unit as string).toLowerCase()] as number);
  }
  return Math.min(longestMs, Math.ceil(totalMs));
}

function readNumber(value: string | readonly string[] | undefined): number | null {
  const text = firstValue(value);
  const number = text === undefined ? undefined : secondsPattern.exec(text)?.[1];
  return number === undefined ? null : Number(number);
}

function millisecondsUntil(httpDate: string, nowMs: number): number | null {
  const instantMs = Date.parse(httpDate);
  return Number.isNaN(instantMs) ? null : Math.max(0, instantMs - nowMs);
}

function firstValue(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === "string" ? value : value?.[0])?.trim();
}
