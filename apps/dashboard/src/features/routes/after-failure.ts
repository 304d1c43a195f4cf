/** The words of the route editor for what may follow a failure. */
import type { RouteResilience } from "@switchyard/policy-engine/policy/route";
import { type Follow, type Trouble, usualAfterFailure } from "@switchyard/policy-engine/resilience/after-failure";

interface TroubleWords {
  readonly trouble: Trouble;
  readonly label: string;
  readonly follows: readonly Follow[];
}

const usually: readonly Follow[] = ["other_target", "stop"];

export const troubles: readonly TroubleWords[] = [
  { trouble: "overload", label: "Overloaded, or limiting its rate", follows: usually },
  { trouble: "outage", label: "Unreachable, failing or silent", follows: usually },
  { trouble: "badCredential", label: "Credential refused, or no credit", follows: usually },
  { trouble: "contextWindow", label: "Too long for its window", follows: ["larger_model", "other_target", "stop"] },
  { trouble: "contentFilter", label: "Filtered for its content", follows: usually },
  { trouble: "invalidAnswer", label: "Answer fails the checks", follows: usually },
];

export const followWords: Readonly<Record<Follow, string>> = {
  other_target: "another target",
  larger_model: "a larger model",
  stop: "stop",
};

/** What follows, and whether the route says so itself. */
export function describeFollow({ afterFailure = {} }: RouteResilience, trouble: Trouble): string {
  const follow = afterFailure[trouble];
  return follow === undefined ? `${followWords[usualAfterFailure[trouble]]} (as usual)` : followWords[follow];
}
