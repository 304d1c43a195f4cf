import type { Quota } from "@switchyard/metering/quota";
import type { QuotaLeases } from "./quota-leases.ts";

/**
 * OpenAI's `x-ratelimit-*` headers, of the tightest limit in each unit. What remains is this process's knowledge: its own
 * lease, and what was left elsewhere when the database last told.
 */
export function rateLimitHeaders(rates: readonly Quota[], leases: QuotaLeases): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const unit of ["requests", "tokens"] as const) {
    let tightest: { limit: string; remaining: bigint; resetsInMs: number | null } | null = null;
    for (const quota of rates) {
      if (quota.unit !== unit) continue;
      const known = leases.knowledgeOf(quota);
      if (known === null || (tightest !== null && known.remaining >= tightest.remaining)) continue;
      tightest = { limit: quota.limit, ...known };
    }
    if (tightest === null) continue;
    headers[`x-ratelimit-limit-${unit}`] = tightest.limit;
    headers[`x-ratelimit-remaining-${unit}`] = tightest.remaining.toString();
    if (tightest.resetsInMs !== null) headers[`x-ratelimit-reset-${unit}`] = formatReset(tightest.resetsInMs);
  }
  return headers;
}

/** As OpenAI writes it: "340ms", "12s", "6m0s". */
export function formatReset(milliseconds: number): string {
  if (milliseconds < 1_000) return `${Math.ceil(milliseconds)}ms`;
  const seconds = Math.ceil(milliseconds / 1_000);
  if (seconds < 60) return `${seconds}s`;
  return `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}
