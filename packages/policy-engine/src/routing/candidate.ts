import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route, Target } from "../policy/route.ts";
import type { Escalation } from "./route-plan.ts";

/**
 * A target with everything that a strategy may judge it by. A group stands among the targets as its own first choice,
 * under the group's name and weight.
 */
export interface Candidate {
  /** The id of the target or of the group: the same for every call. */
  readonly memberId: string;
  readonly weight: number;
  readonly route: Route;
  readonly target: Target;
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
  /** How people know it: "openai-eu / gpt-5-mini", or "group Europe". */
  readonly label: string;
  /** Set by a strategy that works in tiers; a group hands it on to what is inside of it. */
  readonly tier?: number;
  readonly escalatesOn?: Escalation | undefined;
}
