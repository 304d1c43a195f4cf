/**
 * What is left of a provider's limits, from the headers of an answer. OpenAI and those like it send
 * `x-ratelimit-remaining-requests` and `x-ratelimit-reset-requests: 6m0s`, Anthropic `anthropic-ratelimit-requests-remaining`
 * and `anthropic-ratelimit-requests-reset: 2026-11-28T12:00:00Z`; both have the same for tokens.
 */
import type { ResponseHeaders } from "../provider-codec.ts";

export interface RateLimitReading {
  readonly unit: "requests" | "tokens";
  readonly remaining: number;
  /** The whole limit; null where it is not told. */
  readonly size: number | null;
  /** Until it is whole again. */
  readonly resetsInMs: number;
}

const units = ["requests", "tokens"] as const;
const none: readonly RateLimitReading[] = [];
const amounts: { readonly [unit: string]: number } = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Empty for the many answers that tell nothing. Nonsense is passed over. `nowMs` is the time of day. */
export function readRateLimits(headers: ResponseHeaders, nowMs: number): readonly RateLimitReading[] {
  const style = styleOf(headers);
  if (style === null) return none;
  return units.flatMap((unit) => {
    const remaining = numberOf(headers[style.remaining(unit)]);
    const resetsInMs = durationOf(headers[style.reset(unit)], nowMs);
    if (remaining === null || resetsInMs === null) return [];
    return [{ unit, remaining, size: numberOf(headers[style.size(unit)]), resetsInMs }];
  });
}

interface HeaderStyle {
  readonly size: (unit: string) => string;
  readonly remaining: (unit: string) => string;
  readonly reset: (unit: string) => string;
}

const openaiStyle: HeaderStyle = {
  size: (unit) => `x-ratelimit-limit-${unit}`,
  remaining: (unit) => `x-ratelimit-remaining-${unit}`,
  reset: (unit) => `x-ratelimit-reset-${unit}`,
};
const anthropicStyle: HeaderStyle = {
  size: (unit) => `anthropic-ratelimit-${unit}-limit`,
  remaining: (unit) => `anthropic-ratelimit-${unit}-remaining`,
  reset: (unit) => `anthropic-ratelimit-${unit}-reset`,
};

/** Two look-ups for an answer without such headers. */
function styleOf(headers: ResponseHeaders): HeaderStyle | null {
  if (headers["x-ratelimit-remaining-requests"] !== undefined) return openaiStyle;
  if (headers["x-ratelimit-remaining-tokens"] !== undefined) return openaiStyle;
  return headers["anthropic-ratelimit-requests-remaining"] === undefined ? null : anthropicStyle;
}

function numberOf(value: string | readonly string[] | undefined): number | null {
  return typeof value === "string" && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

/** `1s`, `6m0s`, `120ms`, a number of seconds, or an instant. */
function durationOf(value: string | readonly string[] | undefined, nowMs: number): number | null {
  if (typeof value !== "string" || value.length > 40) return null;
  if (/^\d+(?:\.\d+)?$/.test(value)) return Number(value) * 1_000;
  if (/^(?:\d+(?:\.\d+)?(?:ms|[smhd]))+$/.test(value)) {
    let sum = 0;
    for (const [, amount, unit = ""] of value.matchAll(/(\d+(?:\.\d+)?)(ms|[smhd])/g))
      sum += Number(amount) * (amounts[unit] ?? 0);
    return sum;
  }
  const instantMs = Date.parse(value);
  return Number.isNaN(instantMs) ? null : Math.max(0, instantMs - nowMs);
}
