import { describe, expect, it } from "vitest";
import { barsOf, describePopulation } from "./describe-population.ts";
import { drawPlot } from "./draw-plot.ts";
import { runPolicies } from "./run-policies.ts";

describe("a population of tasks with known outcomes", () => {
  const results = [101, 102].map((seed) => runPolicies(6_000, seed));

  it("is the same for the same seed", () => {
    expect(runPolicies(500, 7)).toEqual(runPolicies(500, 7));
    expect(runPolicies(500, 8)).not.toEqual(runPolicies(500, 7));
  });

  it("costs a cascade and adaptive routing hardly more a success than knowing everything before", () => {
    // A short run has hardly learned: the long one of `npm run population` is held to 5 %.
    for (const bar of barsOf(results)) {
      expect(bar.worstAboveBest).toBeLessThan(0.1);
      expect(bar.leastBelowDearest).toBeGreaterThan(0.4);
    }
    expect(results.every(({ adaptive }) => adaptive.successShare > 0.8)).toBe(true);
  });

  it("is shown as a table and a picture", () => {
    expect(describePopulation(results).split("\n")).toHaveLength(2 + results.length + 1 + 2);
    for (const result of results) {
      const plot = drawPlot(result, 6_000);
      expect(plot).toContain("adaptive</text>");
      expect(plot).not.toContain("NaN");
    }
  });
});
