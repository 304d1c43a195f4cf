/** What a run of the population shows, as a table and as the bars that it has to hold. */
import type { PolicyResult, PopulationResult } from "./run-policies.ts";

/** Above the best fixed policy. */
const mostAboveBest = 0.05;
/** Below the dearest target for everything. */
const leastBelowDearest = 0.4;

export interface PolicyBar {
  readonly name: string;
  readonly worstAboveBest: number;
  readonly leastBelowDearest: number;
  readonly isHeld: boolean;
}

/** Over all populations: the worst of them counts. */
export function barsOf(results: readonly PopulationResult[]): readonly PolicyBar[] {
  return (["cascade", "adaptive"] as const).map((name) => {
    const worstAboveBest = Math.max(
      ...results.map((result) => result[name].dollarsPerSuccess / result.bestFixed.dollarsPerSuccess - 1),
    );
    const least = Math.min(
      ...results.map((result) => 1 - result[name].dollarsPerSuccess / dearestOf(result).dollarsPerSuccess),
    );
    const isHeld = worstAboveBest <= mostAboveBest && least >= leastBelowDearest;
    return { name, worstAboveBest, leastBelowDearest: least, isHeld };
  });
}

function dearestOf({ fixed }: PopulationResult): PolicyResult {
  return fixed.reduce((one, other) => (other.dollarsPerSuccess > one.dollarsPerSuccess ? other : one));
}

export function describePopulation(results: readonly PopulationResult[]): string {
  const policies = (result: PopulationResult) => [...result.fixed, result.bestFixed, result.cascade, result.adaptive];
  const names = results[0] === undefined ? [] : policies(results[0]).map(({ name }) => name);
  const lines = [
    "| seed | " + names.map((name) => `${name} |`).join(" "),
    "|---|" + names.map(() => "---|").join(""),
    ...results.map((result) => `| ${result.seed} | ${policies(result).map(cell).join(" | ")} |`),
  ];
  const bars = barsOf(results).map(
    (bar) =>
      `${bar.name}: at the worst ${percent(bar.worstAboveBest)} above the best fixed policy (at most 5 %), ` +
      `${percent(bar.leastBelowDearest)} below the dearest (at least 40 %): ${bar.isHeld ? "held" : "missed"}`,
  );
  return [...lines, "", ...bars].join("\n");
}

/** Dollars for a thousand successes, and the share of tasks that succeeded. */
function cell({ dollarsPerSuccess, successShare }: PolicyResult): string {
  return `$${(dollarsPerSuccess * 1_000).toFixed(2)} (${percent(successShare)})`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
