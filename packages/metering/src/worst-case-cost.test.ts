import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { largestAffordableOutput } from "./largest-affordable-output.ts";
import { inputTokenMeters, outputTokenMeters, totalQuantity } from "./meters.ts";
import { picoUsd } from "./pico-usd.ts";
import { priceUsageByVersion } from "./price-usage.ts";
import type { PriceLine, PriceVersion } from "./price-version.ts";
import { arbitraryLines, arbitraryUsage } from "./testing/arbitrary-prices.ts";
import { isOutputPriced, worstCaseCost } from "./worst-case-cost.ts";

const version = (lines: readonly PriceLine[], free = false): PriceVersion => ({
  priceVersionId: "p1",
  connectionId: null,
  effectiveFromMs: 0,
  free,
  lines: [...lines],
});
const bounds = (inputTokensAtMost: number, outputTokensAtMost: number, answers = 1) => ({
  inputTokensAtMost,
  outputTokensAtMost,
  answers,
});

const chat = version([
  { meter: "input", unitPricePicoUsd: "2500000" },
  { meter: "cached_input", unitPricePicoUsd: "1250000" },
  { meter: "output", unitPricePicoUsd: "10000000" },
]);
const cacheWrites = version([
  { meter: "input", unitPricePicoUsd: "3" },
  { meter: "cache_write_1h", unitPricePicoUsd: "6" },
  { meter: "output", unitPricePicoUsd: "15" },
  { meter: "reasoning", unitPricePicoUsd: "20" },
]);
const tiered = version([
  { meter: "input", unitPricePicoUsd: "1" },
  { meter: "input", unitPricePicoUsd: "2", aboveInputTokens: 100 },
  { meter: "output", unitPricePicoUsd: "10" },
  { meter: "output", unitPricePicoUsd: "15", aboveInputTokens: 100 },
]);
const conditional = version([
  { meter: "input", unitPricePicoUsd: "1" },
  { meter: "input", unitPricePicoUsd: "4", timeWindow: { startMinute: 0, endMinute: 60 } },
  { meter: "output", unitPricePicoUsd: "10" },
  { meter: "output", unitPricePicoUsd: "30", serviceTier: "priority" },
]);
const flatFee = version([{ meter: "requests", unitPricePicoUsd: "10000000000" }]);
const feeAndTokens = version([
  { meter: "requests", unitPricePicoUsd: "100" },
  { meter: "input", unitPricePicoUsd: "1" },
  { meter: "output", unitPricePicoUsd: "2" },
]);

