import type { Account } from "../accounts.ts";
import type { LedgerAttempt } from "../ledger-history.ts";
import type { Finding, Histories } from "./histories.ts";
import { sum } from "./provider-bill.ts";

/** The gateway's own charge, by the audit's own arithmetic from what was settled: never a part of what the provider billed. */
export function feeExact({ accounts, attempts }: Histories): Finding {
  const accountOf = new Map(accounts.map((account) => [account.projectId, account]));
  const expected = [...Map.groupBy(attempts, ({ requestId }) => requestId).values()].map((own) => ({
    own,
    fee: feeOfRequest(accountOf.get(own[0]?.projectId ?? ""), own),
  }));
  const charged = sum(attempts.map(({ feePicoUsd }) => feePicoUsd));
  const wrong = expected.filter(({ own, fee }) => sum(own.map(({ feePicoUsd }) => feePicoUsd)) !== fee);
  const difference = charged - sum(expected.map(({ fee }) => fee));
  return {
    number: 8,
    claim:
      "the gateway's fee is what was agreed, once for each request that cost something, on top of the provider's bill",
    figures: `${charged} pico-USD charged, difference ${difference}; ${wrong.length} requests wrong`,
    broken: wrong.map(
      ({ own, fee }) =>
        `request ${own[0]?.requestId} was charged ${sum(own.map(({ feePicoUsd }) => feePicoUsd))}, agreed ${fee}`,
    ),
  };
}

function feeOfRequest(account: Account | undefined, attempts: readonly LedgerAttempt[]): bigint {
  const settled = attempts.filter(({ isSettled }) => isSettled);
  if (account === undefined || settled.length === 0) return 0n;
  const shares = settled.map(
    ({ settledPicoUsd, overrunPicoUsd }) => ((settledPicoUsd + overrunPicoUsd) * account.fee.thousandths) / 1_000n,
  );
  return account.fee.perRequestPicoUsd + sum(shares);
}
