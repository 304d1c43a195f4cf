import { parseUsd } from "@switchyard/metering/pico-usd";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Route, RouteGroup, RouteGuards } from "../policy/route.ts";
import { sampleCaller, sampleFeatures } from "../testing/sample-ordering.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { type PlanInput, planRoute } from "./plan-route.ts";

const suffixes = ["0", "1", "2", "3", "4", "5"];

function plan(route: Route, changes: Partial<PlanInput> = {}) {
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
    ...changes,
  });
}

const group = (groupId: string, changes: Partial<RouteGroup> = {}): RouteGroup => ({
  groupId,
  name: groupId.toUpperCase(),
  weight: 1,
  enabled: true,
  strategy: { type: "priority" },
  ...changes,
});
const ids = ({ attempts }: ReturnType<typeof plan>): string[] => attempts.map(({ targetId }) => targetId);
const texts = ({ because }: ReturnType<typeof plan>): string[] => because.map(({ text }) => text);

describe("groups", () => {
  test("stand where their first target stands, and order their own targets", () => {
    const targets = [
      sampleTarget("0"),
      sampleTarget("1", { groupId: "a" }),
      sampleTarget("2"),
      sampleTarget("3", { groupId: "a" }),
      sampleTarget("4", { groupId: "b" }),
    ];
    const groups = [group("a"), group("b", { parentGroupId: "a" })];
    const route = sampleRoute("r", targets, { strategy: { type: "priority" }, groups, maxAttempts: 5 });
    expect(ids(plan(route))).toEqual(["t0", "t1", "t3", "t4", "t2"]);
    expect(texts(plan({ ...route, targets: targets.slice(1) }))[1]).toBe(
      "Next in line is name of c2 / model m2: it follows in the route's order.",
    );
    expect(texts(plan({ ...route, targets: targets.slice(1) }))).toContain(
      "In group A: Chose name of c1 / model m1: it comes first in the route's order.",
    );
  });

  test("are passed over by their conditions, and the first that a call is meant for keeps the others out", () => {
    const groups = [
      group("legal", { when: { match: "all", clauses: [{ fact: "team", anyOf: ["legal"] }] } }),
      group("rest"),
    ];
    const targets = [sampleTarget("0", { groupId: "legal" }), sampleTarget("1", { groupId: "rest" })];
    const route = sampleRoute("r", targets, { strategy: { type: "first_match" }, groups });
    expect(ids(plan(route))).toEqual(["t1"]);
    expect(texts(plan(route))).toEqual([
      "Passed over group LEGAL: it is for another team.",
      "Chose group REST: it is the first that is meant for such a call.",
      "In group REST: Chose name of c1 / model m1: it comes first in the route's order.",
    ]);
    const legal = { caller: { ...sampleCaller, teamId: "legal" } };
    expect(ids(plan(route, legal))).toEqual(["t0"]);
    const without = new Map([["c1", sampleConnection("c1")]]);
    expect(ids(plan(route, { ...legal, connectionsById: without }))).toEqual([]);
  });

  test("get their share of the calls", () => {
    const targets = [
      sampleTarget("0", { groupId: "a" }),
      sampleTarget("1", { groupId: "a" }),
      sampleTarget("2", { weight: 30 }),
    ];
    const route = sampleRoute("r", targets, { groups: [group("a", { weight: 70, strategy: { type: "weighted" } })] });
    const runs = 3_000;
    const firsts: Record<string, number> = {};
    for (let run = 0; run < runs; run++) {
      const [first = ""] = ids(plan(route, { seed: Math.floor((run * 2 ** 32) / runs) }));
      firsts[first] = (firsts[first] ?? 0) + 1 / runs;
    }
    expect(firsts["t0"]).toBeCloseTo(0.35, 1);
    expect(firsts["t1"]).toBeCloseTo(0.35, 1);
    expect(firsts["t2"]).toBeCloseTo(0.3, 1);
  });
});

