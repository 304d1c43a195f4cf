import type { QuotaHeld } from "./hold-outcome.ts";

/**
 * What a call that ended has used of a rate limit: itself, or its true tokens (the expected ones where the count is no
 * quantity); a call in flight gives its place back.
 */
export function rateCharge({ quota, amount }: QuotaHeld, tokensUsed: number): bigint {
  if (quota.unit === "concurrent_requests") return 0n;
  const isCounted = quota.unit === "tokens" && Number.isSafeInteger(tokensUsed) && tokensUsed >= 0;
  return isCounted ? BigInt(tokensUsed) : amount;
}
