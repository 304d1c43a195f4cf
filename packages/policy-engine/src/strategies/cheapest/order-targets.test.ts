import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleCandidate, sampleOrdering } from "../../testing/sample-ordering.ts";
import { orderByCost } from "./order-targets.ts";

const config = { type: "cheapest", expectedOutputTokens: 500 } as const;
const texts = ({ because }: ReturnType<typeof orderByCost>): string[] => because.map(({ text }) => text);
const ids = ({ ordered }: ReturnType<typeof orderByCost>): string[] => ordered.map(({ target }) => target.targetId);

describe("orderByCost", () => {
  test("puts the lowest expected cost first and tells the difference", () => {
    // 1,000 tokens of input and 500 of output, in pico-USD.
    const candidates = [
      sampleCandidate("0", [200_000, 480_000]),
      sampleCandidate("1", [100_000, 420_000]),
      sampleCandidate("2", null),
      sampleCandidate("3", [900_000, 900_000]),
    ];
    const order = orderByCost(sampleOrdering(candidates), config);
    expect(ids(order)).toEqual(["t1", "t0", "t3", "t2"]);
    expect(texts(order)).toEqual([
      "Chose c1 / m1: this call is expected to cost $0.00031 there, next c0 / m0 at $0.00044.",
      "After that comes c3 / m3 at $0.0014.",
      "After that comes c2 / m2 without a price.",
    ]);
  });

  test("goes by the call at hand: much input or much output, and no more output than it allows", () => {
    const candidates = [sampleCandidate("in", [1, 100]), sampleCandidate("out", [50, 1])];
    const order = (features: object) => {
      const input = sampleOrdering(candidates);
      return ids(orderByCost({ ...input, features: { ...input.features, ...features } }, config))[0];
    };
    expect(order({ inputTokensExpected: 10 })).toBe("tout");
    expect(order({ inputTokensExpected: 5_000 })).toBe("tin");
    expect(order({ inputTokensExpected: 10, outputTokensAsked: 4 })).toBe("tin");
    expect(order({ inputTokensExpected: 10, outputTokensAsked: 4, answers: 3 })).toBe("tout");
    expect(order({ inputTokensExpected: 10, operation: "embeddings" })).toBe("tin");
  });

  test("goes by the prices of the moment", () => {
    const before = sampleCandidate("0", [10, 10]);
    const [version] = before.model.prices;
    const dearer = {
      ...version!,
      effectiveFromMs: 100,
      lines: [{ ...version!.lines[0]!, unitPricePicoUsd: "99" }, version!.lines[1]!],
    };
    const changing = { ...before, model: { ...before.model, prices: [version!, dearer] } };
    const candidates = [changing, sampleCandidate("1", [20, 20])];
    expect(ids(orderByCost(sampleOrdering(candidates, { nowMs: 99 }), config))[0]).toBe("t0");
    expect(ids(orderByCost(sampleOrdering(candidates, { nowMs: 100 }), config))[0]).toBe("t1");
  });

  test("says so where nothing has a price, and nothing where there is no target", () => {
    const order = orderByCost(sampleOrdering([sampleCandidate("0", null)]), config);
    expect(texts(order)).toEqual(["Chose c0 / m0: no target has a price for this call."]);
    expect(orderByCost(sampleOrdering([]), config)).toEqual({ ordered: [], because: [] });
  });

  test("orders by cost whatever the prices, keeps equals in order, and never invents or repeats a target", () => {
    const price = fc.option(fc.tuple(fc.nat(50), fc.nat(50)));
    fc.assert(
      fc.property(fc.array(price, { maxLength: 8 }), fc.integer({ min: 1, max: 5 }), (prices, count) => {
        const candidates = prices.map((each, index) => sampleCandidate(String(index), each));
        const { ordered } = orderByCost(sampleOrdering(candidates, { count }), config);
        const costs = prices.map((each) => (each === null ? Infinity : each[0] * 1_000 + each[1] * 500));
        const expected = candidates
          .map((candidate, index) => ({ candidate, cost: costs[index]!, index }))
          .toSorted((a, b) => (a.cost === b.cost ? a.index - b.index : a.cost < b.cost ? -1 : 1));
        expect(ordered).toEqual(expected.slice(0, count).map(({ candidate }) => candidate));
      }),
    );
  });
});
