import type { Reason } from "@switchyard/metering/usage-event";
import type { Candidate } from "../../routing/candidate.ts";
import type { OrderTargets } from "../strategy.ts";

/**
 * Draws targets one after the other without putting them back, each in proportion to its weight among those left. So
 * every target is first exactly as often as its weight says, and where it fails its share goes to the others in
 * proportion to theirs. A target of weight zero gets nothing, not even what others leave.
 */
export const orderByWeight: OrderTargets = ({ candidates, count, draws }) => {
  const ordered: Candidate[] = [];
  const because: Reason[] = [];
  const left: Candidate[] = [];
  let leftWeight = 0;
  for (const candidate of candidates) {
    leftWeight += candidate.weight;
    if (candidate.weight > 0) left.push(candidate);
    else because.push({ code: "weight_zero", text: `Passed over ${candidate.label}: its weight is zero.` });
  }
  while (ordered.length < count && leftWeight > 0) {
    const position = positionOf(draws.below(leftWeight), left);
    for (const candidate of left.splice(position, 1)) {
      because.push(explain(candidate, leftWeight, ordered.length === 0));
      ordered.push(candidate);
      leftWeight -= candidate.weight;
    }
  }
  return { ordered, because };
};

/** Lays the weights end to end and says in whose stretch the drawn point lies. */
function positionOf(drawn: number, candidates: readonly Candidate[]): number {
  let stretchEnd = 0;
  return candidates.findIndex(({ weight }) => {
    stretchEnd += weight;
    return drawn < stretchEnd;
  });
}

function explain({ label, weight }: Candidate, leftWeight: number, isFirst: boolean): Reason {
  if (!isFirst) {
    return { code: "weighted_next", text: `Next in line is ${label}: weight ${weight} of the ${leftWeight} left.` };
  }
  const share = weight === leftWeight ? "every call" : `${weight} of every ${leftWeight} calls`;
  return { code: "weighted_choice", text: `Chose ${label}: by its weight it gets ${share}.` };
}
