import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inputTokenMeters, meters, outputTokenMeters, standInMeter, type Meter, type Usage } from "./meters.ts";
import { parsePicoUsd, sumPicoUsd } from "./pico-usd.ts";
import { costOfUsage, priceUsage, priceUsageByVersion } from "./price-usage.ts";
import { priceVersionSchema, type PriceLine, type PriceVersion } from "./price-version.ts";
import { arbitraryLines, arbitraryUsage } from "./testing/arbitrary-prices.ts";

const noon = Date.UTC(2026, 5, 1, 12, 0);
const at = (hour: number, minute = 0) => Date.UTC(2026, 5, 1, hour, minute);

function version(lines: readonly PriceLine[], more: Partial<PriceVersion> = {}): PriceVersion {
  return priceVersionSchema.parse({
    priceVersionId: "p1",
    connectionId: null,
    effectiveFromMs: 0,
    free: false,
    lines,
    ...more,
  });
}

const line = (meter: Meter, unitPricePicoUsd: string, conditions: Partial<PriceLine> = {}): PriceLine => ({
  meter,
  unitPricePicoUsd,
  ...conditions,
});

// Prices per million tokens as lists show them: $2.50 is 2,500,000 pico-USD a token, $0.0028 is 2,800.
const chat = version([line("input", "2500000"), line("cached_input", "1250000"), line("output", "10000000")]);
const itemised = version([
  line("input", "3000000"),
  line("cached_input", "300000"),
  line("cache_write_5m", "3750000"),
  line("cache_write_1h", "6000000"),
  line("output", "15000000"),
  line("reasoning", "20000000"),
]);
const tiered = version([
  line("input", "1250000"),
  line("input", "2500000", { aboveInputTokens: 200_000 }),
  line("input", "4000000", { aboveInputTokens: 500_000 }),
  line("output", "10000000"),
  line("output", "15000000", { aboveInputTokens: 200_000 }),
]);
const offPeak = version([
  line("input", "135000"),
  line("input", "270000", { timeWindow: { startMinute: 30, endMinute: 990 } }),
  line("output", "550000"),
  line("output", "1100000", { timeWindow: { startMinute: 30, endMinute: 990 } }),
]);
const overnight = version([
  line("input", "100"),
  line("input", "40", { timeWindow: { startMinute: 1320, endMinute: 360 } }),
  line("output", "200"),
]);
const serviceTiers = version([
  line("input", "1000"),
  line("input", "500", { serviceTier: "flex" }),
  line("input", "2000", { serviceTier: "priority" }),
  line("input", "700", { serviceTier: "flex", aboveInputTokens: 100 }),
  line("output", "4000"),
]);
const flatFee = version([line("requests", "10000000000")]);
const feeAndTokens = version([line("requests", "12000000000"), line("input", "1000000"), line("output", "1000000")]);
const free = version([], { free: true });

interface Vector {
  readonly name: string;
  readonly prices: PriceVersion;
  readonly usage: Usage;
  readonly atMs?: number;
  readonly serviceTier?: string;
  readonly cost: string;
}

