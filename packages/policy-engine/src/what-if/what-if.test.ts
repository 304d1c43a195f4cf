import { latencyBucketCount } from "@switchyard/metering/latency-buckets";
import { describe, expect, test } from "vitest";
import type { TargetReport } from "../health/health-report.ts";
import { fleetPerformance } from "../performance/evidence-by-target.ts";
import type { Route } from "../policy/route.ts";
import { sampleFeatures } from "../testing/sample-ordering.ts";
import { sampleRevision, sampleTarget } from "../testing/sample-policy.ts";
import { measuredTimes } from "./measured-times.ts";
import { previewCall } from "./preview-call.ts";
import { type RecordedCall, replayCalls } from "./replay-calls.ts";

const revision = sampleRevision();
const tables = {
  connectionsById: new Map(revision.connections.map((connection) => [connection.connectionId, connection])),
  modelsById: new Map(revision.models.map((model) => [model.modelId, model])),
};
const caller = { teamId: "team1", projectId: "p", virtualKeyId: "k", user: null, session: null, tags: [] };

function routeOf(weights: readonly number[], changes: Partial<Route> = {}): Route {
  const targets = weights.map((weight, index) => sampleTarget(String(index + 1), { targetId: `x${index}`, weight }));
  return { ...revision.routes[0]!, strategy: { type: "weighted" }, targets, fallbackRouteIds: [], ...changes };
}

const previewOf = (route: Route) =>
  previewCall({
    ...tables,
    route,
    fallbackRoutes: [],
    caller,
    features: sampleFeatures(),
    mostCostPicoUsd: null,
    nowMs: Date.parse("2026-11-28T12:00:00Z"),
  });

describe("a preview of a call", () => {
  test("shows shares where a strategy draws, and one target where it does not", () => {
    const drawn = previewOf(routeOf([75, 25]));
    expect(drawn.firstChoices).toHaveLength(2);
    expect(drawn.firstChoices[0]?.calls).toBeGreaterThan(700);
    expect(drawn.firstChoices.reduce((sum, { calls }) => sum + calls, 0)).toBe(drawn.draws);
    expect(previewOf(routeOf([1, 1], { strategy: { type: "priority" } })).firstChoices).toHaveLength(1);
    expect(previewOf(routeOf([75, 25])), "the same call").toEqual(drawn);
  });

  test("says that nobody can answer, and why", () => {
    const nobody = previewOf(routeOf([1], { guards: { mostCostPicoUsd: "0" } }));
    expect(nobody.firstChoices).toEqual([{ label: null, calls: 1_000 }]);
    expect(nobody.plan.because.at(-1)?.code).toBe("no_target");
  });
});

describe("a replay of calls", () => {
  const calls: RecordedCall[] = Array.from({ length: 200 }, (_, index) => ({
    caller,
    features: sampleFeatures(),
    usage: { input: 1_000, output: 100 },
    atMs: Date.parse("2026-11-28T12:00:00Z") + index,
  }));
  const side = (route: Route) => ({ route, fallbackRoutes: [] });

  test("changes nothing where the policy is the same, drawn or not", () => {
    const replay = replayCalls(side(routeOf([50, 50])), side(routeOf([50, 50])), tables, calls);
    expect(replay).toMatchObject({ calls: 200, elsewhere: 0, unanswered: 0 });
    expect(replay.afterPicoUsd).toBe(replay.beforePicoUsd);
    expect(replay.targets.map(({ before, after }) => before - after)).toEqual([0, 0]);
  });

  test("counts what goes elsewhere and what nobody would answer", () => {
    const moved = replayCalls(side(routeOf([1, 0])), side(routeOf([0, 1])), tables, calls);
    expect(moved).toMatchObject({ elsewhere: 200, unanswered: 0 });
    expect(moved.targets.map(({ before, after }) => [before, after])).toEqual([
      [200, 0],
      [0, 200],
    ]);
    const refused = replayCalls(null, side(routeOf([1], { guards: { mostCostPicoUsd: "0" } })), tables, calls);
    expect(refused).toMatchObject({ elsewhere: 0, unanswered: 200, afterPicoUsd: 0n });
  });
});

describe("what is known of targets", () => {
  const report = (modelId: string, bucket: number): TargetReport => ({
    connectionId: `c${modelId.slice(1)}`,
    modelId,
    answered: 50,
    failures: {},
    firstToken: null,
    wholeAnswer: Array.from({ length: latencyBucketCount }, (_, index) => (index === bucket ? 50 : 0)),
    circuit: "open",
    idleForMs: 0,
  });
  const call: RecordedCall = {
    caller,
    features: { ...sampleFeatures(), task: { by: "words", taskClass: "code", complexity: 0.5, cues: [] } },
    usage: { input: 1_000, output: 100 },
    atMs: Date.parse("2026-11-28T12:00:00Z"),
  };
  const side = (strategy: Route["strategy"]) => ({ route: routeOf([1, 1], { strategy }), fallbackRoutes: [] });

  test("lets a fastest route choose as it would, whatever trouble a target is in now", () => {
    const health = measuredTimes([report("m1", 20), report("m2", 10)]);
    const fastest = side({ type: "fastest", explorePercent: 0 });
    const replay = replayCalls(side({ type: "priority" }), fastest, { ...tables, health }, [call, call]);
    expect(replay.targets.find(({ label }) => label.includes("m2"))).toMatchObject({ before: 0, after: 2 });
    expect(replay.usualMs?.after).toBeLessThan(replay.usualMs?.before ?? 0);
    expect(replayCalls(null, fastest, tables, [call]).usualMs).toBeNull();
  });

  test("adds up what several gateways have timed", () => {
    const health = measuredTimes([report("m1", 10), report("m1", 30), report("m1", 30)]);
    const times = health.connections.get("c1")?.targetsByModelId.get("m1")?.wholeAnswer;
    expect([times?.samplesAt(0), (times?.quantile(0.5) ?? 0) > (times?.quantile(0.2) ?? 0)]).toEqual([150, true]);
  });

  test("lets an adaptive route choose by what succeeds at tasks of the kind", () => {
    const evidence = (modelId: string, successes: number) => ({
      taskClass: "code",
      connectionId: `c${modelId.slice(1)}`,
      modelId,
      successes,
      failures: 100 - successes,
      outputTokens: 10_000,
    });
    const performance = fleetPerformance([evidence("m1", 10), evidence("m2", 95)]);
    const adaptive = side({ type: "adaptive", explorePercent: 0, successPercentAtLeast: 50 });
    const replay = replayCalls(side({ type: "priority" }), adaptive, { ...tables, performance }, [call]);
    expect(replay.targets.find(({ label }) => label.includes("m2"))).toMatchObject({ after: 1 });
    expect(performance.find(null, "c2", "m2")).toMatchObject({ successes: 95, meanOutputTokens: 100 });
  });

  test("shows what changes for each team", () => {
    const other = { ...call, caller: { ...caller, teamId: "team2" } };
    const refusing = { route: routeOf([1], { guards: { mostCostPicoUsd: "0" } }), fallbackRoutes: [] };
    const { teams } = replayCalls(side({ type: "priority" }), refusing, tables, [call, call, other]);
    expect(teams).toMatchObject([
      { teamId: "team1", calls: 2, unanswered: 2, afterPicoUsd: 0n },
      { teamId: "team2", calls: 1, unanswered: 1 },
    ]);
  });
});
