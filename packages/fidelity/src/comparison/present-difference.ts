import type { Difference } from "../report.ts";
import type { Json } from "./json-differences.ts";

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

function abridge(value: Json | undefined): string | null {
  if (value === undefined) return null;
  const text = JSON.stringify(value);
  return text.length > longestValue ? `${text.slice(0, longestValue)}…` : text;
}
