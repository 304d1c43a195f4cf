import { describe, expect, test } from "vitest";
import { noResilience, type Route } from "../policy/route.ts";
import { input, suffixes } from "../testing/sample-plan-input.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { planRoute, type PlanInput, type RoutePlan } from "./plan-route.ts";

const shadow = { connectionId: "c2", modelId: "m2", percent: 100 };
const promising = { region: null, jurisdiction: null, zeroRetention: true, noTraining: true };

function plan(
  changes: Partial<Route> = {},
  changesOfInput: Partial<PlanInput> = {},
  discreet: readonly string[] = [],
): RoutePlan {
  const route = sampleRoute("r", [sampleTarget("0"), sampleTarget("1")], {
    strategy: { type: "priority" },
    shadow,
    ...changes,
  });
  const connection = (id: string) => sampleConnection(id, discreet.includes(id) ? { attributes: promising } : {});
  const connectionsById = new Map(suffixes.map((suffix) => [`c${suffix}`, connection(`c${suffix}`)]));
  return planRoute(input(route, { connectionsById, ...changesOfInput }));
}

const why = ({ because }: RoutePlan): string | undefined =>
  because.find(({ code }) => code === "shadow_passed_over")?.text;

describe("the shadow of a plan", () => {
  test("is a copy beside the attempts, and never one of them", () => {
    const { attempts, shadow: copy, because } = plan();
    expect(attempts.map(({ modelId }) => modelId)).toEqual(["m0", "m1"]);
    expect(copy).toMatchObject({ connectionId: "c2", modelId: "m2", role: "shadow" });
    expect(because.at(-1)?.text).toBe(
      "A copy goes to the shadow name of c2 / model m2 once this call is answered: 100 % of the calls do. Nobody sees its answer.",
    );
  });

  test("is drawn for its share of the calls", () => {
    const copies = Array.from({ length: 2_000 }, (_, seed) =>
      plan({ shadow: { ...shadow, percent: 10 } }, { seed }).shadow === null ? 0 : 1,
    );
    const share = copies.reduce((sum: number, copy) => sum + copy, 0) / copies.length;
    expect(share).toBeGreaterThan(0.07);
    expect(share).toBeLessThan(0.13);
  });

  test("changes nothing of the plan itself", () => {
    for (let seed = 0; seed < 50; seed++) {
      const changes = { strategy: { type: "weighted" } as const };
      const { shadow: _without, ...rest } = plan({ ...changes, shadow: { ...shadow, percent: 1 } }, { seed });
      expect(plan(changes, { seed }).attempts).toEqual(rest.attempts);
    }
  });

  test("is no copy of what only those may see who keep nothing", () => {
    const keepsNothing = { keepsNothing: true };
    const asked = plan({}, keepsNothing);
    expect(asked.shadow).toBeNull();
    expect(why(asked)).toContain("does not promise to keep nothing");
    expect(plan({}, keepsNothing, ["c2"]).shadow).not.toBeNull();
    const requires = plan({ guards: { requires: { zeroRetention: true } } }, {}, ["c0", "c1"]);
    expect([requires.attempts.length, requires.shadow]).toEqual([2, null]);
  });

  test("is under the caller's price ceiling and what is known of its health", () => {
    const dear = new Map([...suffixes].map((suffix) => [`m${suffix}`, sampleModel(`m${suffix}`)]));
    const [price] = sampleModel("m2").prices;
    dear.set(
      "m2",
      sampleModel("m2", { prices: [{ ...price!, lines: [{ meter: "requests", unitPricePicoUsd: "50" }] }] }),
    );
    const ceiling = { mostCostPicoUsd: 10n as PlanInput["mostCostPicoUsd"], modelsById: dear };
    expect(plan({}, ceiling)).toMatchObject({ shadow: null, attempts: [{}, {}] });
    const drained = new Map(
      suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`, suffix === "2" ? { drained: true } : {})]),
    );
    expect(plan({}, { connectionsById: drained }).shadow).toBeNull();
  });

  test("is only for calls of its group, where it has one", () => {
    const group = (groupId: string, parentGroupId?: string) => ({
      groupId,
      name: groupId,
      weight: 1,
      enabled: true,
      strategy: { type: "priority" } as const,
      ...(parentGroupId === undefined ? {} : { parentGroupId }),
    });
    const groups = [group("outer"), group("inner", "outer"), group("other")];
    const targets = [sampleTarget("0", { groupId: "inner" }), sampleTarget("1", { groupId: "other" })];
    const inGroup = (groupId: string) => plan({ groups, targets, shadow: { ...shadow, groupId } }).shadow !== null;
    expect([inGroup("inner"), inGroup("outer"), inGroup("other")]).toEqual([true, true, false]);
  });

  test("is not there where the route has none", () => {
    const { shadow: _none, ...route } = sampleRoute("r", [sampleTarget("0")], { shadow, resilience: noResilience });
    expect(plan({ ...route, shadow: undefined } as Partial<Route>).shadow).toBeNull();
  });
});
