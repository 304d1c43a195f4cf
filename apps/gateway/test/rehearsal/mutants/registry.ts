/** Every mutant by its name, as the audit asks for it. */
import { checkThenAct, doubleRefund, holdSkipped, holdTooSmall, keepReturnedLeases } from "./budget-mutants.ts";
import { fakeDone, infrastructureAs401, retryBilledAgain, splicedStream, unpricedIsFree } from "./answer-mutants.ts";
import {
  acknowledgeEarly,
  crashIsFree,
  holdAfterDispatch,
  ingestTwice,
  loseAborted,
  negativeCost,
} from "./journal-mutants.ts";
import {
  cacheHitBilled,
  cachedTokensTwice,
  failedAttemptIsFree,
  feePerAttempt,
  floatMoney,
  hostileUsageIsFree,
  negativePrice,
  pricedAtSettlement,
  reportedCostTrusted,
  truncatedIsFree,
} from "./price-mutants.ts";

const mutants: Readonly<Record<string, () => Promise<void>>> = {
  "check-then-act": checkThenAct,
  "hold-skipped": holdSkipped,
  "double-refund": doubleRefund,
  "returned-lease-kept": keepReturnedLeases,
  "aborted-call-lost": loseAborted,
  "hold-after-dispatch": holdAfterDispatch,
  "ingested-twice": ingestTwice,
  "acknowledged-early": acknowledgeEarly,
  "crash-is-free": crashIsFree,
  "negative-cost": negativeCost,
  "cached-tokens-twice": cachedTokensTwice,
  "priced-at-settlement": pricedAtSettlement,
  "reported-cost-trusted": reportedCostTrusted,
  "float-money": floatMoney,
  "failed-attempt-is-free": failedAttemptIsFree,
  "truncated-is-free": truncatedIsFree,
  "hostile-usage-is-free": hostileUsageIsFree,
  "cache-hit-billed": cacheHitBilled,
  "unpriced-is-free": unpricedIsFree,
  "outage-is-401": infrastructureAs401,
  "fake-done": fakeDone,
  "spliced-stream": splicedStream,
  "hold-too-small": holdTooSmall,
  "negative-price": negativePrice,
  "fee-per-attempt": feePerAttempt,
  "retry-billed-again": retryBilledAgain,
};

/** @throws Error for a name that is none: a rehearsal without its bug would prove nothing. */
export async function applyMutant(name: string): Promise<void> {
  const mutant = mutants[name];
  if (mutant === undefined) throw new Error(`there is no mutant ${name}; there are ${Object.keys(mutants).join(", ")}`);
  await mutant();
}
