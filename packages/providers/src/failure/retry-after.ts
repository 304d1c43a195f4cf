import type { ResponseHeaders } from "../provider-codec.ts";

/** No provider means more than a week; a larger figure is garbage, and must not overflow a clock. */
const longestMs = 7 * 86_400_000;
const secondsPattern = /^\d{1,9}(?:\.\d{1,6})?$/;
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

function readNumber(value: string | readonly string[] | undefined): number | null {
  const text = firstValue(value);
  return text !== undefined && secondsPattern.test(text) ? Number(text) : null;
}

function millisecondsUntil(httpDate: string, nowMs: number): number | null {
  const instantMs = Date.parse(httpDate);
  return Number.isNaN(instantMs) ? null : Math.max(0, instantMs - nowMs);
}

function firstValue(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === "string" ? value : value?.[0])?.trim();
}
