import { calcPrice, waitForUpdate } from "@pydantic/genai-prices";
import { describe, expect, it } from "vitest";
import type { Meter, Usage } from "./meters.ts";
import { importPrices, type ImportedModel, type PriceImport } from "./price-import.ts";
import type { PriceDataModel } from "./price-data.ts";
import { priceUsage } from "./price-usage.ts";
import { priceVersionSchema, type PriceVersion } from "./price-version.ts";

function importOne(prices: PriceDataModel["prices"]): PriceImport & { readonly model: ImportedModel } {
  const imported = importPrices([{ id: "acme", name: "Acme", models: [{ id: "one", prices }] }]);
  const [model] = imported.models;
  if (model === undefined) throw new Error("nothing was imported");
  return { ...imported, model };
}

function versionsOf(model: ImportedModel): PriceVersion[] {
  return model.prices.map((version, index) =>
    priceVersionSchema.parse({ ...version, priceVersionId: `v${index}`, connectionId: null }),
  );
}

function costOf(model: ImportedModel, usage: Usage, atMs: number): bigint | null {
  const priced = priceUsage(versionsOf(model), { connectionId: "c", usage, atMs, serviceTier: null });
  return priced.kind === "priced" ? priced.costPicoUsd : null;
}

const line = (meter: Meter, unitPricePicoUsd: string) => ({ meter, unitPricePicoUsd });

