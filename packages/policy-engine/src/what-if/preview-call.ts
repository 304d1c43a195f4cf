/** What a draft would do with a call, without making it. The same planning as the gateway's, with every target in service. */
import type { HealthFacts } from "../routing/filter-target.ts";
import type { PlanInput } from "../routing/plan-input.ts";
import { planRoute, type RoutePlan } from "../routing/plan-route.ts";

/** A call and a policy, without what only a running gateway knows. */
export type CallToPreview = Omit<PlanInput, "seed" | "health" | "gatewayRegion"> & {
  /** Of every target in service; absent: their times are not known. */
  readonly health?: HealthFacts;
};

export interface CallPreview {
  /** Of one draw. */
  readonly plan: RoutePlan;
  /** How often each target is the first choice of `draws` such calls, most often first; null: nobody can answer. */
  readonly firstChoices: readonly { readonly label: string | null; readonly calls: number }[];
  readonly draws: number;
}

export const everybodyHealthy: HealthFacts = { connections: new Map(), nowMs: 0 };

const draws = 1_000;

/** Plans the call by a thousand seeds: a strategy that draws shows its shares, one that does not shows one target. */
export function previewCall(call: CallToPreview): CallPreview {
  const planBy = (seed: number): RoutePlan =>
    planRoute({ health: everybodyHealthy, ...call, seed, gatewayRegion: null });
  const counts = new Map<string | null, number>();
  for (let seed = 1; seed <= draws; seed++) {
    const label = planBy(seed).attempts[0]?.label ?? null;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  const firstChoices = [...counts].map(([label, calls]) => ({ label, calls })).toSorted((a, b) => b.calls - a.calls);
  return { plan: planBy(1), firstChoices, draws };
}
