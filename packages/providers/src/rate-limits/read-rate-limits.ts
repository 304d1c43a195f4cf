/**
 * What is left of a provider's limits, from the headers of an answer. OpenAI and those like it send
 * `x-ratelimit-remaining-requests` and `x-ratelimit-reset-requests: 6m0s`, Anthropic `anthropic-ratelimit-requests-remaining`
 * and `anthropic-ratelimit-requests-reset: 2026-11-28T12:00:00Z`; both have the same for tokens.
 */
import type { ResponseHeaders } from "../provider-codec.ts";
import { readResetMs } from "./read-reset.ts";

export interface RateLimitReading {
  readonly unit: "requests" | "tokens";
  readonly remaining: number;
  /** The whole limit; null where it is not told. */
  readonly size: number | null;
  /** Until it is whole again. */
  readonly resetsInMs: number;
}

const none: readonly RateLimitReading[] = [];

/** Empty for the many answers that tell nothing. Nonsense is passed over. `nowMs` is the time of day. */
export function readRateLimits(headers: ResponseHeaders, nowMs: number): readonly RateLimitReading[] {
  const style = styleOf(headers);
  if (style === null) return none;
  const readings: RateLimitReading[] = [];
  for (const { unit, size, remaining, reset, period } of style) {
    const left = numberOf(headers[remaining]);
    const periodTold = period === null ? undefined : headers[period];
    const resetsInMs = left === null ? null : readResetMs(headers[reset], periodTold, nowMs);
    if (left !== null && resetsInMs !== null) {
      readings.push({ unit, remaining: left, size: numberOf(headers[size]), resetsInMs });
    }
  }
  return readings;
}

/** The names of the headers that tell of one unit. */
interface UnitHeaders {
  readonly unit: RateLimitReading["unit"];
  readonly size: string;
  readonly remaining: string;
  readonly reset: string;
  /** How long it takes to be whole, which Azure tells. */
  readonly period: string | null;
}

const openaiStyle = unitHeaders((unit) => ({
  size: `x-ratelimit-limit-${unit}`,
  remaining: `x-ratelimit-remaining-${unit}`,
  reset: `x-ratelimit-reset-${unit}`,
  period: `x-ratelimit-renewalperiod-${unit}`,
}));
const anthropicStyle = unitHeaders((unit) => ({
  size: `anthropic-ratelimit-${unit}-limit`,
  remaining: `anthropic-ratelimit-${unit}-remaining`,
  reset: `anthropic-ratelimit-${unit}-reset`,
  period: null,
}));

function unitHeaders(name: (unit: string) => Omit<UnitHeaders, "unit">): readonly UnitHeaders[] {
  return (["requests", "tokens"] as const).map((unit) => ({ unit, ...name(unit) }));
}

/** Three look-ups for an answer without such headers. */
function styleOf(headers: ResponseHeaders): readonly UnitHeaders[] | null {
  if (headers["x-ratelimit-remaining-requests"] !== undefined) return openaiStyle;
  if (headers["x-ratelimit-remaining-tokens"] !== undefined) return openaiStyle;
  return headers["anthropic-ratelimit-requests-remaining"] === undefined ? null : anthropicStyle;
}

function numberOf(value: string | readonly string[] | undefined): number | null {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}
