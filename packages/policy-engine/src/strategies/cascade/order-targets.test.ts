import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { afterAttempt } from "../../resilience/after-attempt.ts";
import { planRoute } from "../../routing/plan-route.ts";
import { sampleCandidate, sampleCaller, sampleFeatures, sampleOrdering } from "../../testing/sample-ordering.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "../../testing/sample-policy.ts";
import { orderByTier } from "./order-targets.ts";

const config = { type: "cascade", refusals: false } as const;

function planOf(targets: number, groups: readonly number[], maxAttempts: number) {
  const suffixes = Array.from({ length: targets }, (_, index) => String(index));
  const groupIdOf = (index: number) =>
    groups[index] === undefined || groups[index] === 0 ? {} : { groupId: `g${groups[index]}` };
  const route = sampleRoute(
    "r",
    suffixes.map((suffix, index) => sampleTarget(suffix, groupIdOf(index))),
    {
      strategy: config,
      maxAttempts,
      groups: [1, 2].map((id) => ({
        groupId: `g${id}`,
        name: `Group ${id}`,
        weight: 1,
        enabled: true,
        strategy: id === 1 ? { type: "priority" as const } : config,
      })),
    },
  );
  return planRoute({
    route,
    fallbackRoutes: [],
    connectionsById: new Map(suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`)])),
    modelsById: new Map(suffixes.map((suffix) => [`m${suffix}`, sampleModel(`m${suffix}`)])),
    features: sampleFeatures(),
    caller: sampleCaller,
    mostCostPicoUsd: null,
    gatewayRegion: null,
    health: { connections: new Map(), nowMs: 0 },
    nowMs: 0,
    seed: 1,
  });
}

describe("orderByTier", () => {
  it("keeps the route's order, and lets the last tier give way to nobody", () => {
    const candidates = ["1", "2", "3"].map((suffix) => sampleCandidate(suffix, [1, 1]));
    const { ordered, because } = orderByTier(sampleOrdering(candidates), { ...config, charactersAtLeast: 20 });
    expect(ordered.map(({ memberId, tier }) => [memberId, tier])).toEqual([
      ["t1", 0],
      ["t2", 1],
      ["t3", 2],
    ]);
    expect(ordered[0]?.escalatesOn).toEqual({
      outcomes: ["invalid", "truncated", "too_short"],
      meanLogprobAtLeast: null,
      charactersAtLeast: 20,
    });
    expect(ordered[2]?.escalatesOn).toBeUndefined();
    expect(because[1]?.text).toBe(
      "Next comes c2 / m2, where the answer before it is not what was asked for, is cut short or has fewer than 20 characters.",
    );
  });

  it("gives all of a group its tier", () => {
    const { attempts } = planOf(3, [1, 1, 0], 5);
    expect(attempts.map(({ tier, escalatesOn }) => [tier, escalatesOn !== undefined])).toEqual([
      [0, true],
      [0, true],
      [1, false],
    ]);
  });

  it("climbs and always ends, whatever the tiers are made of", () => {
    const arbitraryGroups = fc.array(fc.nat({ max: 2 }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(arbitraryGroups, fc.integer({ min: 1, max: 5 }), (groups, maxAttempts) => {
        let remaining = [...planOf(groups.length, groups, maxAttempts).attempts];
        let attemptsMade = 0;
        let tier = -1;
        while (remaining.length > 0) {
          const [attempt, ...after] = remaining;
          if (attempt === undefined) break;
          attemptsMade += 1;
          expect(attempt.tier).toBeGreaterThan(tier);
          tier = attempt.tier ?? 0;
          const step = afterAttempt({
            failure: "invalid_answer",
            firstByteSent: false,
            attempt,
            credentialId: null,
            hasOtherCredential: false,
            attemptsMade,
            maxAttempts,
            remaining: after,
            health: { connections: new Map(), nowMs: 0 },
          });
          remaining = step.next === "stop" ? [] : after.slice(step.index);
        }
        expect(attemptsMade).toBeLessThanOrEqual(maxAttempts);
      }),
    );
  });
});
