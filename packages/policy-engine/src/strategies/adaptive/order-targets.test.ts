import fc from "fast-check";
import { picoUsd } from "@switchyard/metering/pico-usd";
import { describe, expect, it } from "vitest";
import type { TargetPerformance } from "../../performance/target-performance.ts";
import { SeededDraws } from "../../routing/seeded-draws.ts";
import { planRoute } from "../../routing/plan-route.ts";
import { sampleCaller, sampleCandidate, sampleFeatures, sampleOrdering } from "../../testing/sample-ordering.ts";
import { sampleConnection, sampleRoute, sampleTarget } from "../../testing/sample-policy.ts";
import type { Strategy } from "../registry.ts";
import { orderByOutcome } from "./order-targets.ts";

const config = { type: "adaptive", explorePercent: 10, successPercentAtLeast: 80 } as const;
/** The price of a token doubles from one to the next. */
const candidates = ["1", "2", "3"].map((suffix, index) => sampleCandidate(suffix, [2 ** index, 2 ** index]));

function orderFor(shares: Readonly<Record<string, readonly [successes: number, failures: number]>>, seed: number) {
  const find = (taskClass: string | null, connectionId: string): TargetPerformance | undefined => {
    const known = taskClass === "code" ? shares[connectionId] : undefined;
    return known === undefined ? undefined : { successes: known[0], failures: known[1], meanOutputTokens: 100 };
  };
  const task = { by: "words", taskClass: "code", complexity: null, cues: [] } as const;
  const features = sampleFeatures({ inputTokensExpected: 1_000, task });
  return orderByOutcome(
    sampleOrdering(candidates, { features, performance: { find }, draws: new SeededDraws(seed) }),
    config,
  );
}

/** Of many calls, how many each target is the first choice of. */
function firstChoices(shares: Parameters<typeof orderFor>[0]): Record<string, number> {
  const counts: Record<string, number> = { t1: 0, t2: 0, t3: 0 };
  for (let seed = 0; seed < 2_000; seed++) {
    const id = orderFor(shares, seed).ordered[0]?.memberId ?? "";
    counts[id] = (counts[id] ?? 0) + 1;
  }
  return counts;
}

describe("orderByOutcome", () => {
  it("takes the cheapest that keeps the floor", () => {
    const { t1, t2, t3 } = firstChoices({ c1: [300, 700], c2: [900, 100], c3: [990, 10] });
    expect([t1, t3]).toEqual([0, 0]);
    expect(t2).toBe(2_000);
  });

  it("tries what is not known, within its share", () => {
    const { t1 = 0, t2 = 0 } = firstChoices({ c1: [2, 4], c2: [900, 100], c3: [990, 10] });
    expect(t1).toBeGreaterThan(0);
    expect(t1).toBeLessThan(2_000 * 0.12);
    expect(t2).toBeGreaterThan(2_000 * 0.88);
  });

  it("takes the best where none keeps the floor", () => {
    const { ordered, because } = orderFor({ c1: [10, 990], c2: [100, 900], c3: [500, 500] }, 5);
    expect(ordered.map(({ memberId }) => memberId)).toEqual(["t3", "t2", "t1"]);
    expect(because[0]?.text).toContain("it is below the floor of 80 %, as all others are");
  });

  it("says why in a sentence", () => {
    const seed = Array.from({ length: 50 }, (_, index) => index).find((drawn) => {
      return orderFor({ c1: [900, 100] }, drawn).because[0]?.code === "adaptive_choice";
    });
    expect(orderFor({ c1: [900, 100] }, seed ?? -1).because[0]?.text).toBe(
      "Chose c1 / m1: a success is expected to cost least there; it succeeds at 90 % of tasks of the kind code, " +
        "as far as 1000 tell, and this call may cost $0.0000000011.",
    );
  });

  it("gives the same order for the same seed, names nobody twice, and never one below the floor before one above", () => {
    const trials = fc.tuple(fc.nat({ max: 500 }), fc.nat({ max: 500 }));
    fc.assert(
      fc.property(fc.record({ c1: trials, c2: trials, c3: trials }), fc.nat(), (shares, seed) => {
        const { ordered, because } = orderFor(shares, seed);
        expect(orderFor(shares, seed).ordered).toEqual(ordered);
        expect(new Set(ordered)).toEqual(new Set(candidates));
        const below = because.map(({ text }) => text.includes("below the floor"));
        expect(below).toEqual(below.toSorted((left, right) => Number(left) - Number(right)));
      }),
    );
  });
});

describe("an adaptive route's plan", () => {
  const suffixes = ["1", "2", "3", "4"];
  const pieces = fc.record({
    successes: fc.double({ min: 0, max: 2_000, noNaN: true }),
    failures: fc.double({ min: 0, max: 2_000, noNaN: true }),
    meanOutputTokens: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
  });
  const known = fc.dictionary(fc.constantFrom(...suffixes.map((suffix) => `c${suffix}`)), pieces);

  function planned(strategy: Strategy, performance: Record<string, TargetPerformance>, ceiling: bigint, seed: number) {
    const route = sampleRoute(
      "r",
      suffixes.map((suffix) => sampleTarget(suffix)),
      { strategy, maxAttempts: 5 },
    );
    const models = suffixes.map((suffix, index) => sampleCandidate(suffix, [2 ** index, 2 ** index]).model);
    return planRoute({
      route,
      fallbackRoutes: [],
      connectionsById: new Map(suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`)])),
      modelsById: new Map(models.map((model) => [model.modelId, model])),
      features: sampleFeatures({ outputTokensAsked: 100 }),
      caller: sampleCaller,
      mostCostPicoUsd: picoUsd(ceiling),
      gatewayRegion: null,
      health: { connections: new Map(), nowMs: 0 },
      performance: { find: (_, connectionId) => performance[connectionId] },
      nowMs: 0,
      seed,
    }).attempts.map(({ connectionId }) => connectionId);
  }

  it("never leaves the price ceiling, and never tries what surely is below the floor before what is not", () => {
    fc.assert(
      fc.property(known, fc.bigInt({ min: 1n, max: 3_000n }), fc.nat(), (performance, ceiling, seed) => {
        const attempts = planned(config, performance, ceiling, seed);
        const allowed = planned({ type: "priority" }, performance, ceiling, seed);
        expect(new Set(attempts)).toEqual(new Set(allowed));
        const isSurelyBad = attempts.map((id) => {
          const { successes = 0, failures = 0 } = performance[id] ?? {};
          // Far below 80 % by any bound, whatever four trials of a prior add.
          return successes + failures >= 200 && (successes + 5) / (successes + failures + 6) < 0.6;
        });
        const isSurelyGood = attempts.map((id) => {
          const { successes = 0, failures = 0 } = performance[id] ?? {};
          return successes >= 0.8 * (successes + failures);
        });
        const lastGood = isSurelyGood.lastIndexOf(true);
        const firstBad = isSurelyBad.indexOf(true);
        expect(lastGood).toBeLessThan(firstBad === -1 ? attempts.length : firstBad);
      }),
    );
  });
});
