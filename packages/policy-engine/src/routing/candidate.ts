import type { PolicyConnection, PolicyModel } from "../policy/policy-revision.ts";
import type { Route, Target } from "../policy/route.ts";

/** A target with everything that a strategy may judge it by. */
export interface Candidate {
  readonly route: Route;
  readonly target: Target;
  readonly connection: PolicyConnection;
  readonly model: PolicyModel;
  /** How people know it: "openai-eu / gpt-5-mini". */
  readonly label: string;
}
