/** When a second attempt may start beside one that is late. Dean and Barroso, "The Tail at Scale": after the 95th percentile. */
import type { Route } from "../policy/route.ts";
import type { HealthFacts } from "../routing/filter-target.ts";
import type { PlannedAttempt } from "../routing/route-plan.ts";

const hedgeQuantile = 0.95;
/** Before so many streams a quantile is chance. */
const fewestSamples = 20;
const shortestDelayMs = 20;

/**
 * After how long without a first byte the next attempt starts; null where this one is not hedged. A plan that names a
 * delay is obeyed; otherwise the route decides, and the delay is what the target's own streams usually stay below.
 */
export function hedgeDelayMs(
  planned: PlannedAttempt,
  { resilience }: Pick<Route, "resilience">,
  { connections, nowMs }: HealthFacts,
): number | null {
  if (planned.hedgeAfterMs !== undefined) return planned.hedgeAfterMs;
  if (resilience === undefined || !resilience.hedging.enabled) return null;
  const firstToken = connections.get(planned.connectionId)?.targetsByModelId.get(planned.modelId)?.firstToken;
  if (firstToken === undefined || firstToken.samplesAt(nowMs) < fewestSamples) return null;
  const usualMs = firstToken.quantile(hedgeQuantile);
  return usualMs === null ? null : Math.max(shortestDelayMs, usualMs);
}

/** Whether one more hedge stays within its share of a route's calls in the last minute. */
export function hasHedgeBudget(
  { calls, hedges }: { readonly calls: number; readonly hedges: number },
  percent: number,
): boolean {
  return (hedges + 1) * 100 <= calls * percent;
}
