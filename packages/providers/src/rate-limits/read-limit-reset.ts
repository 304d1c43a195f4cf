import type { ResponseHeaders } from "../provider-codec.ts";
import { readResetMs } from "./read-reset.ts";

/** No limit that a call can wait for is longer away; what is, is garbage. */
const longestMs = 86_400_000;

/** Headers of limits, by what the limit counts; the plain ones do not say. */
const limits = [
  { unit: "requests", suffix: "-requests" },
  { unit: "tokens", suffix: "-tokens" },
  { unit: null, suffix: "" },
] as const;

/**
 * How long until the limit is whole again that a call was refused for, in milliseconds, where the provider does not say how
 * long to wait; null where its headers do not tell. It is the limit that nothing is left of, or that the error is named
 * after (`tokens`, `requests`), as OpenAI's are. Of several the longest counts.
 */
export function readLimitResetMs(headers: ResponseHeaders, errorType: string | null, nowMs: number): number | null {
  let longest: number | null = null;
  for (const { unit, suffix } of limits) {
    const remaining = headers[`x-ratelimit-remaining${suffix}`];
    const isReached = remaining === undefined || remaining === "0" || unit === errorType;
    const period = headers[`x-ratelimit-renewalperiod${suffix}`];
    const resetMs = isReached ? readResetMs(headers[`x-ratelimit-reset${suffix}`], period, nowMs) : null;
    if (resetMs !== null && resetMs > 0 && resetMs <= longestMs) longest = Math.max(longest ?? 0, Math.ceil(resetMs));
  }
  return longest;
}
