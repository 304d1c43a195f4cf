/** What planning answers: the targets to try for one call, in order, and everything that a gateway needs to act on it. */
import type { PicoUsd } from "@switchyard/metering/pico-usd";
import type { AttemptRole, Reason } from "@switchyard/metering/usage-event";
import type { RouteTimeouts } from "../policy/route.ts";
import type { Nobody } from "./why-nobody.ts";

/** What makes an answer of a cheap tier not good enough. */
export type EscalationOutcome = "invalid" | "refused" | "truncated" | "filtered" | "low_confidence" | "too_short";

/** When the answer of a tier gives way to the next tier; it is judged whole, before its first byte reaches the client. */
export interface Escalation {
  readonly outcomes: readonly EscalationOutcome[];
  /** A mean token log-probability below this is `low_confidence`; null where confidence is not judged. */
  readonly meanLogprobAtLeast: number | null;
  /** Fewer characters than this are `too_short`; null where length is not judged. */
  readonly charactersAtLeast: number | null;
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
  /** How people know the target: "openai-eu / gpt-5-mini". */
  readonly label: string;
  /**
   * Hedging: where no first token has come by then, the next attempt of the plan starts beside this one and the first
   * byte wins. Absent where this call is not hedged, which is the rule.
   */
  readonly hedgeAfterMs?: number;
  /** Cascade: the step that the target belongs to, from 0. A good enough answer of any tier ends the call. */
  readonly tier?: number;
  /** Cascade: which answers of this attempt give way to the first attempt of a higher tier. Absent on the last tier. */
  readonly escalatesOn?: Escalation;
  /** What this attempt may cost at most: a gateway lowers the output cap to it, or refuses. */
  readonly costCeilingPicoUsd?: PicoUsd;
}

export interface RoutePlan {
  /** In the order to try; empty when no target can answer. At most the route's `maxAttempts`. */
  readonly attempts: readonly PlannedAttempt[];
  /**
   * Comes after the attempts where one of them finds the request too long: a target with a larger window, for which the plan
   * had no place. Absent where there is none.
   */
  readonly largerModel?: PlannedAttempt;
  /**
   * A target that gets a copy of the call, whose answer nobody sees: sent when the client has its answer, with a hold of its
   * own, and dropped without an error when anything speaks against it. Null for nearly every call.
   */
  readonly shadow: PlannedAttempt | null;
  readonly because: readonly Reason[];
  /** Why there are no attempts; absent where there are. */
  readonly nobody?: Nobody;
}
