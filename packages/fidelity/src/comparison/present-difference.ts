import type { Difference } from "../report.ts";
import { type Json, jsonDifferences } from "./json-differences.ts";

const longestValue = 200;

/** A difference as it is reported: values as JSON, cut where they are long. */
export function presentDifference(
  pointer: string,
  ours: Json | undefined,
  theirs: Json | undefined,
  reason: string | null,
): Difference {
  return { pointer, ours: abridge(ours), theirs: abridge(theirs), reason };
}

/** Every difference of two values as it is reported, with what explains the one at a pointer. `at` is where the values stand. */
export function presentDifferences(
  ours: Json | undefined,
  theirs: Json | undefined,
  explain: (pointer: string) => string | null = () => null,
  at = "",
): Difference[] {
  return jsonDifferences(ours, theirs, at).map((difference) =>
    presentDifference(difference.pointer, difference.ours, difference.theirs, explain(difference.pointer)),
  );
}

function abridge(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
