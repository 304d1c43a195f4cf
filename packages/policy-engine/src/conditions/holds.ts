import type { RequestFeatures } from "../routing/request-features.ts";
import type { Clause, Condition } from "./condition.ts";
import { localTime } from "./local-time.ts";

/** Who calls, as conditions and strategies may know it. */
export interface CallerFacts {
  readonly teamId: string;
  readonly projectId: string;
  readonly virtualKeyId: string;
  readonly user: string | null;
  readonly session: string | null;
  /** `name=value` pairs. */
  readonly tags: readonly string[];
}

export interface ConditionFacts {
  readonly caller: CallerFacts;
  readonly features: RequestFeatures;
  /** The time of day (epoch ms). */
  readonly nowMs: number;
}

/** Null where the condition holds, else the clause to blame, as words after "because". Never throws. */
export function whyNotFor({ match, clauses }: Condition, facts: ConditionFacts): string | null {
  if (match === "any") {
    return clauses.some((clause) => clauseHolds(clause, facts)) ? null : "none of its conditions holds";
  }
  const failing = clauses.find((clause) => !clauseHolds(clause, facts));
  return failing === undefined ? null : describeMismatch(failing, facts.features);
}

function clauseHolds(clause: Clause, { caller, features, nowMs }: ConditionFacts): boolean {
  switch (clause.fact) {
    case "team":
      return isListed(clause, caller.teamId);
    case "project":
      return isListed(clause, caller.projectId);
    case "virtual_key":
      return isListed(clause, caller.virtualKeyId);
    case "user":
      return isListed(clause, caller.user);
    case "session":
      return isListed(clause, caller.session);
    case "tag":
      return isListed(clause, tagValue(caller.tags, clause.name));
    case "input_tokens":
      return isWithin(clause, features.inputTokensExpected);
    case "output_tokens_asked":
      return isWithin(clause, features.outputTokensAsked);
    case "tools":
    case "images":
    case "stream":
      return features[clause.fact] === clause.is;
    case "json_schema":
      return features.jsonSchema === clause.is;
    case "time_of_day":
      return isTime(clause, nowMs);
  }
}

function isListed(
  { anyOf, not }: { readonly anyOf: readonly string[]; readonly not?: boolean | undefined },
  value: string | null,
): boolean {
  return (value !== null && anyOf.includes(value)) !== (not ?? false);
}

function tagValue(tags: readonly string[], name: string): string | null {
  const found = tags.find((tag) => tag.startsWith(name) && tag[name.length] === "=");
  return found === undefined ? null : found.slice(name.length + 1);
}

interface Bounds {
  readonly atLeast?: number | undefined;
  readonly atMost?: number | undefined;
}

function isWithin({ atLeast, atMost }: Bounds, amount: number | null): boolean {
  return amount !== null && amount >= (atLeast ?? 0) && amount <= (atMost ?? Infinity);
}

function isTime(clause: Extract<Clause, { fact: "time_of_day" }>, nowMs: number): boolean {
  const now = localTime(clause.timeZone, nowMs);
  if (now === null) return false;
  const { fromMinute, toMinute, days } = clause;
  const runsPastMidnight = toMinute < fromMinute;
  const isEarlyPart = runsPastMidnight && now.minuteOfDay < toMinute;
  const isInside = runsPastMidnight
    ? isEarlyPart || now.minuteOfDay >= fromMinute
    : now.minuteOfDay >= fromMinute && now.minuteOfDay < toMinute;
  if (!isInside || days === undefined) return isInside;
  return days.includes(isEarlyPart ? ((now.weekday + 5) % 7) + 1 : now.weekday);
}

function describeMismatch(clause: Clause, features: RequestFeatures): string {
  switch (clause.fact) {
    case "team":
    case "project":
    case "user":
    case "session":
    case "virtual_key":
      return `it is ${clause.not ? "not for this" : "for another"} ${clause.fact.replace("_", " ")}`;
    case "tag":
      return `the call's tag "${clause.name}" is ${clause.not ? "one that it is not for" : "not one that it is for"}`;
    case "input_tokens":
      return `it is for calls of ${range(clause)} tokens of input, and this one has about ${features.inputTokensExpected}`;
    case "output_tokens_asked": {
      const asked =
        features.outputTokensAsked === null ? "does not say how many" : `asks for ${features.outputTokensAsked}`;
      return `it is for calls that ask for ${range(clause)} tokens of answer, and this one ${asked}`;
    }
    case "tools":
    case "images":
      return `it is for calls ${clause.is ? "with" : "without"} ${clause.fact}`;
    case "json_schema":
      return `it is for calls ${clause.is ? "with" : "without"} a JSON schema`;
    case "stream":
      return `it is for ${clause.is ? "streams" : "whole answers"}`;
    case "time_of_day":
      return "this is not the time of day that it is for";
  }
}

function range({ atLeast, atMost }: Bounds): string {
  if (atMost === undefined) return `at least ${atLeast ?? 0}`;
  return atLeast === undefined ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}
