import { describe, expect, test } from "vitest";
import { input } from "../testing/sample-plan-input.ts";
import { sampleModel, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { planRoute } from "./plan-route.ts";

describe("the larger model of a plan", () => {
  const windows = [8_000, 16_000, 32_000, 200_000, 128_000];
  const modelsById = new Map(
    windows.map((contextWindow, index) => [`m${index}`, sampleModel(`m${index}`, { contextWindow })]),
  );
  const route = sampleRoute(
    "r",
    windows.map((_, index) => sampleTarget(String(index))),
    { strategy: { type: "priority" }, maxAttempts: 2 },
  );

  test("is the one with the largest window for which there was no place", () => {
    const plan = planRoute(input(route, { modelsById }));
    expect(plan.attempts.map(({ modelId }) => modelId)).toEqual(["m0", "m1"]);
    expect(plan.largerModel).toMatchObject({ modelId: "m3", role: "fallback", contextWindow: 200_000 });
  });

  test("is not there where the plan has it, and never one that a filter, a guard or a weight of zero speaks against", () => {
    expect(planRoute(input({ ...route, maxAttempts: 5 }, { modelsById })).largerModel).toBeUndefined();
    const off = route.targets.map((target, index) => ({ ...target, enabled: index !== 3 }));
    expect(planRoute(input({ ...route, targets: off }, { modelsById })).largerModel?.modelId).toBe("m4");
    const unweighted = route.targets.map((target, index) => ({ ...target, weight: index < 2 ? 1 : 0 }));
    const weighted = { ...route, strategy: { type: "weighted" as const }, targets: unweighted };
    expect(planRoute(input(weighted, { modelsById })).largerModel).toBeUndefined();
    const dear = sampleModel("m3", { contextWindow: 200_000, prices: [priceOf("1000")] });
    const guarded = { ...route, guards: { mostPercentOfFirst: 200 } };
    const dearModels = new Map([...modelsById, ["m3", dear]]);
    expect(planRoute(input(guarded, { modelsById: dearModels })).largerModel).toBeUndefined();
  });
});

function priceOf(unitPricePicoUsd: string) {
  const [price] = sampleModel("m").prices;
  return { ...price!, lines: [{ meter: "requests" as const, unitPricePicoUsd }] };
}