const vectors: readonly Vector[] = [
  { name: "nothing used costs nothing", prices: chat, usage: {}, cost: "0" },
  // 1,000 x 2,500,000 + 500 x 10,000,000
  { name: "input and output", prices: chat, usage: { input: 1_000, output: 500 }, cost: "7500000000" },
  { name: "one token", prices: chat, usage: { input: 1 }, cost: "2500000" },
  // 200 x 2,500,000 + 800 x 1,250,000
  { name: "cached input", prices: chat, usage: { input: 200, cached_input: 800 }, cost: "1500000000" },
  // reasoning has no line: 300 x 10,000,000
  { name: "reasoning as output", prices: chat, usage: { reasoning: 300 }, cost: "3000000000" },
  // cache writes and audio have no line: (7 + 5 + 3) x 2,500,000
  {
    name: "unlisted input meters as input",
    prices: chat,
    usage: { cache_write_1h: 7, audio_input: 5, image_input: 3 },
    cost: "37500000",
  },
  // 10 x 3,000,000 + 20 x 300,000 + 30 x 3,750,000 + 40 x 6,000,000 + 50 x 15,000,000 + 60 x 20,000,000
  {
    name: "every itemised meter at its own price",
    prices: itemised,
    usage: { input: 10, cached_input: 20, cache_write_5m: 30, cache_write_1h: 40, output: 50, reasoning: 60 },
    cost: "2338500000",
  },
  // 30-minute cache writes have no line of their own: 4 x 3,000,000, not the 5-minute price
  { name: "stand-in is input, not a neighbour", prices: itemised, usage: { cache_write_30m: 4 }, cost: "12000000" },
  { name: "at the tier's threshold", prices: tiered, usage: { input: 200_000 }, cost: "250000000000" },
  { name: "one above the threshold", prices: tiered, usage: { input: 200_001 }, cost: "500002500000" },
  // 500,001 x 4,000,000; output keeps its highest tier that applies: 10 x 15,000,000
  { name: "the highest of two tiers", prices: tiered, usage: { input: 500_001, output: 10 }, cost: "2000154000000" },
  // 150,000 + 60,000 cached = 210,000 input tokens: all of them at 2,500,000, 2 x 15,000,000
  {
    name: "cached tokens count towards the tier",
    prices: tiered,
    usage: { input: 150_000, cached_input: 60_000, output: 2 },
    cost: "525030000000",
  },
  { name: "before the window", prices: offPeak, usage: { input: 100 }, atMs: at(0, 29), cost: "13500000" },
  { name: "the window's first minute", prices: offPeak, usage: { input: 100 }, atMs: at(0, 30), cost: "27000000" },
  { name: "the window's last minute", prices: offPeak, usage: { input: 100 }, atMs: at(16, 29), cost: "27000000" },
  { name: "the window's end", prices: offPeak, usage: { input: 100 }, atMs: at(16, 30), cost: "13500000" },
  { name: "inside a window over midnight", prices: overnight, usage: { input: 5 }, atMs: at(23), cost: "200" },
  { name: "its other half", prices: overnight, usage: { input: 5 }, atMs: at(5, 59), cost: "200" },
  { name: "outside it", prices: overnight, usage: { input: 5 }, atMs: at(6), cost: "500" },
  // output has no windowed line: its own line goes on
  { name: "a window of one meter only", prices: overnight, usage: { output: 3 }, atMs: at(23), cost: "600" },
  { name: "standard service", prices: serviceTiers, usage: { input: 10 }, cost: "10000" },
  { name: "flex service", prices: serviceTiers, usage: { input: 10 }, serviceTier: "flex", cost: "5000" },
  { name: "priority service", prices: serviceTiers, usage: { input: 10 }, serviceTier: "priority", cost: "20000" },
  { name: "a tier nobody listed", prices: serviceTiers, usage: { input: 10 }, serviceTier: "scale", cost: "10000" },
  // two conditions beat one: 101 x 700
  { name: "flex and long", prices: serviceTiers, usage: { input: 101 }, serviceTier: "flex", cost: "70700" },
  { name: "a fee per request", prices: flatFee, usage: { requests: 1 }, cost: "10000000000" },
  {
    name: "tokens are included in a flat fee",
    prices: flatFee,
    usage: { requests: 1, input: 9_000, output: 500, audio_seconds: 3 },
    cost: "10000000000",
  },
  // 12,000,000,000 + 1,000 x 1,000,000 + 1 x 1,000,000
  {
    name: "fee and tokens",
    prices: feeAndTokens,
    usage: { requests: 1, input: 1_000, output: 1 },
    cost: "13001000000",
  },
  { name: "no fee where none is listed", prices: chat, usage: { requests: 1, input: 1 }, cost: "2500000" },
  { name: "free", prices: free, usage: { requests: 1, input: 5_000, output: 700 }, cost: "0" },
  // 2^53 - 1 tokens at 999,999,999,999,999,999 pico-USD: far beyond 64 bits, still exact
  {
    name: "no overflow",
    prices: version([line("input", "999999999999999999"), line("output", "0")]),
    usage: { input: Number.MAX_SAFE_INTEGER },
    cost: "9007199254740990990992800745259009",
  },
];

