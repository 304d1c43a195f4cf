import fc from "fast-check";
import { expect, test } from "vitest";
import type { Route } from "../policy/route.ts";
import {
  failed,
  fiveFailures,
  healthOf,
  input,
  modelsWith,
  plainChat,
  suffixes,
} from "../testing/sample-plan-input.ts";
import { sampleConnection, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { explainSplit } from "./explain-split.ts";
import { planRoute } from "./plan-route.ts";

test("gives every target its exact share of first places, and of the places after", () => {
  const weights = [70, 20, 10];
  const route = sampleRoute(
    "r",
    weights.map((weight, index) => sampleTarget(String(index), { weight })),
  );
  const runs = 40_000;
  const firsts = new Map<string, number>();
  const seconds = new Map<string, number>();
  for (let run = 0; run < runs; run++) {
    const [first, second] = planRoute(input(route, { seed: Math.floor((run * 2 ** 32) / runs) })).attempts;
    firsts.set(first!.targetId, (firsts.get(first!.targetId) ?? 0) + 1);
    const pair = `${first!.targetId} then ${second!.targetId}`;
    seconds.set(pair, (seconds.get(pair) ?? 0) + 1);
  }
  for (const { targetId, share } of explainSplit(route.targets)) {
    expect(Math.abs(firsts.get(targetId)! / runs - share)).toBeLessThan(0.01);
  }
  expect(Math.abs(seconds.get("t0 then t1")! / runs - 0.7 * (20 / 30))).toBeLessThan(0.01);
  expect(Math.abs(seconds.get("t1 then t0")! / runs - 0.2 * (70 / 80))).toBeLessThan(0.01);
});

test("never names what a filter refuses, never twice, never too many; same input, same plan", () => {
  const target = fc.record({ weight: fc.constantFrom(0, 1, 5, 1_000_000), enabled: fc.boolean() });
  const routeOf = (id: string, from: number): fc.Arbitrary<Route> =>
    fc
      .record({
        targets: fc.array(target, { minLength: 1, maxLength: 6 }),
        maxAttempts: fc.integer({ min: 1, max: 5 }),
        strategy: fc.constantFrom<Route["strategy"]>(
          { type: "weighted" },
          { type: "priority" },
          { type: "cheapest", expectedOutputTokens: 500 },
          { type: "fastest", explorePercent: 10 },
          { type: "cascade", refusals: true },
          { type: "complexity", boundaries: [0.5], whenUnsure: "easiest" },
          { type: "adaptive", explorePercent: 50, successPercentAtLeast: 80 },
        ),
      })
      .map(({ targets, maxAttempts, strategy }) =>
        sampleRoute(
          id,
          targets.map((changes, index) =>
            sampleTarget(String(from + index), { targetId: `${id}${index}`, ...changes }),
          ),
          { maxAttempts, strategy },
        ),
      );
  const facts = fc.record({
    disabled: fc.subarray(suffixes),
    drained: fc.subarray(suffixes),
    withoutTools: fc.subarray(suffixes),
    resting: fc.subarray(suffixes),
    failing: fc.subarray(suffixes),
    missing: fc.subarray(suffixes, { maxLength: 3 }),
    tools: fc.boolean(),
    seed: fc.integer(),
  });
  fc.assert(
    fc.property(
      routeOf("a", 0),
      routeOf("b", 3),
      facts,
      (route, fallback, { disabled, drained, withoutTools, resting, failing, missing, tools, seed }) => {
        const planInput = input(route, {
          fallbackRoutes: [fallback],
          connectionsById: new Map(
            suffixes
              .filter((suffix) => !missing.includes(suffix))
              .map((suffix) => [
                `c${suffix}`,
                sampleConnection(`c${suffix}`, {
                  enabled: !disabled.includes(suffix),
                  drained: drained.includes(suffix),
                }),
              ]),
          ),
          modelsById: modelsWith({ tools: false }, withoutTools),
          health: healthOf(
            Object.fromEntries([
              ...failing.map((suffix) => [suffix, fiveFailures] as const),
              ...resting.map((suffix) => [suffix, [{ ...failed, retryAfterMs: 1_000 }]] as const),
            ]),
          ),
          features: { ...plainChat, tools },
          seed,
        });
        const plan = planRoute(planInput);
        const { attempts, because } = plan;
        const isOutOfNeed = because.some(({ code }) => code === "trial_out_of_need");
        const targets = new Map([...route.targets, ...fallback.targets].map((each) => [each.targetId, each]));
        for (const { targetId, connectionId, modelId, routeId } of attempts) {
          const suffix = connectionId.slice(1);
          expect(targets.get(targetId)).toMatchObject({ connectionId, modelId, enabled: true });
          const { strategy } = routeId === route.routeId ? route : fallback;
          expect(strategy.type === "weighted" ? targets.get(targetId)!.weight : 1).toBeGreaterThan(0);
          expect([...disabled, ...drained, ...resting, ...missing, ...(tools ? withoutTools : [])]).not.toContain(
            suffix,
          );
          expect(isOutOfNeed || !failing.includes(suffix)).toBe(true);
        }
        expect(attempts.length).toBeLessThanOrEqual(isOutOfNeed ? 1 : route.maxAttempts);
        expect(new Set(attempts.map(({ connectionId, modelId }) => `${connectionId} ${modelId}`)).size).toBe(
          attempts.length,
        );
        expect(attempts.map(({ role }) => role)).toEqual(
          attempts.map((_, index) => (index === 0 ? "first" : "fallback")),
        );
        expect(because.every(({ code, text }) => /^[a-z_]+$/.test(code) && /^[A-Z].*\.$/.test(text))).toBe(true);
        expect(because.length).toBeGreaterThan(0);
        expect(planRoute(planInput)).toEqual(plan);
      },
    ),
    { numRuns: 500 },
  );
});
