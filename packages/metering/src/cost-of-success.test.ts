import { expect, it } from "vitest";
import { type CallSums, costOfSuccess } from "./cost-of-success.ts";

function sumsOf(calls: readonly (readonly [cost: bigint, isSuccess: boolean])[]): CallSums {
  const sum = (of: (cost: bigint, isSuccess: boolean) => bigint) =>
    calls.reduce((total, [cost, isSuccess]) => total + of(cost, isSuccess), 0n);
  return {
    calls: BigInt(calls.length),
    successes: sum((_, isSuccess) => (isSuccess ? 1n : 0n)),
    costPicoUsd: sum((cost) => cost),
    costSquared: sum((cost) => cost * cost),
    successCostPicoUsd: sum((cost, isSuccess) => (isSuccess ? cost : 0n)),
  };
}

/** Numerical Recipes' generator: the same numbers everywhere. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32;
}

it("counts what failures cost too, and says nothing without a success", () => {
  expect(costOfSuccess(sumsOf([[100n, false]]))).toBeNull();
  expect(
    costOfSuccess(
      sumsOf([
        [100n, true],
        [50n, false],
        [101n, true],
      ]),
    ),
  ).toEqual({ perSuccessPicoUsd: 126n, interval: null });
});

it("is sure where all calls are the same", () => {
  const { interval } = costOfSuccess(sumsOf(Array.from({ length: 50 }, () => [700n, true] as const))) ?? {};
  expect(interval).toEqual({ lowPicoUsd: 700n, highPicoUsd: 700n });
});

it("gives no interval where successes are so rare that there is no upper bound", () => {
  const calls = Array.from({ length: 200 }, (_, index) => [700n, index === 0] as const);
  expect(costOfSuccess(sumsOf(calls))?.interval).toBeNull();
});

it("holds the true ratio as often as it says", () => {
  const draw = seeded(7);
  let held = 0;
  const trials = 1_000;
  for (let trial = 0; trial < trials; trial += 1) {
    // 70 % succeed; a success costs 1,000,000 on average and a failure half of that: 1,214,286 per success.
    const calls = Array.from({ length: 300 }, () => {
      const isSuccess = draw() < 0.7;
      return [BigInt(Math.round((isSuccess ? 2e6 : 1e6) * draw())), isSuccess] as const;
    });
    const { lowPicoUsd = 0n, highPicoUsd = 0n } = costOfSuccess(sumsOf(calls))?.interval ?? {};
    if (lowPicoUsd <= 1_214_286n && 1_214_286n <= highPicoUsd) held += 1;
  }
  expect(held / trials).toBeGreaterThan(0.93);
  expect(held / trials).toBeLessThan(0.97);
});

it("stays exact where the sums are larger than doubles are", () => {
  const cost = 9_007_199_254_740_993n;
  const calls = Array.from({ length: 40 }, (_, index) => [cost + BigInt(index % 2), true] as const);
  const { interval } = costOfSuccess(sumsOf(calls)) ?? {};
  expect(Number((interval?.highPicoUsd ?? 0n) - (interval?.lowPicoUsd ?? 0n))).toBeLessThan(1e9);
});
