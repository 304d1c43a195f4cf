import type { Candidate } from "../../routing/candidate.ts";
import type { Escalation, EscalationOutcome } from "../../routing/route-plan.ts";
import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { CascadeConfig } from "./config.ts";

/**
 * Leaves the members in the route's order, which is from the cheapest tier to the best one, and says which answers of a
 * tier lead to the next. The last one that can serve the call has nobody to give way to.
 */
export function orderByTier({ candidates, count }: OrderingInput, config: CascadeConfig): TargetOrder {
  const escalation = escalationOf(config);
  const chosen = candidates.slice(0, count);
  const ordered = chosen.map((candidate, tier): Candidate => {
    return tier === chosen.length - 1 ? { ...candidate, tier } : { ...candidate, tier, escalatesOn: escalation };
  });
  const because = ordered.map(({ label }, tier) =>
    tier === 0
      ? { code: "cascade_choice", text: `Chose ${label}: it is the first tier of the cascade.` }
      : { code: "cascade_next", text: `Next comes ${label}, where the answer before it ${conditionsOf(config)}.` },
  );
  return { ordered, because };
}

function escalationOf({ refusals, meanLogprobAtLeast, charactersAtLeast }: CascadeConfig): Escalation {
  const outcomes: EscalationOutcome[] = ["invalid", "truncated"];
  if (refusals) outcomes.push("refused");
  if (meanLogprobAtLeast !== undefined) outcomes.push("low_confidence");
  if (charactersAtLeast !== undefined) outcomes.push("too_short");
  return {
    outcomes,
    meanLogprobAtLeast: meanLogprobAtLeast ?? null,
    charactersAtLeast: charactersAtLeast ?? null,
  };
}

function conditionsOf({ refusals, meanLogprobAtLeast, charactersAtLeast }: CascadeConfig): string {
  const conditions = [
    "is not what was asked for",
    "is cut short",
    ...(refusals ? ["is a refusal"] : []),
    ...(meanLogprobAtLeast === undefined ? [] : [`is less sure than ${meanLogprobAtLeast} a token`]),
    ...(charactersAtLeast === undefined ? [] : [`has fewer than ${charactersAtLeast} characters`]),
  ];
  return `${conditions.slice(0, -1).join(", ")} or ${conditions.at(-1)}`;
}
