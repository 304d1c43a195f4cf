import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { exactUnitPrice } from "./exact-unit-price.ts";

describe("exactUnitPrice", () => {
  it.each([
    [2.5, 1_000_000n, 2_500_000n],
    [0, 1_000_000n, 0n],
    [0.0028, 1_000_000n, 2_800n],
    [0.000_001, 1_000_000n, 1n],
    [1e-6, 1_000_000n, 1n],
    [12, 1_000n, 12_000_000_000n],
    [0.36, 3_600n, 100_000_000n],
    [1e21, 1n, 10n ** 33n],
    [5e-7, 1_000n, 500n],
  ])("%d USD per %d units", (usd, per, picoUsd) => {
    expect(exactUnitPrice(usd, per)).toBe(picoUsd);
  });

  it.each([
    [5e-7, 1_000_000n],
    [0.1 + 0.2, 1_000_000n],
    [0.083_333_333_333_333_34, 1_000_000n],
    [0.111, 3_600n],
    [-1, 1_000_000n],
    [Number.NaN, 1_000_000n],
    [Number.POSITIVE_INFINITY, 1_000_000n],
  ])("%d USD per %d units is no whole number", (usd, per) => {
    expect(exactUnitPrice(usd, per)).toBeNull();
  });

  it("takes over any price per million with up to six decimals", () => {
    fc.assert(
      fc.property(fc.nat(2_000_000_000), fc.nat(6), (digits, decimals) => {
        const usd = Number(`${digits}e-${decimals}`);
        expect(exactUnitPrice(usd, 1_000_000n)).toBe(BigInt(digits) * 10n ** BigInt(6 - decimals));
      }),
    );
  });
});
