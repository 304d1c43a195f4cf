import { expect, test } from "vitest";
import { sampleCandidate, sampleOrdering } from "../../testing/sample-ordering.ts";
import { orderByPriority } from "./order-targets.ts";

test("keeps the route's order, takes as many as are wanted, and says so", () => {
  const candidates = ["0", "1", "2"].map((suffix) => sampleCandidate(suffix, null));
  const { ordered, because } = orderByPriority(sampleOrdering(candidates, { count: 2 }));
  expect(ordered).toEqual(candidates.slice(0, 2));
  expect(because.map(({ text }) => text)).toEqual([
    "Chose c0 / m0: it comes first in the route's order.",
    "Next in line is c1 / m1: it follows in the route's order.",
  ]);
});
