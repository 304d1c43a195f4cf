import type { Target } from "../policy/route.ts";

export interface TargetShare {
  readonly targetId: string;
  /** Of `totalWeight`; zero for a target that is switched off. */
  readonly weight: number;
  readonly totalWeight: number;
  /** `weight / totalWeight`, between 0 and 1; zero when nothing has weight. */
  readonly share: number;
}

/** The part of its route's calls that each target is the first choice of, in the order given. */
export function explainSplit(targets: readonly Pick<Target, "targetId" | "weight" | "enabled">[]): TargetShare[] {
  let totalWeight = 0;
  for (const target of targets) if (target.enabled) totalWeight += target.weight;
  return targets.map(({ targetId, weight, enabled }) => {
    const counted = enabled ? weight : 0;
    return { targetId, weight: counted, totalWeight, share: totalWeight === 0 ? 0 : counted / totalWeight };
  });
}
