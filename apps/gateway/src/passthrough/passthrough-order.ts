import { defaultRouteTimeouts, type Route } from "@switchyard/policy-engine/policy/route";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { RoutePlan } from "@switchyard/policy-engine/routing/route-plan";
import type { ActivePolicy } from "../policies/active-policy.ts";

/** Stands for all routes in records: no route decided. */
const passthroughRouteId = "passthrough";

/** The way that a client chose itself: one connection, one attempt. */
export function passthroughRoute({ connectionId, name }: PolicyConnection, { modelId }: PolicyModel): Route {
  return {
    routeId: passthroughRouteId,
    name: `passthrough/${name}`.replace(/[^A-Za-z0-9._:/@-]/g, "-").slice(0, 120),
    enabled: true,
    strategy: { type: "priority" },
    targets: [{ targetId: passthroughRouteId, connectionId, modelId, weight: 1, enabled: true }],
    fallbackRouteIds: [],
    allowedProjectIds: null,
    maxAttempts: 1,
    timeouts: defaultRouteTimeouts,
    responseCache: { enabled: false, ttlSeconds: 1 },
  };
}

export function passthroughPlan(route: Route, connection: PolicyConnection, model: PolicyModel): RoutePlan {
  const { connectionId, name } = connection;
  const label = `${name} / ${model.providerModel}`;
  return {
    attempts: [
      {
        targetId: passthroughRouteId,
        connectionId,
        modelId: model.modelId,
        routeId: route.routeId,
        role: "first",
        timeouts: route.timeouts,
        contextWindow: null,
        label,
      },
    ],
    shadow: null,
    because: [{ code: "passthrough", text: `Passed through to ${name}, as the caller asked: no route decided.` }],
  };
}

/** The model of a call whose usage nobody can read: without a price, so that it is never taken for free. */
export function unknownModel({ kind }: PolicyConnection): PolicyModel {
  return {
    modelId: "unknown",
    providerKind: kind,
    providerModel: "unknown",
    contextWindow: null,
    maxOutputTokens: null,
    capabilities: { operations: ["chat"], tools: true, vision: true, jsonSchema: true, streaming: true },
    prices: [],
  };
}

/** The models that routes call through a connection. */
export function modelsOf({ routesById, modelsById }: ActivePolicy, { connectionId }: PolicyConnection): PolicyModel[] {
  const ids = new Set<string>();
  for (const { targets } of routesById.values()) {
    for (const target of targets) if (target.connectionId === connectionId) ids.add(target.modelId);
  }
  return [...ids].flatMap((id) => modelsById.get(id) ?? []);
}

export function policyWith(policy: ActivePolicy, model: PolicyModel): ActivePolicy {
  if (policy.modelsById.has(model.modelId)) return policy;
  return { ...policy, modelsById: new Map(policy.modelsById).set(model.modelId, model) };
}
