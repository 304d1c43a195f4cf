/** The audit's own arithmetic of what the provider is owed. */
import type { Account } from "../accounts.ts";
import type { LedgerAttempt } from "../ledger-history.ts";
import type { SimulatorEntry } from "../simulator-api.ts";

/** Settled by something else than the provider's own count: a correction from the provider's record is due. */
export function isUncertain({ usageSource }: LedgerAttempt): boolean {
  return usageSource === "upper_bound" || usageSource === "estimate";
}

/** What the provider billed for each attempt, by the audit's own prices, in the version that the attempt names. */
export function billedByAttempt(
  accounts: readonly Account[],
  entries: readonly SimulatorEntry[],
  attempts: readonly LedgerAttempt[],
): Map<string, bigint> {
  const accountOf = new Map(accounts.map((account) => [account.model, account]));
  const versionOf = new Map(attempts.map(({ attemptId, priceVersionId }) => [attemptId, priceVersionId]));
  const billed = new Map<string, bigint>();
  for (const entry of entries) {
    const id = entry.attemptId ?? "none";
    const account = accountOf.get(entry.model);
    const multiple = account?.multiples.get(versionOf.get(id) ?? "") ?? 1n;
    const price = entry.billed ? (account?.priceOf(entry) ?? 0n) * multiple : 0n;
    billed.set(id, (billed.get(id) ?? 0n) + price);
  }
  return billed;
}

export function sum(amounts: Iterable<bigint>): bigint {
  let total = 0n;
  for (const amount of amounts) total += amount;
  return total;
}
