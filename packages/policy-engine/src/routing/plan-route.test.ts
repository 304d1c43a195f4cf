import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ConnectionHealth } from "../health/connection-health.ts";
import type { AttemptHealth } from "../health/target-health.ts";
import type { Route } from "../policy/route.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { sampleCaller, sampleFeatures } from "../testing/sample-ordering.ts";
import { explainSplit } from "./explain-split.ts";
import { planRoute, type PlanInput } from "./plan-route.ts";
import { SeededDraws } from "./seeded-draws.ts";

const suffixes = Array.from({ length: 12 }, (_, index) => String(index));

const plainChat = sampleFeatures();

function input(route: Route, changes: Partial<PlanInput> = {}): PlanInput {
  return {
    route,
    fallbackRoutes: [],
    connectionsById: new Map(suffixes.map((suffix) => [`c${suffix}`, sampleConnection(`c${suffix}`)])),
    modelsById: new Map(suffixes.map((suffix) => [`m${suffix}`, sampleModel(`m${suffix}`)])),
    features: plainChat,
    caller: sampleCaller,
    mostCostPicoUsd: null,
    gatewayRegion: null,
    health: { connections: new Map(), nowMs: 1_000 },
    nowMs: 1_000,
    seed: 1,
    ...changes,
  };
}

const failed: AttemptHealth = { failure: "server_error", firstTokenMs: null, totalMs: 10, retryAfterMs: null };
const unreachable: AttemptHealth = { ...failed, failure: "connect" };

/** Connections that were told these ends of attempts at 1,000 ms, each with its model of the same number. */
function healthOf(ends: Readonly<Record<string, readonly AttemptHealth[]>>, nowMs = 1_000): PlanInput["health"] {
  const connections = new Map(
    Object.entries(ends).map(([suffix, attempts]) => {
      const connection = new ConnectionHealth();
      for (const attempt of attempts) connection.note(`m${suffix}`, attempt, 1_000, new SeededDraws(1));
      return [`c${suffix}`, connection];
    }),
  );
  return { connections, nowMs };
}

const fiveFailures = Array.from({ length: 5 }, () => failed);

const twoTargets = sampleRoute("r", [sampleTarget("0", { weight: 70 }), sampleTarget("1", { weight: 30 })]);

test("calls leave the trial of an unreachable connection to its probe, where it has one", () => {
  const health = healthOf({ "0": [unreachable] }, 2_500);
  const route = sampleRoute("r", [sampleTarget("0"), sampleTarget("1")], { strategy: { type: "priority" } });
  expect(planRoute(input(route, { health })).attempts[0]?.targetId).toBe("t0");
  const probed = sampleConnection("c0", { probe: { afterIdleSeconds: 30 } });
  const connectionsById = new Map([...input(route).connectionsById, ["c0", probed]]);
  const plan = planRoute(input(route, { health, connectionsById }));
  expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t1"]);
  expect(plan.because[0]?.text).toContain("a probe finds out whether it can be again");
  expect(planRoute(input(route, { health: { ...health, nowMs: 20_000 }, connectionsById })).attempts).toHaveLength(2);
});

describe("a target that does worse than its peers", () => {
  const why = "30 % of its last 40 calls failed, and 3 % of its peers'";
  const ejections = new Map([["t0", { untilMs: 13_000, why }]]);
  const health = { connections: new Map(), ejections, nowMs: 1_000 };

  test("is passed over with its figures, and used again afterwards", () => {
    const route = sampleRoute("r", [sampleTarget("0"), sampleTarget("1")], { strategy: { type: "priority" } });
    const plan = planRoute(input(route, { health }));
    expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t1"]);
    expect(plan.because[0]).toEqual({
      code: "outlier_ejected",
      text: `Passed over name of c0 / model m0: ${why}, so it is left out for another 12 s.`,
    });
    expect(planRoute(input(route, { health: { ...health, nowMs: 13_000 } })).attempts).toHaveLength(2);
  });

  test("is tried all the same where nothing else is left", () => {
    const plan = planRoute(input(sampleRoute("r", [sampleTarget("0")]), { health }));
    expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t0"]);
    expect(plan.because.at(-1)?.code).toBe("trial_out_of_need");
  });
});

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

