import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sampleCandidate, sampleFeatures, sampleOrdering } from "../../testing/sample-ordering.ts";
import type { ComplexityConfig } from "./config.ts";
import { orderByComplexity } from "./order-targets.ts";

const suffixes = ["1", "2", "3"];
const candidates = suffixes.map((suffix) => sampleCandidate(suffix, [1, 1]));
const config: ComplexityConfig = { type: "complexity", boundaries: [0.3, 0.6], whenUnsure: "hardest" };

function orderFor(complexity: number | null, of = candidates) {
  const task = { by: "words", taskClass: null, complexity, cues: [] };
  const memberIds = candidates.map(({ memberId }) => memberId);
  const input = sampleOrdering(of, { features: sampleFeatures({ task }), memberIds });
  return orderByComplexity(input, config);
}

describe("orderByComplexity", () => {
  it.each([
    [0, "t1,t2,t3"],
    [0.3, "t1,t2,t3"],
    [0.31, "t2,t3,t1"],
    [0.9, "t3,t2,t1"],
    [null, "t3,t2,t1"],
  ])("orders for a complexity of %s: %s", (complexity, order) => {
    expect(
      orderFor(complexity)
        .ordered.map(({ memberId }) => memberId)
        .join(),
    ).toBe(order);
  });

  it("says why", () => {
    expect(orderFor(0.5).because[0]?.text).toBe("Chose c2 / m2: the call's complexity of 0.5 is for tier 2 of 3.");
    expect(orderFor(null).because[0]?.text).toContain("cannot be told");
    const [first] = orderFor(0.1, candidates.slice(1)).because;
    expect(first?.text).toContain("and this is tier 2, the nearest that can answer");
  });

  it("names each that can serve the call once, whichever those are", () => {
    fc.assert(
      fc.property(fc.subarray(candidates), fc.option(fc.double({ min: 0, max: 1, noNaN: true })), (of, complexity) => {
        expect(new Set(orderFor(complexity, of).ordered)).toEqual(new Set(of));
      }),
    );
  });
});
