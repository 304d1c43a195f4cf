/** Everything that a plan follows from. */
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { CallerFacts } from "../conditions/holds.ts";
import type { PerformanceFacts } from "../performance/target-performance.ts";
import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route } from "../policy/route.ts";
import type { HealthFacts } from "./filter-target.ts";
import type { RequestFeatures } from "./request-features.ts";

export interface PlanInput {
  readonly route: Route;
  /** The routes of `route.fallbackRouteIds`, in that order. Their own fallbacks are not followed. */
  readonly fallbackRoutes: readonly Route[];
  readonly connectionsById: ReadonlyMap<string, PolicyConnection>;
  readonly modelsById: ReadonlyMap<string, PolicyModel>;
  readonly features: RequestFeatures;
  readonly caller: CallerFacts;
  /** What the caller lets one attempt cost; null where it does not say. */
  readonly mostCostPicoUsd: PicoUsd | null;
  /** The caller's project has zero retention: what nobody has to be asked for goes only where nothing is kept. */
  readonly keepsNothing?: boolean;
  /** Where this gateway runs; null where nobody told it. */
  readonly gatewayRegion: string | null;
  readonly health: HealthFacts;
  /** What is known of how targets do at tasks; absent: nothing. */
  readonly performance?: PerformanceFacts;
  readonly nowMs: number;
  /** Any 32-bit number, drawn anew for every call; the same input and seed give the same plan. */
  readonly seed: number;
}
