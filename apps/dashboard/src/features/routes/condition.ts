/** Conditions in the words of the page, and what a clause starts from. */
import type { Clause, Condition } from "@switchyard/policy-engine/conditions/condition";

export type Fact = Clause["fact"];
export type ListedClause = Extract<Clause, { anyOf: string[] }>;
export type AmountClause = Extract<Clause, { fact: "input_tokens" | "output_tokens_asked" }>;
export type TimeClause = Extract<Clause, { fact: "time_of_day" }>;

export const factWords: { readonly [fact in Fact]: string } = {
  team: "Team",
  project: "Project",
  virtual_key: "Virtual key",
  user: "User",
  session: "Session",
  tag: "Tag",
  input_tokens: "Tokens of input",
  output_tokens_asked: "Tokens of answer asked for",
  tools: "Tools",
  images: "Images",
  json_schema: "JSON schema",
  stream: "Stream",
  time_of_day: "Time of day",
};

export const dayNames = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"] as const;

/** What a clause is before anybody has filled it in. */
export function clauseOf(fact: Fact, timeZone: string): Clause {
  switch (fact) {
    case "team":
    case "project":
    case "virtual_key":
    case "user":
    case "session":
      return { fact, anyOf: [] };
    case "tag":
      return { fact, name: "", anyOf: [] };
    case "input_tokens":
    case "output_tokens_asked":
      return { fact };
    case "tools":
    case "images":
    case "json_schema":
    case "stream":
      return { fact, is: true };
    case "time_of_day":
      return { fact, timeZone, fromMinute: 8 * 60, toMinute: 18 * 60 };
  }
}

/** Minutes of a day as a clock shows them; the end of the day is 24:00. */
export function showMinute(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

/** Null for what is no time. */
export function readMinute(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text) ?? [];
  if (hours === undefined || minutes === undefined) return null;
  const minute = Number(hours) * 60 + Number(minutes);
  return Number(minutes) < 60 && minute <= 1440 ? minute : null;
}

/** To be read after "for". Ids are shown as they are where no name is known. */
export function describeCondition(when: Condition | undefined, nameOf: (id: string) => string): string {
  if (when === undefined) return "every call";
  const clauses = when.clauses.map((clause) => describeClause(clause, nameOf));
  return clauses.join(when.match === "all" ? " and " : " or ");
}

function describeClause(clause: Clause, nameOf: (id: string) => string): string {
  switch (clause.fact) {
    case "input_tokens":
    case "output_tokens_asked":
      return `${factWords[clause.fact].toLowerCase()} ${describeRange(clause)}`;
    case "tools":
    case "images":
    case "json_schema":
      return `${clause.is ? "with" : "without"} ${clause.fact === "json_schema" ? "JSON schema" : clause.fact}`;
    case "stream":
      return clause.is ? "streams" : "whole answers";
    case "time_of_day": {
      const days = clause.days === undefined ? "" : ` on ${clause.days.map((day) => dayNames[day - 1]).join(", ")}`;
      return `${showMinute(clause.fromMinute)}–${showMinute(clause.toMinute)} in ${clause.timeZone}${days}`;
    }
    default: {
      const subject = clause.fact === "tag" ? `tag ${clause.name}` : factWords[clause.fact].toLowerCase();
      const names = clause.anyOf.map(nameOf).join(", ");
      return `${subject} ${clause.not ? "other than" : "is"} ${names}`;
    }
  }
}

function describeRange({ atLeast, atMost }: AmountClause): string {
  if (atMost === undefined) return `at least ${atLeast ?? 0}`;
  return atLeast === undefined ? `at most ${atMost}` : `${atLeast} to ${atMost}`;
}
