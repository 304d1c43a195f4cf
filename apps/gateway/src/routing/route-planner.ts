import type { Route } from "@switchyard/policy-engine/policy/route";
import { planRoute, type RequestFeatures, type RoutePlan } from "@switchyard/policy-engine/routing/plan-route";
import type { Call } from "../accept/call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { SetAsideMemory } from "./set-aside.memory.ts";

/** Collects what planning may know and asks the engine for a plan. */
export class RoutePlanner {
  readonly #setAside: SetAsideMemory;

  constructor(setAside: SetAsideMemory) {
    this.#setAside = setAside;
  }

  /** Throws `no_target_available` where no target can answer, with the first time that one may again. */
  plan(call: Call, policy: ActivePolicy, route: Route, features: RequestFeatures): RoutePlan {
    const nowMs = Date.now();
    const plan = planRoute({
      route,
      fallbackRoutes: fallbackRoutesOf(route, policy),
      connectionsById: policy.connectionsById,
      modelsById: policy.modelsById,
      features,
      health: { setAsideUntilMs: this.#setAside.untilMs },
      nowMs,
      seed: Math.floor(Math.random() * 2 ** 32),
    });
    call.because.push(...plan.because);
    if (plan.attempts.length > 0) return plan;
    throw new GatewayError("no_target_available", "No target of this route can answer this request now.", {
      retryAfterSeconds: this.#secondsUntilOneReturns(route, nowMs),
    });
  }

  #secondsUntilOneReturns(route: Route, nowMs: number): number {
    let earliestMs = Infinity;
    for (const { targetId, connectionId } of route.targets) {
      const untilMs = Math.max(
        this.#setAside.untilMs.get(targetId) ?? 0,
        this.#setAside.untilMs.get(connectionId) ?? 0,
      );
      if (untilMs > nowMs) earliestMs = Math.min(earliestMs, untilMs);
    }
    return earliestMs === Infinity ? 30 : Math.max(1, Math.ceil((earliestMs - nowMs) / 1000));
  }
}

const none: readonly Route[] = [];

function fallbackRoutesOf(route: Route, policy: ActivePolicy): readonly Route[] {
  if (route.fallbackRouteIds.length === 0) return none;
  return route.fallbackRouteIds.flatMap((routeId) => policy.routesById.get(routeId) ?? []);
}