describe("worstCaseCost", () => {
  it.each([
    // 1,000 x 2,500,000 + 500 x 10,000,000: cheaper cached input does not count
    ["tokens at the plain price", chat, bounds(1_000, 500), 7_500_000_000n],
    // 10 x 6 + 7 x 20
    ["the dearest meter of each direction", cacheWrites, bounds(10, 7), 200n],
    // 10 x 6 + 7 x 3 x 20
    ["every answer at the full cap", cacheWrites, bounds(10, 7, 3), 480n],
    // the tier is out of reach at 100: 100 x 1 + 10 x 10
    ["a tier out of reach", tiered, bounds(100, 10), 200n],
    // and in reach at 101: 101 x 2 + 10 x 15
    ["a tier in reach", tiered, bounds(101, 10), 352n],
    // 5 x 4 + 2 x 30
    ["any time of day and service tier", conditional, bounds(5, 2), 80n],
    ["a flat fee, whatever the bounds", flatFee, bounds(100_000, 4_096, 8), 10_000_000_000n],
    // 100 + 5 x 1 + 2 x 2
    ["a fee beside tokens", feeAndTokens, bounds(5, 2), 109n],
    ["free", version([], true), bounds(1_000, 1_000), 0n],
    ["no output at all", version([{ meter: "input", unitPricePicoUsd: "3" }]), bounds(7, 0), 21n],
    ["a call without bounds to speak of", chat, bounds(0, 0), 0n],
  ])("%s", (_name, prices, callBounds, cost) => {
    expect(worstCaseCost(prices, callBounds)).toBe(cost);
  });

  it.each([
    ["no lines", version([]), bounds(1, 1)],
    ["output without a price", version([{ meter: "input", unitPricePicoUsd: "3" }]), bounds(1, 1)],
    ["input without a price", version([{ meter: "output", unitPricePicoUsd: "3" }]), bounds(1, 1)],
    [
      "a price for some hours only",
      version([
        { meter: "input", unitPricePicoUsd: "3", timeWindow: { startMinute: 0, endMinute: 60 } },
        { meter: "output", unitPricePicoUsd: "3" },
      ]),
      bounds(1, 1),
    ],
  ])("is unknown with %s", (_name, prices, callBounds) => {
    expect(worstCaseCost(prices, callBounds)).toBeNull();
  });

  it("is never below the cost of a usage within the bounds", () => {
    fc.assert(
      fc.property(
        arbitraryLines,
        arbitraryUsage(300_000),
        fc.nat(1439),
        fc.constantFrom(null, "flex", "priority", "unheard-of"),
        fc.integer({ min: 1, max: 4 }),
        fc.nat(50_000),
        fc.nat(50_000),
        (lines, usage, minute, serviceTier, answers, spareInput, spareOutput) => {
          const output = totalQuantity(usage, outputTokenMeters);
          const callBounds = {
            inputTokensAtMost: totalQuantity(usage, inputTokenMeters) + spareInput,
            outputTokensAtMost: Math.ceil(output / answers) + spareOutput,
            answers,
          };
          const cost = priceUsageByVersion(version(lines), { usage, atMs: minute * 60_000, serviceTier });
          if (cost.kind !== "priced") throw new Error(`unpriced: ${cost.meter}`);
          expect(worstCaseCost(version(lines), callBounds)).toBeGreaterThanOrEqual(cost.costPicoUsd);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe("largestAffordableOutput", () => {
  it.each([
    // 5 + 100 fixed, 2 a token
    ["all of what was asked", feeAndTokens, bounds(5, 10), 125n, 10],
    ["one pico-USD short of all", feeAndTokens, bounds(5, 10), 124n, 9],
    ["exactly one token", feeAndTokens, bounds(5, 10), 107n, 1],
    ["not even one token", feeAndTokens, bounds(5, 10), 106n, null],
    ["not even the input", feeAndTokens, bounds(5, 10), 104n, null],
    // 2 answers: 4 a token of the cap
    ["the cap of each of two answers", feeAndTokens, bounds(5, 10, 2), 130n, 6],
    ["a flat fee that fits", flatFee, bounds(5, 10), 10_000_000_000n, 10],
    ["a flat fee that does not", flatFee, bounds(5, 10), 9_999_999_999n, null],
    ["a free model", version([], true), bounds(5, 10), 0n, 10],
    ["an unpriced model", version([]), bounds(5, 10), 1_000n, null],
  ])("%s", (_name, prices, callBounds, budget, cap) => {
    expect(largestAffordableOutput(prices, callBounds, picoUsd(budget))).toBe(cap);
  });

  it("is the largest cap whose worst case fits", () => {
    fc.assert(
      fc.property(
        arbitraryLines,
        fc.nat(10_000),
        fc.integer({ min: 1, max: 5_000 }),
        fc.integer({ min: 1, max: 3 }),
        fc.bigInt({ min: 0n, max: 10_000_000_000_000n }),
        (lines, input, asked, answers, budget) => {
          const prices = version(lines);
          const cap = largestAffordableOutput(prices, bounds(input, asked, answers), picoUsd(budget));
          const costOf = (output: number) => worstCaseCost(prices, bounds(input, output, answers)) ?? -1n;
          expect(cap === null || costOf(cap) <= budget).toBe(true);
          expect(cap === asked || costOf((cap ?? 0) + 1) > budget).toBe(true);
        },
      ),
    );
  });
});

describe("isOutputPriced", () => {
  it.each([
    [chat, true],
    [flatFee, false],
    [version([], true), false],
    [
      version([
        { meter: "input", unitPricePicoUsd: "1" },
        { meter: "output", unitPricePicoUsd: "0" },
      ]),
      false,
    ],
    [
      version([
        { meter: "output", unitPricePicoUsd: "0" },
        { meter: "reasoning", unitPricePicoUsd: "1" },
      ]),
      true,
    ],
  ])("%#", (prices, isPriced) => {
    expect(isOutputPriced(prices)).toBe(isPriced);
  });
});

describe("what is not counted in tokens", () => {
  const list = (...lines: PriceLine[]): PriceVersion => ({
    priceVersionId: "p",
    connectionId: null,
    effectiveFromMs: 0,
    free: false,
    lines,
  });
  const bounds = { inputTokensAtMost: 100, outputTokensAtMost: 1_000, answers: 3, unitsAtMost: { images: 3 } };
  const images = { meter: "images", unitPricePicoUsd: "40000000000" } as const;
  const input = { meter: "input", unitPricePicoUsd: "5" } as const;
  const pictures = { meter: "image_output", unitPricePicoUsd: "30" } as const;

  it.each([
    ["pictures by the picture", list(images), 120_000_000_000n],
    [
      "the dearest picture",
      list(images, { ...images, serviceTier: "fast", unitPricePicoUsd: "60000000000" }),
      180_000_000_000n,
    ],
    ["pictures by tokens", list(input, { meter: "output", unitPricePicoUsd: "20" }, pictures), 500n + 90_000n],
    ["both", list(images, input), 120_000_000_500n],
  ])("bounds %s", (_, version, expected) => {
    expect(worstCaseCost(version, bounds)).toBe(expected);
  });

  it.each([
    ["another unit alone", list({ meter: "characters", unitPricePicoUsd: "1" })],
    ["a unit for some times of day only", list({ ...images, timeWindow: { startMinute: 0, endMinute: 60 } })],
    ["input alone", list(input)],
  ])("does not bound a call by a list that prices %s", (_, version) => {
    expect(worstCaseCost(version, bounds)).toBeNull();
  });
});
