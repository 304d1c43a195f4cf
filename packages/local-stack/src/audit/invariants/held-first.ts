import type { Finding, Histories } from "./histories.ts";

/** Nothing reached a provider before its hold was durable. */
export function heldFirst({ attempts, entries }: Histories): Finding {
  const held = new Set(attempts.filter(({ holds }) => holds > 0).map(({ attemptId }) => attemptId));
  const dark = entries.filter(({ attemptId }) => attemptId === null || !held.has(attemptId));
  return {
    number: 2,
    claim: "no provider call without a durable hold",
    figures: `${entries.length} provider calls, ${dark.length} without a hold`,
    broken: dark.map(
      ({ attemptId, outcome }) => `the provider had attempt ${attemptId} (${outcome}), the ledger has not`,
    ),
  };
}
