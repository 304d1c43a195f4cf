import type { QuotaHeld } from "./hold-outcome.ts";

/** What a call that ended has used of a rate limit: itself, its true tokens; a call in flight gives its place back. */
export function rateCharge({ quota, amount }: QuotaHeld, tokensUsed: number): bigint {
  if (quota.unit === "concurrent_requests") return 0n;
  return quota.unit === "tokens" ? BigInt(tokensUsed) : amount;
}
