/** What a plan is made of, for its tests: twelve connections with a model each, all of them sound. */
import { ConnectionHealth } from "../health/connection-health.ts";
import type { AttemptHealth } from "../health/target-health.ts";
import type { Route } from "../policy/route.ts";
import type { PlanInput } from "../routing/plan-input.ts";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { sampleCaller, sampleFeatures } from "./sample-ordering.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "./sample-policy.ts";

export const suffixes = Array.from({ length: 12 }, (_, index) => String(index));

export const plainChat = sampleFeatures();

/** A call of a route, of which everything is healthy unless told. */
export function input(route: Route, changes: Partial<PlanInput> = {}): PlanInput {
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

export const failed: AttemptHealth = { failure: "server_error", firstTokenMs: null, totalMs: 10, retryAfterMs: null };
export const unreachable: AttemptHealth = { ...failed, failure: "connect" };

/** Connections that were told these ends of attempts at 1,000 ms, each with its model of the same number. */
export function healthOf(ends: Readonly<Record<string, readonly AttemptHealth[]>>, nowMs = 1_000): PlanInput["health"] {
  const connections = new Map(
    Object.entries(ends).map(([suffix, attempts]) => {
      const connection = new ConnectionHealth();
      for (const attempt of attempts) connection.note(`m${suffix}`, attempt, 1_000, new SeededDraws(1));
      return [`c${suffix}`, connection];
    }),
  );
  return { connections, nowMs };
}

export const fiveFailures = Array.from({ length: 5 }, () => failed);

export const twoTargets = sampleRoute("r", [sampleTarget("0", { weight: 70 }), sampleTarget("1", { weight: 30 })]);

/** Models of which some (the first, unless told) have other capabilities. */
export function modelsWith(
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