describe("priceUsageByVersion", () => {
  it.each(vectors)("$name", ({ prices, usage, cost, atMs = noon, serviceTier = null }) => {
    const priced = priceUsageByVersion(prices, { usage, atMs, serviceTier });
    expect(priced).toMatchObject({ kind: "priced", priceVersionId: "p1", costPicoUsd: BigInt(cost) });
  });

  it("itemises in the order of the meters, zero quantities left out", () => {
    const priced = priceUsageByVersion(chat, {
      usage: { output: 2, input: 3, cached_input: 0, reasoning: 1 },
      atMs: noon,
      serviceTier: null,
    });
    expect(priced).toMatchObject({
      lines: [
        { meter: "input", quantity: 3, unitPricePicoUsd: "2500000", amountPicoUsd: "7500000" },
        { meter: "output", quantity: 2, unitPricePicoUsd: "10000000", amountPicoUsd: "20000000" },
        { meter: "reasoning", quantity: 1, unitPricePicoUsd: "10000000", amountPicoUsd: "10000000" },
      ],
    });
  });

  it("keeps the quantities of a free call on the receipt, priced at zero", () => {
    const priced = priceUsageByVersion(free, { usage: { input: 12 }, atMs: noon, serviceTier: null });
    expect(priced).toMatchObject({
      lines: [{ meter: "input", quantity: 12, unitPricePicoUsd: "0", amountPicoUsd: "0" }],
    });
  });

  it.each([
    ["a meter without a line or stand-in", chat, { input: 1, audio_seconds: 4 }, "audio_seconds"],
    ["a version without lines", version([]), { input: 1 }, "input"],
    ["output where only input is priced", version([line("input", "5")]), { input: 1, output: 1 }, "output"],
    [
      "a stand-in whose only line does not apply",
      version([line("output", "5", { serviceTier: "flex" })]),
      { reasoning: 1 },
      "reasoning",
    ],
  ] as const)("does not price %s", (_name, prices, usage, meter) => {
    expect(priceUsageByVersion(prices, { usage, atMs: noon, serviceTier: null })).toEqual({ kind: "unpriced", meter });
  });

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53])("refuses a quantity of %d", (quantity) => {
    expect(() => priceUsageByVersion(chat, { usage: { input: quantity }, atMs: noon, serviceTier: null })).toThrow(
      RangeError,
    );
  });

  it("takes the dearer of two lines that contradict each other", () => {
    const contradicting = version([line("input", "3"), line("input", "5"), line("input", "4")]);
    expect(priceUsageByVersion(contradicting, { usage: { input: 1 }, atMs: noon, serviceTier: null })).toMatchObject({
      costPicoUsd: 5n,
    });
  });

  it("adds up exactly: the cost is the sum of the lines, and each line is quantity times unit price", () => {
    fc.assert(
      fc.property(arbitraryLines, arbitraryUsage(5_000_000), fc.nat(1439), (lines, usage, minute) => {
        const priced = priceUsageByVersion(version(lines), { usage, atMs: minute * 60_000, serviceTier: "flex" });
        fc.pre(priced.kind === "priced");
        for (const { quantity, unitPricePicoUsd, amountPicoUsd } of priced.lines) {
          expect(BigInt(amountPicoUsd)).toBe(BigInt(quantity) * BigInt(unitPricePicoUsd));
        }
        expect(sumPicoUsd(priced.lines.map((entry) => parsePicoUsd(entry.amountPicoUsd)))).toBe(priced.costPicoUsd);
        expect(Object.fromEntries(priced.lines.map(({ meter, quantity }) => [meter, quantity]))).toEqual(
          Object.fromEntries(Object.entries(usage).filter(([, quantity]) => quantity > 0)),
        );
      }),
    );
  });

  it("never gets cheaper by using more output", () => {
    fc.assert(
      fc.property(
        arbitraryLines,
        arbitraryUsage(1_000_000),
        fc.constantFrom(...outputTokenMeters),
        (lines, usage, meter) => {
          const call = { atMs: noon, serviceTier: null };
          const less = priceUsageByVersion(version(lines), { usage, ...call });
          const more = priceUsageByVersion(version(lines), {
            usage: { ...usage, [meter]: (usage[meter] ?? 0) + 1 },
            ...call,
          });
          fc.pre(less.kind === "priced" && more.kind === "priced");
          expect(more.costPicoUsd).toBeGreaterThanOrEqual(less.costPicoUsd);
        },
      ),
    );
  });
});

