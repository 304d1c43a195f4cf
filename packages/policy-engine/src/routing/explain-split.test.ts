import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { explainSplit } from "./explain-split.ts";

describe("explainSplit", () => {
  test("counts only targets that are switched on", () => {
    const split = explainSplit([
      { targetId: "a", weight: 70, enabled: true },
      { targetId: "b", weight: 30, enabled: true },
      { targetId: "c", weight: 900, enabled: false },
      { targetId: "d", weight: 0, enabled: true },
    ]);
    expect(split).toEqual([
      { targetId: "a", weight: 70, totalWeight: 100, share: 0.7 },
      { targetId: "b", weight: 30, totalWeight: 100, share: 0.3 },
      { targetId: "c", weight: 0, totalWeight: 100, share: 0 },
      { targetId: "d", weight: 0, totalWeight: 100, share: 0 },
    ]);
  });

  test("gives nobody a share where nothing has weight", () => {
    expect(explainSplit([{ targetId: "a", weight: 5, enabled: false }])).toMatchObject([{ share: 0, totalWeight: 0 }]);
    expect(explainSplit([])).toEqual([]);
  });

  test("splits the whole and no more", () => {
    const target = fc.record({ targetId: fc.string(), weight: fc.nat(1_000_000), enabled: fc.boolean() });
    fc.assert(
      fc.property(fc.array(target, { maxLength: 100 }), (targets) => {
        const split = explainSplit(targets);
        const total = split.reduce((sum, { weight }) => sum + weight, 0);
        expect(split.every(({ totalWeight }) => totalWeight === total)).toBe(true);
      }),
    );
  });
});
