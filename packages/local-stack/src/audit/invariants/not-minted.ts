import type { Finding, Histories } from "./histories.ts";
import { billedByAttempt } from "./provider-bill.ts";

/** Money is neither made nor freed beyond what was held. */
export function notMinted({ accounts, entries, attempts }: Histories): Finding {
  const billed = billedByAttempt(accounts, entries, attempts);
  const negative = attempts.filter(({ leastPicoUsd }) => leastPicoUsd < 0n);
  const above = attempts.filter(
    ({ settledPicoUsd, overrunPicoUsd, feePicoUsd, heldPicoUsd }) =>
      settledPicoUsd + feePicoUsd > heldPicoUsd || overrunPicoUsd > 0n,
  );
  const tooLow = attempts.filter(({ attemptId, heldPicoUsd }) => heldPicoUsd < (billed.get(attemptId) ?? 0n));
  return {
    number: 5,
    claim: "no amount is negative, no close exceeds its hold, no bill exceeds its hold",
    figures: `${negative.length} negative, ${above.length} closes above their hold, ${tooLow.length} bills above their hold`,
    broken: [
      ...negative.map(({ attemptId }) => `attempt ${attemptId} has a negative entry`),
      ...above.map(({ attemptId }) => `attempt ${attemptId} was closed above its hold`),
      ...tooLow.map(
        ({ attemptId, heldPicoUsd }) => `attempt ${attemptId} held ${heldPicoUsd}, billed ${billed.get(attemptId)}`,
      ),
    ],
  };
}
