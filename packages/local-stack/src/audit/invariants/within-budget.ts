import type { Finding, Histories } from "./histories.ts";
import { billedByAttempt, sum } from "./provider-bill.ts";

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** By what the provider billed and the gateway charged on top, and by every state of the database that was looked at. */
export function withinBudget({ accounts, entries, attempts, budgets, budgetLooks }: Histories): Finding {
  const ofModel = (model: string) => entries.filter((entry) => entry.model === model);
  const billed = accounts.map((account) => ({
    account,
    amount:
      sum(billedByAttempt([account], ofModel(account.model), attempts).values()) +
      sum(attempts.filter(({ projectId }) => projectId === account.projectId).map(({ feePicoUsd }) => feePicoUsd)),
  }));
  const over = billed.map(({ account, amount }) => larger(0n, amount - account.limitPicoUsd));
  const committed = budgets.filter(
    (window) => window.countedPicoUsd > window.limitPicoUsd || window.overrunPicoUsd > 0n,
  );
  const tight = billed.find(({ account }) => account.name === "tight");
  const used = tight === undefined ? 0 : Number((tight.amount * 1_000n) / tight.account.limitPicoUsd) / 10;
  return {
    number: 4,
    claim: "settled + held + leased never passes a hard limit",
    figures: `overspend ${sum(over)} pico-USD in ${budgetLooks} looks at ${budgets.length} budgets; the tight one used to ${used} %`,
    broken: [
      ...billed
        .filter((_, index) => over[index] !== 0n)
        .map(({ account, amount }) => `${account.name} was billed ${amount} of ${account.limitPicoUsd}`),
      ...committed.map(
        (window) =>
          `a budget of ${window.limitPicoUsd} counted ${window.countedPicoUsd} and ${window.overrunPicoUsd} beyond its holds`,
      ),
    ],
  };
}