describe("guards", () => {
  const inRegion = (region: string | null) =>
    sampleConnection("c0", { attributes: { region, jurisdiction: "EU", zeroRetention: false, noTraining: true } });
  const under = (guards: RouteGuards) => sampleRoute("r", [sampleTarget("0")], { guards });
  test.each<[string, RouteGuards["requires"], string | null, string | null, string | null]>([
    ["the right region", { regions: ["eu-west", "eu-north"] }, "eu-west", null, null],
    ["another region", { regions: ["us-east"] }, "eu-west", null, "it must be in region us-east, and is in eu-west"],
    [
      "a region that nobody knows",
      { regions: ["us-east"] },
      null,
      null,
      "it must be in region us-east, and is in none that is known",
    ],
    ["another law", { jurisdictions: ["US"] }, "eu", null, "it must be under the law of US, and is under EU"],
    ["a promise that is missing", { zeroRetention: true }, "eu", null, "it does not promise to keep nothing"],
    ["a promise that is kept", { noTraining: true }, "eu", null, null],
    ["the gateway's own region", { ownRegion: true }, "eu", "eu", null],
    [
      "a gateway that does not know where it is",
      { ownRegion: true },
      "eu",
      null,
      "it must be in the gateway's own region, which this gateway was not told",
    ],
  ])("judge %s", (_, requires, region, gatewayRegion, why) => {
    const decided = plan(under({ requires: requires! }), {
      connectionsById: new Map([["c0", inRegion(region)]]),
      gatewayRegion,
    });
    expect(ids(decided)).toEqual(why === null ? ["t0"] : []);
    const [sentence] = texts(decided);
    expect(sentence).toBe(
      why === null
        ? "Chose name of c0 / model m0: by its weight it gets every call."
        : `Passed over name of c0 / model m0: ${why}.`,
    );
  });

  test("hold for a fallback route too", () => {
    const fallback = sampleRoute("f", [sampleTarget("1")], { guards: { mostCostPicoUsd: "5" } });
    const decided = plan(under({ requires: { noTraining: true } }), { fallbackRoutes: [fallback] });
    expect(ids(decided)).toEqual([]);
    const free = plan(under({ mostCostPicoUsd: "9" }), { fallbackRoutes: [fallback], mostCostPicoUsd: null });
    expect(free.attempts.map(({ costCeilingPicoUsd }) => costCeilingPicoUsd)).toEqual([9n, 5n]);
  });

  test("pass over what could cost more than the ceiling, and what has no price", () => {
    const priced = sampleModel("m0", {
      prices: [
        {
          priceVersionId: "v",
          connectionId: null,
          effectiveFromMs: 0,
          free: false,
          lines: [
            { meter: "input", unitPricePicoUsd: "1000000" },
            { meter: "output", unitPricePicoUsd: "2000000" },
          ],
        },
      ],
    });
    const route = sampleRoute("r", [sampleTarget("0")]);
    const decide = (usd: string, model = priced) =>
      plan(route, { mostCostPicoUsd: parseUsd(usd), modelsById: new Map([["m0", model]]) });
    // 80 tokens of input at $1 a million and 512 of output at $2 a million.
    expect(ids(decide("0.001104"))).toEqual(["t0"]);
    expect(texts(decide("0.001103"))[0]).toBe(
      "Passed over name of c0 / model m0: it could cost $0.001104, more than the ceiling of $0.001103.",
    );
    expect(texts(decide("1", { ...priced, prices: [] }))[0]).toBe(
      "Passed over name of c0 / model m0: it has no price, and this call has a price ceiling.",
    );
  });
});

test("same inputs give the same plan; it keeps to conditions, guards and limits, whatever the groups", () => {
  const strategy = fc.constantFrom<Route["strategy"]>(
    { type: "weighted" },
    { type: "priority" },
    { type: "cheapest", expectedOutputTokens: 500 },
    { type: "fastest", explorePercent: 10 },
    { type: "sticky", by: "session" },
    { type: "experiment", name: "x", assignBy: "user" },
    { type: "canary", percent: 30 },
    { type: "first_match" },
    { type: "cascade", refusals: true },
    { type: "complexity", boundaries: [0.5], whenUnsure: "easiest" },
    { type: "adaptive", explorePercent: 50, successPercentAtLeast: 80 },
  );
  const groupId = fc.constantFrom(undefined, "a", "b", "c", "d");
  const drawnGroup = fc.record({
    parentGroupId: groupId,
    weight: fc.nat(3),
    enabled: fc.boolean(),
    strategy,
    when: fc.constantFrom<RouteGroup["when"]>(undefined, { match: "any", clauses: [{ fact: "user", anyOf: ["ann"] }] }),
  });
  fc.assert(
    fc.property(
      fc.array(fc.record({ groupId, weight: fc.nat(3), enabled: fc.boolean() }), { minLength: 1, maxLength: 6 }),
      fc.array(drawnGroup, { maxLength: 4 }),
      strategy,
      fc.record({
        user: fc.constantFrom(null, "ann", "bob"),
        seed: fc.integer(),
        maxAttempts: fc.integer({ min: 1, max: 5 }),
      }),
      fc.constantFrom(null, "0", "1"),
      (targets, groups, ofRoute, { user, seed, maxAttempts }, ceiling) => {
        const named = groups.map((each, index) => group("abcd"[index]!, each as Partial<RouteGroup>));
        const route = sampleRoute(
          "r",
          targets.map((each, index) => sampleTarget(String(index), each as object)),
          {
            groups: named,
            strategy: ofRoute,
            maxAttempts,
            ...(ceiling === null ? {} : { guards: { mostCostPicoUsd: ceiling } }),
          },
        );
        const changes = { caller: { ...sampleCaller, user }, seed };
        const decided = plan(route, changes);
        expect(plan(route, changes)).toEqual(decided);
        expect(decided.attempts.length).toBeLessThanOrEqual(maxAttempts);
        expect(new Set(ids(decided)).size).toBe(decided.attempts.length);
        for (const { targetId } of decided.attempts) {
          const target = route.targets.find((each) => each.targetId === targetId)!;
          expect(target.enabled).toBe(true);
          // Each call costs one pico-USD by the sample's prices.
          expect(ceiling).not.toBe("0");
          for (
            let at = named.find((each) => each.groupId === target.groupId);
            at;
            at = named.find((each) => each.groupId === at!.parentGroupId)
          ) {
            expect(at.enabled).toBe(true);
            expect(at.when === undefined || user === "ann").toBe(true);
          }
        }
        expect(decided.because.every(({ text }) => /^[A-Z].*\.$/.test(text))).toBe(true);
      },
    ),
    { numRuns: 1_000 },
  );
});
