import { describe, expect, it } from "vitest";
import { meters, type Meter, type Usage } from "./meters.ts";
import { parsePicoUsd, sumPicoUsd } from "./pico-usd.ts";
import { priceUsage } from "./price-usage.ts";
import type { PriceVersion } from "./price-version.ts";
import { usageVectors } from "./testing/usage-vectors.ts";
import { history, media, omni, unpriced } from "./testing/vector-prices.ts";

const october = Date.UTC(2026, 9, 1);

describe("the usage vectors", () => {
  it.each(usageVectors)(
    "$name: $working",
    ({ prices, usage, atMs, connectionId, serviceTier, working, costPicoUsd }) => {
      const priced = priceUsage(prices, { usage, atMs, connectionId, serviceTier });
      expect(priced).toMatchObject({ kind: "priced", costPicoUsd: BigInt(costPicoUsd) });
      const lines = priced.kind === "priced" ? priced.lines : [];
      expect(sumPicoUsd(lines.map(({ amountPicoUsd }) => parsePicoUsd(amountPicoUsd)))).toBe(BigInt(costPicoUsd));
      expect(lines.map(({ quantity, unitPricePicoUsd }) => `${quantity} x ${unitPricePicoUsd}`).toSorted()).toEqual(
        working
          .split(" + ")
          .filter((term) => !term.startsWith("0 x "))
          .toSorted(),
      );
    },
  );

  it("are at least sixty, tell each other apart and reach every meter", () => {
    expect(usageVectors.length).toBeGreaterThanOrEqual(60);
    expect(new Set(usageVectors.map(({ name }) => name)).size).toBe(usageVectors.length);
    const reached = new Set(usageVectors.flatMap(({ usage }) => Object.keys(usage)));
    expect(meters.filter((meter) => !reached.has(meter))).toEqual([]);
  });
});

const unpricedCalls: readonly [name: string, prices: readonly PriceVersion[], usage: Usage, meter: Meter | null][] = [
  ["a list without lines", [unpriced], { input: 1 }, "input"],
  ["no list at all", [], { input: 1 }, null],
  ["images where only tokens are priced", [omni], { input: 1, images: 1 }, "images"],
  ["seconds where only tokens are priced", [omni], { audio_seconds: 1 }, "audio_seconds"],
  ["characters where only tokens are priced", [omni], { characters: 1 }, "characters"],
  ["tokens where only media are priced", [media], { images: 1, input: 1 }, "input"],
  ["reasoning where output has no price either", [media], { reasoning: 1 }, "reasoning"],
  ["a model whose newest version withdrew its price", history, { input: 1 }, "input"],
];

describe("what has no price", () => {
  it.each(unpricedCalls)("%s is unpriced, not free", (_name, prices, usage, meter) => {
    const call = { usage, atMs: october, connectionId: "openai", serviceTier: null };
    expect(priceUsage(prices, call)).toEqual({ kind: "unpriced", meter });
  });

  it("before the first version takes effect, to the millisecond", () => {
    const call = { usage: { input: 1 }, connectionId: "openai", serviceTier: null };
    const firstMs = Date.UTC(2026, 0, 1);
    expect(priceUsage(history, { ...call, atMs: firstMs - 1 })).toEqual({ kind: "unpriced", meter: null });
    expect(priceUsage(history, { ...call, atMs: firstMs })).toMatchObject({ kind: "priced", costPicoUsd: 1_000_000n });
  });
});
