import type { Clause } from "./condition.ts";

export interface PlacedClause {
  readonly clause: Clause;
  readonly path: string;
}

export interface Contradiction {
  readonly path: string;
  readonly message: string;
}

/** Clauses that must all hold and cannot: each is reported where, read in order, it leaves nothing over. */
export function* findContradictions(placed: readonly PlacedClause[]): Generator<Contradiction> {
  const lists = new Map<string, { allowed: ReadonlySet<string> | null; readonly excluded: Set<string> }>();
  const bounds = new Map<string, { atLeast: number; atMost: number }>();
  const traits = new Map<string, boolean>();
  for (const { clause, path } of placed) {
    switch (clause.fact) {
      case "input_tokens":
      case "output_tokens_asked": {
        const known = bounds.get(clause.fact) ?? { atLeast: 0, atMost: Infinity };
        bounds.set(clause.fact, known);
        known.atLeast = Math.max(known.atLeast, clause.atLeast ?? 0);
        known.atMost = Math.min(known.atMost, clause.atMost ?? Infinity);
        if (known.atLeast > known.atMost) {
          yield { path, message: `Nothing is at least ${known.atLeast} and at most ${known.atMost}.` };
        }
        break;
      }
      case "tools":
      case "images":
      case "json_schema":
      case "stream":
        if (traits.get(clause.fact) === !clause.is) {
          yield { path, message: `No call is both with and without ${clause.fact.replace("_", " ")}.` };
        }
        traits.set(clause.fact, clause.is);
        break;
      case "time_of_day":
        if (clause.fromMinute === clause.toMinute) {
          yield { path, message: "The window begins and ends in the same minute, so it is never that time." };
        }
        break;
      default: {
        const subject = clause.fact === "tag" ? `tag ${clause.name}` : clause.fact;
        const known = lists.get(subject) ?? { allowed: null, excluded: new Set<string>() };
        lists.set(subject, known);
        const { allowed, excluded } = known;
        const listed: ReadonlySet<string> = new Set(clause.anyOf);
        if (clause.not) for (const value of listed) excluded.add(value);
        else known.allowed = allowed === null ? listed : new Set([...listed].filter((value) => allowed.has(value)));
        if (known.allowed !== null && [...known.allowed].every((value) => excluded.has(value))) {
          yield { path, message: `No ${subject.replace("_", " ")} is left that these conditions are for.` };
        }
      }
    }
  }
}
