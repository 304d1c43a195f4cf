import type { LedgerAttempt } from "../ledger-history.ts";
import type { Finding, Histories } from "./histories.ts";
import { billedByAttempt, isUncertain, sum } from "./provider-bill.ts";

/** To the pico-dollar: attempt by attempt where the provider counted, in sum after correction. */
export function conserved({ accounts, entries, attempts, corrected }: Histories): Finding {
  const billed = billedByAttempt(accounts, entries, attempts);
  const spend = (attempt: LedgerAttempt): bigint =>
    attempt.settledPicoUsd + attempt.overrunPicoUsd + attempt.correctedPicoUsd;
  const uncertain = attempts.filter(isUncertain);
  const wrong = attempts.filter(
    (attempt) => !isUncertain(attempt) && spend(attempt) !== (billed.get(attempt.attemptId) ?? 0n),
  );
  const difference = sum(corrected.map(spend)) - sum(billed.values());
  const unequal = corrected.filter((attempt) => spend(attempt) !== (billed.get(attempt.attemptId) ?? 0n));
  return {
    number: 3,
    claim: "the ledger is what providers billed, exactly, at the prices that each attempt names, after correction",
    figures: `${sum(billed.values())} pico-USD billed, difference ${difference}; ${uncertain.length} attempts corrected, ${wrong.length} wrong without saying so`,
    broken: [
      ...wrong.map(
        (attempt) =>
          `attempt ${attempt.attemptId} (${attempt.usageSource}) was booked at ${spend(attempt)}, billed ${billed.get(attempt.attemptId) ?? 0n}`,
      ),
      ...unequal.map(
        (attempt) =>
          `attempt ${attempt.attemptId} stays at ${spend(attempt)}, billed ${billed.get(attempt.attemptId) ?? 0n}`,
      ),
      ...(difference === 0n ? [] : [`the sums differ by ${difference}`]),
    ],
  };
}