describe("importPrices", () => {
  it("converts prices per million tokens, per thousand requests and per hour", () => {
    const { model, problems } = importOne({
      input_mtok: 2.5,
      cache_read_mtok: 1.25,
      output_mtok: 10,
      requests_kcount: 12,
      audio_hours: 0.36,
    });
    expect(model.prices).toEqual([
      {
        effectiveFromMs: 0,
        free: false,
        lines: [
          line("input", "2500000"),
          line("cached_input", "1250000"),
          line("output", "10000000"),
          line("audio_seconds", "100000000"),
          line("requests", "12000000000"),
        ],
      },
    ]);
    expect(problems).toEqual([]);
  });

  it("prices every kind of cache write that has no price of its own", () => {
    const { model } = importOne({ input_mtok: 3, output_mtok: 15, cache_write_mtok: 3.75, cache_write_1h_mtok: 6 });
    expect(model.prices[0]?.lines.slice(1, 5)).toEqual([
      line("cache_write_5m", "3750000"),
      line("cache_write_30m", "3750000"),
      line("cache_write_1h", "6000000"),
      line("cache_write_12h", "3750000"),
    ]);
  });

  it("turns context tiers into conditions", () => {
    const { model } = importOne({
      input_mtok: { base: 1.25, tiers: [{ start: 200_000, price: 2.5 }] },
      output_mtok: 10,
    });
    expect(costOf(model, { input: 200_000 }, 0)).toBe(250_000_000_000n);
    expect(costOf(model, { input: 200_001 }, 0)).toBe(500_002_500_000n);
  });

  it("turns start dates into versions", () => {
    const { model } = importOne([
      { prices: { input_mtok: 1, output_mtok: 1 } },
      { constraint: { type: "start_date", start_date: "2026-06-16" }, prices: { input_mtok: 2, output_mtok: 2 } },
    ]);
    expect(model.prices.map(({ effectiveFromMs }) => effectiveFromMs)).toEqual([0, Date.UTC(2026, 5, 16)]);
    expect(costOf(model, { input: 1 }, Date.UTC(2026, 5, 16) - 1)).toBe(1_000_000n);
    expect(costOf(model, { input: 1 }, Date.UTC(2026, 5, 16))).toBe(2_000_000n);
  });

  it("turns times of day into conditions, in every version", () => {
    const { model, problems } = importOne([
      { prices: { input_mtok: 1, output_mtok: 4 } },
      { constraint: { type: "start_date", start_date: "2026-06-16" }, prices: { input_mtok: 2, output_mtok: 8 } },
      {
        constraint: { type: "time_of_date", start_time: "01:00:00Z", end_time: "04:00:00Z" },
        prices: { input_mtok: 3, output_mtok: 12 },
      },
    ]);
    expect(problems).toEqual([]);
    expect(costOf(model, { input: 1 }, Date.UTC(2026, 0, 1, 0, 59))).toBe(1_000_000n);
    expect(costOf(model, { input: 1 }, Date.UTC(2026, 0, 1, 1, 0))).toBe(3_000_000n);
    expect(costOf(model, { output: 1 }, Date.UTC(2026, 8, 1, 3, 59))).toBe(12_000_000n);
    expect(costOf(model, { output: 1 }, Date.UTC(2026, 8, 1, 4, 0))).toBe(8_000_000n);
  });

  it("lets a time of day replace the whole set: its stand-ins, its tiers and the fees it does not have", () => {
    const { model } = importOne([
      {
        prices: {
          input_mtok: { base: 1, tiers: [{ start: 1_000, price: 2 }] },
          cache_read_mtok: 0.1,
          output_mtok: 4,
          requests_kcount: 5,
        },
      },
      {
        constraint: { type: "time_of_date", start_time: "01:00:00Z", end_time: "04:00:00Z" },
        prices: { input_mtok: 3, output_mtok: 12 },
      },
    ]);
    const inside = Date.UTC(2026, 0, 1, 2);
    const outside = Date.UTC(2026, 0, 1, 5);
    expect(costOf(model, { cached_input: 10 }, outside)).toBe(1_000_000n);
    expect(costOf(model, { cached_input: 10 }, inside)).toBe(30_000_000n);
    expect(costOf(model, { input: 1_001 }, outside)).toBe(2_002_000_000n);
    expect(costOf(model, { input: 1_001 }, inside)).toBe(3_003_000_000n);
    expect(costOf(model, { requests: 1 }, outside)).toBe(5_000_000_000n);
    expect(costOf(model, { requests: 1 }, inside)).toBe(0n);
  });

  it("leaves a model unpriced whose times of day it cannot express", () => {
    const window = (start_time: string, end_time: string, prices = { input_mtok: 3, output_mtok: 12 }) => ({
      constraint: { type: "time_of_date", start_time, end_time } as const,
      prices,
    });
    const base = { prices: { input_mtok: 1, output_mtok: 4 } };
    for (const prices of [
      [base, window("01:00:30Z", "04:00:00Z")],
      [base, window("01:00:00Z", "04:00:00Z"), window("03:00:00Z", "05:00:00Z")],
      [base, window("01:00:00Z", "04:00:00Z", { input_mtok: 0.1 + 0.2, output_mtok: 12 })],
    ]) {
      const { model, problems } = importOne(prices);
      expect(model.prices).toEqual([{ effectiveFromMs: 0, free: false, lines: [] }]);
      expect(problems).toContainEqual(expect.objectContaining({ problem: "time_windows_not_expressible_so_unpriced" }));
    }
  });

  it("reports what none of our meters counts", () => {
    const { model, problems } = importOne({ input_mtok: 1, output_mtok: 2, web_searches_kcount: 10 });
    expect(model.prices[0]?.lines).toHaveLength(2);
    expect(problems).toEqual([
      { providerKind: "acme", providerModel: "one", priceKey: "web_searches_kcount", problem: "no_meter" },
    ]);
  });

  it("leaves out a price that is not exact where the dearer stand-in covers it", () => {
    const { model, problems } = importOne({ input_mtok: 0.1, output_mtok: 0.4, cache_write_mtok: 0.25 / 3 });
    expect(model.prices[0]?.lines.map(({ meter }) => meter)).toEqual(["input", "output"]);
    expect(problems).toEqual([
      expect.objectContaining({ priceKey: "cache_write_mtok", problem: "not_exact_so_stand_in_applies" }),
    ]);
  });

  it.each([
    ["without a stand-in", { input_mtok: 0.1 + 0.2, output_mtok: 1 }],
    ["dearer than its stand-in", { input_mtok: 0.05, output_mtok: 1, cache_write_mtok: 0.25 / 3 }],
    ["that is negative", { input_mtok: -1, output_mtok: 1 }],
  ])("leaves a model unpriced with a price %s", (_name, prices) => {
    const { model, problems } = importOne(prices);
    expect(model.prices).toEqual([{ effectiveFromMs: 0, free: false, lines: [] }]);
    expect(problems).toEqual([expect.objectContaining({ problem: "not_exact_so_unpriced" })]);
  });

  it("tells free from unpriced", () => {
    expect(importOne({ input_mtok: 0, output_mtok: 0 }).model.prices[0]).toMatchObject({ free: true, lines: [] });
    expect(importOne({}).model.prices[0]).toMatchObject({ free: false, lines: [] });
  });
});

