import { describe, expect, test } from "vitest";
import { ConnectionHealth } from "../health/connection-health.ts";
import { noResilience } from "../policy/route.ts";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { likelyNext } from "./likely-next.ts";

const draws = new SeededDraws(1);
const answered = { failure: null, firstTokenMs: null, totalMs: 10, retryAfterMs: null };
const route = sampleRoute(
  "r",
  ["0", "1", "2", "3"].map((suffix) => sampleTarget(suffix)),
);

/** Connections whose model of the same number was called once, with these ends. */
function healthOf(failures: Readonly<Record<string, "connect" | null>>, nowMs = 1_000) {
  const connections = new Map(
    Object.entries(failures).map(([suffix, failure]) => {
      const health = new ConnectionHealth();
      health.note(`m${suffix}`, { ...answered, failure }, 1_000, draws);
      return [`c${suffix}`, health] as const;
    }),
  );
  return { connections, nowMs };
}

const idsOf = (targets: ReturnType<typeof likelyNext>) => targets.map(({ targetId }) => targetId);

describe("likelyNext", () => {
  test("is nobody while all goes well, or nobody calls", () => {
    expect(likelyNext(route, healthOf({ "0": null }))).toEqual([]);
    expect(likelyNext(route, { connections: new Map(), nowMs: 0 })).toEqual([]);
    expect(likelyNext(route, healthOf({ "0": "connect" }, 61_001))).toEqual([]);
  });

  test("is the first two others once one is in trouble, also while it is on trial", () => {
    expect(idsOf(likelyNext(route, healthOf({ "0": "connect" })))).toEqual(["t1", "t2"]);
    expect(idsOf(likelyNext(route, healthOf({ "0": "connect", "1": "connect" }, 30_000)))).toEqual(["t2", "t3"]);
  });

  test("is the first two of a route that hedges", () => {
    const hedged = { ...route, resilience: { ...noResilience, hedging: { enabled: true, mostPercentOfCalls: 5 } } };
    expect(idsOf(likelyNext(hedged, healthOf({ "0": null })))).toEqual(["t0", "t1"]);
  });

  test("is the others of one that is late, or left out beside its peers", () => {
    const late = healthOf({ "0": null });
    for (let call = 0; call < 3; call++)
      late.connections.get("c0")?.targetOf("m0").lateness.noteLate(100, 1_000, draws);
    expect(idsOf(likelyNext(route, late))).toEqual(["t1", "t2"]);
    const ejections = new Map([["t1", { untilMs: 2_000, why: "" }]]);
    expect(idsOf(likelyNext(route, { ...healthOf({ "0": null }), ejections }))).toEqual(["t0", "t2"]);
  });
});
