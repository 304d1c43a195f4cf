/** Which target is kept in reserve for a request that turns out to be longer than the planned ones take. */
import { orderTargets, type Strategy } from "../strategies/registry.ts";
import type { Candidate } from "./candidate.ts";
import type { Arranging } from "./arrange-members.ts";
import { whyDearerThanFirst } from "./guard-target.ts";
import type { PlannedAttempt } from "./route-plan.ts";

/** A target that every filter has let through, with the strategy that it would be chosen by. */
export interface PassedTarget {
  readonly candidate: Candidate;
  readonly strategy: Strategy;
}

/**
 * The target with the largest known window that is larger than that of every planned one; null where the plan has it already.
 * It is under the same guards as a fallback, and a strategy that would never choose it (by a weight of zero) has its say.
 */
export function largerModel(first: Candidate, facts: Arranging): Candidate | null {
  const { planned, passed } = facts;
  // Whatever fitted into the plan is in it.
  if (passed.length <= planned.length) return null;
  let largest = largestWindow(planned);
  let found: PassedTarget | null = null;
  for (const target of passed) {
    const window = target.candidate.model.contextWindow;
    if (window === null || window <= largest) continue;
    [largest, found] = [window, target];
  }
  if (found === null || whyDearerThanFirst(found.candidate, first, facts) !== null) return null;
  const alone = { ...facts, candidates: [found.candidate], memberIds: [], count: 1 };
  return orderTargets(found.strategy, alone).ordered.length > 0 ? found.candidate : null;
}

function largestWindow(planned: readonly PlannedAttempt[]): number {
  let largest = 0;
  // Where one is not known, nobody can tell whether another is larger; what is known still counts.
  for (const { contextWindow } of planned) largest = Math.max(largest, contextWindow ?? 0);
  return largest;
}