describe("priceUsage", () => {
  const usage = { input: 1 };
  const prices = [
    version([line("input", "1")], { priceVersionId: "general-old" }),
    version([line("input", "2")], { priceVersionId: "negotiated", connectionId: "azure", effectiveFromMs: 1_000 }),
    version([line("input", "3")], { priceVersionId: "general-new", effectiveFromMs: 5_000 }),
  ];

  it.each([
    [0, "azure", "general-old"],
    [999, "azure", "general-old"],
    [1_000, "azure", "negotiated"],
    // newer, but general
    [5_000, "azure", "negotiated"],
    [4_999, "openai", "general-old"],
    [5_000, "openai", "general-new"],
  ])("at %d on %s applies %s", (atMs, connectionId, priceVersionId) => {
    expect(priceUsage(prices, { connectionId, usage, atMs, serviceTier: null })).toMatchObject({ priceVersionId });
  });

  it("takes the later of two versions from the same instant: a correction comes after what it corrects", () => {
    const corrected = [
      version([line("input", "1")], { priceVersionId: "wrong", effectiveFromMs: 7 }),
      version([line("input", "2")], { priceVersionId: "right", effectiveFromMs: 7 }),
    ];
    expect(priceUsage(corrected, { connectionId: "c", usage, atMs: 7, serviceTier: null })).toMatchObject({
      priceVersionId: "right",
    });
  });

  it.each([
    ["no version", []],
    ["only a future version", [version([line("input", "1")], { effectiveFromMs: 10 })]],
    ["only another connection's version", [version([line("input", "1")], { connectionId: "azure" })]],
  ])("does not price with %s", (_name, versions) => {
    expect(priceUsage(versions, { connectionId: "openai", usage, atMs: 9, serviceTier: null })).toEqual({
      kind: "unpriced",
      meter: null,
    });
  });
});

describe("the meters", () => {
  it("have stand-ins that are token meters of the same direction and need no stand-in themselves", () => {
    for (const [meter, standIn] of Object.entries(standInMeter)) {
      const isInput = (inputTokenMeters as readonly string[]).includes(meter);
      expect(standIn).toBe(isInput ? "input" : "output");
    }
    expect([...inputTokenMeters, ...outputTokenMeters].filter((meter) => !(meter in standInMeter))).toEqual([
      "input",
      "output",
    ]);
    expect(new Set(meters).size).toBe(meters.length);
  });
});

it("says the same cost with the lines of a receipt and without", () => {
  fc.assert(
    fc.property(arbitraryLines, arbitraryUsage(1_000), (lines, usage) => {
      const call = { connectionId: "c", usage, atMs: noon, serviceTier: null };
      const priced = priceUsage([version(lines)], call);
      expect(costOfUsage([version(lines)], call)).toBe(priced.kind === "priced" ? priced.costPicoUsd : null);
    }),
  );
  expect(costOfUsage([], { connectionId: "c", usage: { input: 1 }, atMs: noon, serviceTier: null })).toBeNull();
});
