import type { OrderingInput, TargetOrder } from "../strategy.ts";
import type { ComplexityConfig } from "./config.ts";

/**
 * Gives a call to the tier of its complexity. Where that one cannot answer, those for harder calls follow, then those for
 * easier ones from the hardest down. A tier whose member cannot serve the call is left out, and the others keep their place.
 */
export function orderByComplexity(input: OrderingInput, config: ComplexityConfig): TargetOrder {
  const { candidates, memberIds, count } = input;
  const complexity = input.features.task?.complexity ?? null;
  const wanted = tierOf(complexity, config);
  const tiers = candidates.map((candidate) => ({ candidate, tier: memberIds.indexOf(candidate.memberId) }));
  const ordered = [
    ...tiers.filter(({ tier }) => tier >= wanted),
    ...tiers.filter(({ tier }) => tier < wanted).toReversed(),
  ].slice(0, count);
  const why =
    complexity === null
      ? `how hard this call is cannot be told, and such calls go to the ${config.whenUnsure} tier`
      : `the call's complexity of ${complexity} is for tier ${wanted + 1} of ${config.boundaries.length + 1}`;
  const because = ordered.map(({ candidate: { label }, tier }, index) =>
    index === 0
      ? {
          code: "complexity_choice",
          text: `Chose ${label}: ${why}${tier === wanted ? "" : `, and this is tier ${tier + 1}, the nearest that can answer`}.`,
        }
      : { code: "complexity_next", text: `Next in line is ${label}, which is tier ${tier + 1}.` },
  );
  return { ordered: ordered.map(({ candidate }) => candidate), because };
}

function tierOf(complexity: number | null, { boundaries, whenUnsure }: ComplexityConfig): number {
  if (complexity === null) return whenUnsure === "hardest" ? boundaries.length : 0;
  return boundaries.filter((boundary) => complexity > boundary).length;
}