describe("planRoute", () => {
  test("explains a weighted choice in the words of an admin", () => {
    const plan = planRoute(input(twoTargets, { seed: 4 }));
    expect(plan.because.map(({ text }) => text)).toEqual([
      "Chose name of c0 / model m0: by its weight it gets 70 of every 100 calls.",
      "Next in line is name of c1 / model m1: weight 30 of the 30 left.",
    ]);
    expect(plan.attempts).toEqual([
      {
        targetId: "t0",
        connectionId: "c0",
        modelId: "m0",
        routeId: "r",
        role: "first",
        timeouts: twoTargets.timeouts,
        contextWindow: 100_000,
        label: "name of c0 / model m0",
      },
      expect.objectContaining({ targetId: "t1", role: "fallback" }),
    ]);
  });

  test.each<[string, Partial<PlanInput>, string]>([
    [
      "connection_disabled",
      {
        connectionsById: new Map([
          ["c0", sampleConnection("c0", { enabled: false })],
          ["c1", sampleConnection("c1")],
        ]),
      },
      "its connection is switched off",
    ],
    [
      "connection_drained",
      {
        connectionsById: new Map([
          ["c0", sampleConnection("c0", { drained: true })],
          ["c1", sampleConnection("c1")],
        ]),
      },
      "an admin is draining its connection",
    ],
    [
      "operation_unsupported",
      { modelsById: modelsWith({ operations: ["embeddings"] }) },
      "the model does not serve chat",
    ],
    [
      "tools_unsupported",
      { modelsById: modelsWith({ tools: false }), features: { ...plainChat, tools: true } },
      "the model takes no tools",
    ],
    [
      "images_unsupported",
      { modelsById: modelsWith({ vision: false }), features: { ...plainChat, images: true } },
      "the model takes no images",
    ],
    [
      "json_schema_unsupported",
      { modelsById: modelsWith({ jsonSchema: false }), features: { ...plainChat, jsonSchema: true } },
      "the model cannot keep to a JSON schema",
    ],
    [
      "streaming_unsupported",
      { modelsById: modelsWith({ streaming: false }), features: { ...plainChat, stream: true } },
      "the model does not stream",
    ],
    [
      "retry_after",
      { health: healthOf({ 0: [{ ...failed, retryAfterMs: 2_500 }] }) },
      "the provider asked to be left alone for another 3 s",
    ],
    ["circuit_open", { health: healthOf({ 0: fiveFailures }) }, "it failed, and is left alone for another 1 s"],
    [
      "circuit_open",
      { health: healthOf({ 0: [unreachable] }) },
      "it could not be reached, and is left alone for another 1 s",
    ],
  ])("passes a target over: %s", (code, changes, why) => {
    const plan = planRoute(input(twoTargets, changes));
    expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t1"]);
    expect(plan.because[0]).toEqual({ code, text: `Passed over name of c0 / model m0: ${why}.` });
  });

  test("passes a target over that is switched off or has no weight", () => {
    const route = sampleRoute("r", [
      sampleTarget("0", { enabled: false }),
      sampleTarget("1", { weight: 0 }),
      sampleTarget("2"),
    ]);
    const plan = planRoute(input(route));
    expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t2"]);
    expect(plan.because.map(({ code }) => code)).toEqual(["target_disabled", "weight_zero", "weighted_choice"]);
  });

  test.each([
    [99_999, 2],
    [100_000, 1],
  ])("needs room in the context window: %i tokens of input leave %i targets", (inputTokensAtLeast, targets) => {
    const modelsById = new Map([
      ["m0", sampleModel("m0")],
      ["m1", sampleModel("m1", { contextWindow: null })],
    ]);
    const plan = planRoute(input(twoTargets, { modelsById, features: { ...plainChat, inputTokensAtLeast } }));
    expect(plan.attempts).toHaveLength(targets);
  });

  test("asks again once the time is over that the provider asked for", () => {
    const health = healthOf({ 0: [{ ...failed, retryAfterMs: 2_000 }] }, 3_000);
    expect(planRoute(input(twoTargets, { health })).attempts).toHaveLength(2);
  });

  test("sends one trial after the back-off, and keeps the rest away while it is under way", () => {
    const health = healthOf({ 0: fiveFailures }, 2_000);
    const plan = planRoute(input(twoTargets, { health, seed: 4 }));
    expect(plan.because.map(({ text }) => text)).toContain(
      "Trial of name of c0 / model m0: it has been failing, and this call finds out whether it works again.",
    );
    health.connections.get("c0")?.begin("m0", false, 2_000);
    const next = planRoute(input(twoTargets, { health, seed: 4 }));
    expect(next.attempts.map(({ targetId }) => targetId)).toEqual(["t1"]);
    expect(next.because[0]?.text).toBe(
      "Passed over name of c0 / model m0: it failed, and one trial call is under way.",
    );
  });

  test("tries the least bad target where only circuits speak against all of them", () => {
    const health = healthOf({ 0: [...fiveFailures, ...fiveFailures], 1: fiveFailures });
    const plan = planRoute(input(twoTargets, { health }));
    expect(plan.attempts.map(({ targetId, role }) => [targetId, role])).toEqual([["t1", "first"]]);
    expect(plan.because.at(-1)).toEqual({
      code: "trial_out_of_need",
      text: "Trying name of c1 / model m1 all the same: of those that could serve this call it failed the least.",
    });
    const alone = planRoute(input(sampleRoute("r", [sampleTarget("0")]), { health: healthOf({ 0: [unreachable] }) }));
    expect(alone.attempts).toHaveLength(1);
  });

  test("tries nothing out of need that a fallback route can serve, that has no weight or that asked for rest", () => {
    const health = healthOf({ 0: fiveFailures, 1: [{ ...failed, retryAfterMs: 9_000 }] });
    const fallback = sampleRoute("f", [sampleTarget("2")]);
    const served = planRoute(input(twoTargets, { health, fallbackRoutes: [fallback] }));
    expect(served.attempts.map(({ targetId }) => targetId)).toEqual(["t2"]);
    const weightless = sampleRoute("r", [sampleTarget("0", { weight: 0 }), sampleTarget("1")]);
    expect(planRoute(input(weightless, { health })).attempts).toEqual([]);
  });

  test("goes on with the fallback routes, in their order, and never repeats a connection and model", () => {
    const first = sampleRoute("r", [sampleTarget("0")], { maxAttempts: 5 });
    const off = sampleRoute("off", [sampleTarget("5")], { enabled: false });
    const second = sampleRoute("f1", [sampleTarget("0", { targetId: "again" }), sampleTarget("2")]);
    const third = sampleRoute("f2", [sampleTarget("3")], {
      timeouts: { connectMs: 50, firstByteMs: 100, idleMs: 100, totalMs: 100 },
    });
    const plan = planRoute(input(first, { fallbackRoutes: [off, second, third] }));
    expect(plan.attempts.map(({ targetId, routeId, role }) => [targetId, routeId, role])).toEqual([
      ["t0", "r", "first"],
      ["t2", "f1", "fallback"],
      ["t3", "f2", "fallback"],
    ]);
    expect(plan.attempts[2]?.timeouts).toBe(third.timeouts);
    expect(plan.because.map(({ text }) => text)).toEqual([
      "Chose name of c0 / model m0: by its weight it gets every call.",
      "Passed over fallback name-of-off: it is switched off.",
      "Then the targets of fallback name-of-f1.",
      "Passed over name of c0 / model m0: it is in the plan already.",
      "Chose name of c2 / model m2: by its weight it gets every call.",
      "Then the targets of fallback name-of-f2.",
      "Chose name of c3 / model m3: by its weight it gets every call.",
    ]);
  });

  test("says so when nothing can answer", () => {
    const plan = planRoute(input(twoTargets, { connectionsById: new Map() }));
    expect(plan.attempts).toEqual([]);
    expect(plan.because.map(({ code }) => code)).toEqual(["target_dangling", "target_dangling", "no_target"]);
  });

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
});

/** Models of which some (the first, unless told) have other capabilities. */
function modelsWith(
  capabilities: Partial<ReturnType<typeof sampleModel>["capabilities"]>,
  changed: readonly string[] = ["0"],
) {
  return new Map(
    suffixes.map((suffix) => {
      const model = sampleModel(`m${suffix}`);
      if (!changed.includes(suffix)) return [model.modelId, model];
      return [model.modelId, { ...model, capabilities: { ...model.capabilities, ...capabilities } }];
    }),
  );
}
