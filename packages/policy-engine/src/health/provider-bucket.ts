/** What a provider says is left of its own limits, so that a call is not sent only to be refused. */

/** One limit as an answer's headers tell it. */
export interface LimitReading {
  readonly unit: "requests" | "tokens";
  readonly remaining: number;
  /** The whole of it; null where it is not told. */
  readonly size: number | null;
  /** Until it is whole again. */
  readonly resetsInMs: number;
}

interface Limit {
  left: number;
  readonly size: number | null;
  readonly learnedAtMs: number;
  readonly resetsAtMs: number;
}

/** What is said to come back later than this is asked for again before. */
const longestBeliefMs = 60_000;

/**
 * The buckets of one target, as far as its provider tells them. Between two answers calls are taken off what was left, and
 * what is whole again at its reset is taken to come back evenly until then. Fixed memory; all times are of one clock that
 * never goes back.
 */
export class ProviderBucket {
  readonly #limits: { requests: Limit | null; tokens: Limit | null } = { requests: null, tokens: null };

  /** An answer told what was left when the provider had counted its call. */
  learn({ unit, remaining, size, resetsInMs }: LimitReading, nowMs: number): void {
    const resetsAtMs = nowMs + Math.min(Math.max(resetsInMs, 0), longestBeliefMs);
    this.#limits[unit] = { left: remaining, size, learnedAtMs: nowMs, resetsAtMs };
  }

  /** A call of about so many tokens goes out. */
  take(tokens: number): void {
    const { requests, tokens: ofTokens } = this.#limits;
    if (requests !== null) requests.left -= 1;
    if (ofTokens !== null) ofTokens.left -= tokens;
  }

  /** How long until a call of about so many tokens has room; 0 where it has, or where nothing is known. */
  waitMs(tokens: number, nowMs: number): number {
    return Math.max(waitFor(this.#limits.requests, 1, nowMs), waitFor(this.#limits.tokens, Math.max(1, tokens), nowMs));
  }
}

function waitFor(limit: Limit | null, asked: number, nowMs: number): number {
  if (limit === null) return 0;
  const { left, size, learnedAtMs, resetsAtMs } = limit;
  const untilResetMs = resetsAtMs - nowMs;
  if (untilResetMs <= 0) return 0;
  // A call that is larger than the whole bucket waits for a full one; the rest is for the provider to say.
  const amount = size === null ? asked : Math.min(asked, size);
  if (left >= amount) return 0;
  if (size === null) return untilResetMs;
  const perMs = (size - left) / (resetsAtMs - learnedAtMs);
  return Math.min(untilResetMs, Math.max(0, (amount - left) / perMs - (nowMs - learnedAtMs)));
}