describe("the whole data set", { timeout: 30_000 }, async () => {
  const providers = (await waitForUpdate()) ?? [];
  const { models, problems } = importPrices(providers);
  const given = providers.flatMap((provider) => provider.models.map((model) => ({ provider, model })));
  const isPriced = ({ prices }: ImportedModel) => prices.every(({ free, lines }) => free || lines.length > 0);

  it("imports: every model is taken over, and is priced wherever it can be exactly", () => {
    const count = (problem: string) => problems.filter((found) => found.problem === problem).length;
    for (const model of models) versionsOf(model);
    expect(models).toHaveLength(given.length);
    expect({
      models: models.length,
      priced: models.filter(isPriced).length,
      withoutAnyPrice: given.filter(({ model }) => Object.keys(model.prices).length === 0).length,
      notExact: count("not_exact_so_unpriced"),
      notExactButCovered: count("not_exact_so_stand_in_applies"),
      windows: count("time_windows_not_expressible_so_unpriced"),
    }).toEqual({
      models: 1694,
      priced: 1519,
      withoutAnyPrice: 163,
      notExact: 8,
      notExactButCovered: 6,
      windows: 0,
    });
  });

  it("reports why a model with prices is unpriced", () => {
    const reported = new Set(problems.map(({ providerKind, providerModel }) => `${providerKind} ${providerModel}`));
    const unexplained = given.filter(({ provider, model }, index) => {
      const imported = models[index];
      if (imported === undefined || isPriced(imported)) return false;
      return Object.keys(model.prices).length > 0 && !reported.has(`${provider.id} ${model.id}`);
    });
    expect(unexplained).toEqual([]);
  });

  it("costs what the package's own calculator says, to the accuracy of its floats", () => {
    const calls = [
      { input: 1_200, cached: 300, output: 450 },
      { input: 150_000, cached: 130_000, output: 2_000 },
      { input: 900_000, cached: 0, output: 1 },
    ];
    const instants = ["2025-01-01T00:00:00Z", "2026-09-30T02:30:00Z", "2026-11-21T09:59:00Z", "2027-03-01T18:00:00Z"];
    let compared = 0;
    for (const [index, { provider, model }] of given.entries()) {
      const imported = models[index];
      const prices = Array.isArray(model.prices) ? model.prices.map((entry) => entry.prices) : [model.prices];
      const isChat = prices.every((set) => "input_mtok" in set && "output_mtok" in set);
      // Where cached input has no price of its own, the calculator wants it left out of the usage.
      const hasCache = prices.every((set) => "cache_read_mtok" in set);
      if (imported === undefined || !isPriced(imported) || !isChat) continue;
      for (const instant of instants) {
        for (const { input, cached, output } of calls) {
          const cachedTokens = hasCache ? cached : 0;
          const theirs = calcPrice(
            { input_tokens: input + cachedTokens, cache_read_tokens: cachedTokens, output_tokens: output },
            "the-model",
            {
              provider: { ...provider, models: [{ ...model, match: { equals: "the-model" } }] },
              timestamp: new Date(instant),
            },
          );
          const ours = costOf(
            imported,
            { input, cached_input: cachedTokens, output, requests: 1 },
            Date.parse(instant),
          );
          if (theirs === null || ours === null) throw new Error(`${provider.id} ${model.id} has no price`);
          const difference = Math.abs(Number(ours) / 1e12 - theirs.total_price);
          expect(difference, `${provider.id} ${model.id}`).toBeLessThanOrEqual(1e-9 * theirs.total_price);
          compared += 1;
        }
      }
    }
    expect(compared).toBeGreaterThan(15_000);
  });
});
