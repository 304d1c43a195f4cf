/** Measurements that take turns, and what is made of them. */
import type { Subject } from "./subjects.ts";

/** By subject, in the order in which they were measured, one entry a round. */
export type Rounds<Figures> = readonly (readonly Figures[])[];

/** Rounds take turns, so that a busy minute of the machine hits every subject. */
export async function inTurns<Figures>(
  all: readonly Subject[],
  turns: number,
  measure: (subject: Subject) => Promise<Figures>,
): Promise<Rounds<Figures>> {
  const measured: Figures[][] = all.map(() => []);
  for (let round = 0; round < turns; round += 1) {
    for (const [index, subject] of all.entries()) measured[index]?.push(await measure(subject));
  }
  return measured;
}

/** Of a sorted list; 0 of an empty one. */
export function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

export function medianBy<Item>(items: readonly Item[], by: (item: Item) => number): Item {
  const median = items.toSorted((a, b) => by(a) - by(b))[Math.floor(items.length / 2)];
  if (median === undefined) throw new Error("nothing was measured");
  return median;
}
