/** What every strategy is: a way to order the targets that the filters let through. */
import type { Reason } from "@switchyard/metering/usage-event";
import type { CallerFacts } from "../conditions/holds.ts";
import type { PerformanceFacts } from "../performance/target-performance.ts";
import type { Candidate } from "../routing/candidate.ts";
import type { HealthFacts } from "../routing/filter-target.ts";
import type { RequestFeatures } from "../routing/request-features.ts";
import type { SeededDraws } from "../routing/seeded-draws.ts";

export interface OrderingInput {
  /** What can serve the call, in the route's order: targets, and groups in which a target can. */
  readonly candidates: readonly Candidate[];
  /** Of all members in the route's order, those that cannot serve the call included. */
  readonly memberIds: readonly string[];
  /** How many are wanted; the rest need no place. */
  readonly count: number;
  readonly features: RequestFeatures;
  readonly caller: CallerFacts;
  readonly health: HealthFacts;
  /** Absent: nothing has been learned. */
  readonly performance?: PerformanceFacts;
  /** The time of day (epoch ms), which prices go by. */
  readonly nowMs: number;
  readonly draws: SeededDraws;
}

export interface TargetOrder {
  /** At most `count` of the candidates, best first, none twice. */
  readonly ordered: readonly Candidate[];
  /** Why each has its place, and why some have none. */
  readonly because: readonly Reason[];
}

export type OrderTargets = (input: OrderingInput) => TargetOrder;
