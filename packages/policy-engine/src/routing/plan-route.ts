import type { AttemptRole, Operation, Reason } from "@switchyard/metering/usage-event";
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route, RouteTimeouts } from "../policy/route.ts";

/** What planning may know of a call. */
export interface RequestFeatures {
  readonly operation: Operation;
  /** The fewest tokens that the input can be; a target is passed over only where even these do not fit its window. */
  readonly inputTokensAtLeast: number;
  readonly stream: boolean;
  readonly tools: boolean;
  readonly images: boolean;
  readonly jsonSchema: boolean;
}

/** What is known of the health of what a plan may name. */
export interface HealthFacts {
  /** Until when (epoch ms) a target or a connection is set aside, by its id. */
  readonly setAsideUntilMs: ReadonlyMap<string, number>;
}

export interface PlanInput {
  readonly route: Route;
  /** The routes of `route.fallbackRouteIds`, in that order. */
  readonly fallbackRoutes: readonly Route[];
  readonly connectionsById: ReadonlyMap<string, PolicyConnection>;
  readonly modelsById: ReadonlyMap<string, PolicyModel>;
  readonly features: RequestFeatures;
  readonly health: HealthFacts;
  readonly nowMs: number;
  /** Any 32-bit number, drawn anew for every call; the same input and seed give the same plan. */
  readonly seed: number;
}

export interface PlannedAttempt {
  readonly targetId: string;
  readonly connectionId: string;
  readonly modelId: string;
  /** The route that the target belongs to: the one asked for, or one of its fallbacks. */
  readonly routeId: string;
  readonly role: AttemptRole;
  readonly timeouts: RouteTimeouts;
  readonly contextWindow: number | null;
}

export interface RoutePlan {
  /** In the order to try; empty when no target can answer. At most the route's `maxAttempts`. */
  readonly attempts: readonly PlannedAttempt[];
  readonly because: readonly Reason[];
}

/** Orders the targets that can serve a call. Never names a target that a filter has refused. */
export function planRoute(input: PlanInput): RoutePlan {
  throw new Error(`not built yet: ${input.seed}`);
}
