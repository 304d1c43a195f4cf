/** What a success costs, and how sure that is. */
import { picoUsd, type PicoUsd } from "./pico-usd.ts";

/** Sums over calls, exact. */
export interface CallSums {
  readonly calls: bigint;
  readonly successes: bigint;
  readonly costPicoUsd: bigint;
  /** Of the squares of what each call cost. */
  readonly costSquared: bigint;
  /** Of what the calls cost that succeeded. */
  readonly successCostPicoUsd: bigint;
}

export interface CostOfSuccess {
  readonly perSuccessPicoUsd: PicoUsd;
  /** Null where the calls are too few, or succeed too rarely, to say. */
  readonly interval: { readonly lowPicoUsd: PicoUsd; readonly highPicoUsd: PicoUsd } | null;
}

/** Normal quantile of 95 %, both sides. */
const z = 1.959964;
/** Below so many calls their means are not near enough to normal. */
const fewestCalls = 30n;

/**
 * What was spent over how many successes it brought: what failed calls cost is in it. Null without a success. The interval
 * is Fieller's for a ratio of two correlated means at 95 % (Fieller 1954, "Some problems in interval estimation"): it holds
 * where the number of successes is uncertain too, and says so where it is so uncertain that the ratio has no upper bound.
 */
export function costOfSuccess(sums: CallSums): CostOfSuccess | null {
  const { calls, successes, costPicoUsd } = sums;
  if (successes <= 0n) return null;
  return {
    perSuccessPicoUsd: picoUsd((costPicoUsd + successes / 2n) / successes),
    interval: calls < fewestCalls ? null : fiellerInterval(sums),
  };
}

function fiellerInterval(sums: CallSums): CostOfSuccess["interval"] {
  const { calls, successes, costPicoUsd, costSquared, successCostPicoUsd } = sums;
  const n = Number(calls);
  // Exact until here: the difference of two large sums is where doubles lose all their digits.
  const meanVariance = (sumOfProducts: bigint, left: bigint, right: bigint): number =>
    Number(calls * sumOfProducts - left * right) / (n * n * (n - 1));
  const meanCost = Number(costPicoUsd) / n;
  const meanSuccess = Number(successes) / n;
  const costVariance = meanVariance(costSquared, costPicoUsd, costPicoUsd);
  const successVariance = meanVariance(successes, successes, successes);
  const covariance = meanVariance(successCostPicoUsd, costPicoUsd, successes);
  const a = meanSuccess ** 2 - z ** 2 * successVariance;
  const b = meanCost * meanSuccess - z ** 2 * covariance;
  const c = meanCost ** 2 - z ** 2 * costVariance;
  const discriminant = b ** 2 - a * c;
  if (a <= 0 || discriminant < 0) return null;
  const spread = Math.sqrt(discriminant);
  return { lowPicoUsd: rounded(Math.max(0, (b - spread) / a)), highPicoUsd: rounded((b + spread) / a) };
}

function rounded(amount: number): PicoUsd {
  return picoUsd(BigInt(Math.round(amount)));
}
