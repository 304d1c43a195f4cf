import { describe, expect, test } from "vitest";
import { failed, fiveFailures, healthOf, input, twoTargets, unreachable } from "../testing/sample-plan-input.ts";
import { sampleConnection, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { planRoute } from "./plan-route.ts";

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
  expect(next.because[0]?.text).toBe("Passed over name of c0 / model m0: it failed, and one trial call is under way.");
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
