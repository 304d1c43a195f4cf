import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { costWithinTotal, feeLines, feeOfLines, feeOn } from "./gateway-fee.ts";
import { picoUsd } from "./pico-usd.ts";

describe("the gateway's fee", () => {
  it("is an amount for the request and a share of the cost, rounded down to a pico-dollar", () => {
    const terms = { perRequestPicoUsd: "1000000000", shareOfCostPpm: 25_000 };
    expect(feeOn(terms, 1_000n, true)).toBe(1_000_000_025n);
    expect(feeOn(terms, 1_000n, false)).toBe(25n);
    expect(feeOn(terms, 39n, false)).toBe(0n);
    expect(feeOn(terms, 40n, false)).toBe(1n);
  });

  it("leaves the largest cost that fits a total with its fee", () => {
    const terms = fc.record({
      perRequestPicoUsd: fc.bigInt(0n, 10n ** 12n).map(String),
      shareOfCostPpm: fc.integer({ min: 0, max: 1_000_000 }),
    });
    fc.assert(
      fc.property(terms, fc.bigInt(0n, 10n ** 15n), fc.boolean(), (fee, total, isDue) => {
        const cost = costWithinTotal(fee, picoUsd(total), isDue);
        const withFee = (amount: bigint) => amount + feeOn(fee, amount, isDue);
        const isLargest = withFee(cost) <= total && withFee(cost + 1n) > total;
        expect(total < feeOn(fee, 0n, isDue) ? cost < 0n : isLargest).toBe(true);
      }),
    );
  });

  it("is a line of its own, or none", () => {
    expect(feeLines(0n)).toEqual([]);
    expect(feeOfLines(feeLines(7n))).toBe(7n);
  });
});
