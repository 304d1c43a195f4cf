import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { focusChargesOf } from "./focus-charge.ts";
import { focusColumns, focusVersions, type FocusVersion } from "./focus-columns.ts";
import { adjustmentMeter, correctionMeter, feeMeter, meters } from "./meters.ts";
import { parseUsd, picoUsd, sumPicoUsd } from "./pico-usd.ts";
import { spendJsonLine } from "./spend-json-line.ts";
import type { SpendRow } from "./spend-row.ts";
import { focusHeaderFaults, focusRowFaults, type FocusRecord } from "./testing/focus-validator.ts";

const nowMs = Date.UTC(2026, 6, 15);
const spend: SpendRow = {
  hourMs: Date.UTC(2026, 5, 30, 23),
  organisation: { id: "org", name: "Acme" },
  team: { id: "team", name: "Search" },
  project: { id: "project", name: "Ranking" },
  virtualKey: { id: "key", name: "Crawler" },
  user: "ada@example.com",
  tags: ["env=prod", "formula=a=b", "canary"],
  route: { id: "route", name: "fast" },
  connection: { id: "connection", name: "azure-eu" },
  provider: { id: "openai", name: "OpenAI" },
  model: { id: "model", name: "gpt-5" },
  meter: "output",
  quantity: 350n,
  costPicoUsd: picoUsd(5_250_000_000n),
};

function recordsOf(row: SpendRow, version: FocusVersion): FocusRecord[] {
  const columns = focusColumns(version);
  return focusChargesOf(row, nowMs).map((charge) =>
    Object.fromEntries(columns.map(({ name, value }) => [name, value(charge) ?? ""])),
  );
}

const anySpend: fc.Arbitrary<SpendRow> = fc
  .record({
    hour: fc.nat(20_000),
    meter: fc.constantFrom(...meters, feeMeter, adjustmentMeter, correctionMeter),
    quantity: fc.bigInt({ min: 0n, max: 10n ** 20n }),
    cost: fc.bigInt({ min: 0n, max: 10n ** 24n }),
    isNegative: fc.boolean(),
    name: fc.string({ minLength: 1 }),
    tags: fc.array(fc.string({ minLength: 1 })),
  })
  .map(({ hour, meter, quantity, cost, isNegative, name, tags }) => ({
    ...spend,
    hourMs: Date.UTC(2025, 0, 1) + hour * 3_600_000,
    meter,
    quantity: meter === adjustmentMeter || meter === correctionMeter ? 0n : quantity,
    costPicoUsd: picoUsd(meter === correctionMeter && isNegative ? -cost : cost),
    model: { id: "model", name },
    tags,
  }));

describe.each(focusVersions)("FOCUS %s", (version) => {
  it("gives the gateway's fee a row that no provider issued", () => {
    const [record] = recordsOf({ ...spend, meter: feeMeter, quantity: 3n, costPicoUsd: parseUsd("0.3") }, version);
    expect(record).toMatchObject({
      ChargeCategory: "Usage",
      BilledCost: "0.3",
      InvoiceIssuerName: "Acme",
      ServiceName: "Switchyard",
      SkuId: "gateway-fee",
      SkuMeter: "Gateway Fee",
      PricingQuantity: "3",
      ListUnitPrice: "0.1",
      [version === "1.2" ? "ProviderName" : "ServiceProviderName"]: "Acme",
    });
  });

  it("has the columns of its version", () => {
    expect(focusHeaderFaults(version, focusColumns(version).map(({ name }) => name))).toEqual([]);
  }); // prettier-ignore

  it("writes usage with an exact unit price", () => {
    const [record, ...others] = recordsOf(spend, version);
    expect(others).toEqual([]);
    expect(record).toMatchObject({
      BilledCost: "0.00525",
      ListUnitPrice: "0.000015",
      PricingQuantity: "350",
      PricingUnit: "Tokens",
      SkuMeter: "Output Tokens",
      SkuPriceId: "model/output",
      SkuPriceDetails: '{"x_Model":"gpt-5"}',
      ChargeClass: "",
      ChargePeriodStart: "2026-06-30T23:00:00Z",
      ChargePeriodEnd: "2026-07-01T00:00:00Z",
      BillingPeriodStart: "2026-06-01T00:00:00Z",
      BillingPeriodEnd: "2026-07-01T00:00:00Z",
      SubAccountName: "Search",
      Tags: '{"env":"prod","formula":"a=b","canary":true}',
    });
    expect(Object.values(record ?? {})).not.toContain("ada@example.com");
  });

  it("splits an hour of several prices into an average and the rest of it", () => {
    // 3 units at 10 and 4 at 15: 90 = 7 x 12 + 6.
    const [usage, rest] = recordsOf({ ...spend, quantity: 7n, costPicoUsd: picoUsd(90n) }, version);
    expect(usage).toMatchObject({ ListUnitPrice: "0.000000000012", ListCost: "0.000000000084", ChargeCategory: "Usage" });
    expect(rest).toMatchObject({ ListUnitPrice: "", ListCost: "0.000000000006", ChargeCategory: "Adjustment", ChargeClass: "" });
  }); // prettier-ignore

  it("marks corrections of a month that is over, and no others", () => {
    const correction = { ...spend, meter: correctionMeter, quantity: 0n, costPicoUsd: picoUsd(-7n) };
    const past = recordsOf(correction, version);
    expect(past).toMatchObject([
      { ChargeCategory: "Adjustment", ChargeClass: "Correction", BilledCost: "-0.000000000007" },
    ]);
    expect(recordsOf({ ...correction, hourMs: Date.UTC(2026, 6, 1) }, version)).toMatchObject([{ ChargeClass: "" }]);
    expect(recordsOf({ ...correction, meter: adjustmentMeter }, version)).toMatchObject([{ ChargeClass: "" }]);
  });

  it("is valid whatever was spent, and adds up to it", () => {
    fc.assert(
      fc.property(anySpend, (row) => {
        const records = recordsOf(row, version);
        expect(records.flatMap((record) => focusRowFaults(version, record))).toEqual([]);
        for (const column of ["BilledCost", "ListCost", "ContractedCost", "EffectiveCost"]) {
          expect(sumPicoUsd(records.map((record) => parseUsd(record[column]!)))).toBe(row.costPicoUsd);
        }
      }),
    );
  });

  it.each([
    ["a list cost that is not price times quantity", { ListCost: "0.00526" }],
    ["a null among the mandatory", { BilledCost: "" }],
    ["a category nobody knows", { ChargeCategory: "Refund" }],
    ["a local time", { ChargePeriodStart: "2026-06-30T23:00:00+02:00" }],
    ["a float", { EffectiveCost: "5.25e-3" }],
    ["usage without a unit price", { ListUnitPrice: "" }],
    ["usage without a quantity", { PricingQuantity: "", PricingUnit: "" }],
    ["a charge outside its month", { BillingPeriodEnd: "2026-06-30T23:30:00Z" }],
    ["tags that are a list", { Tags: '["env=prod"]' }],
    ["a correction by another name", { ChargeClass: "correction" }],
    ["a unit without a quantity", { ChargeCategory: "Adjustment", ConsumedQuantity: "" }],
  ] satisfies [string, Record<string, string>][])("is not valid with %s", (_name, fault) => {
    const [record] = recordsOf(spend, version);
    expect(focusRowFaults(version, { ...record, ...fault })).not.toEqual([]);
  });
});

it("FOCUS 1.4 has no column that 1.3 deprecated, and 1.2 none that it brought", () => {
  const names = (version: FocusVersion) => focusColumns(version).map(({ name }) => name);
  expect(focusHeaderFaults("1.4", names("1.2"))).not.toEqual([]);
  expect(focusHeaderFaults("1.2", names("1.4"))).not.toEqual([]);
});

it("a JSON line keeps every field, exact", () => {
  const row = { ...spend, quantity: 10n ** 30n, costPicoUsd: picoUsd(10n ** 30n + 1n), user: "a\n=b" };
  const text = spendJsonLine(row);
  expect(text).not.toContain("\n");
  expect(JSON.parse(text)).toMatchObject({
    hourStart: "2026-06-30T23:00:00.000Z",
    hourEnd: "2026-07-01T00:00:00.000Z",
    user: "a\n=b",
    quantity: "1000000000000000000000000000000",
    costUsd: "1000000000000000000.000000000001",
    team: { id: "team", name: "Search" },
  });
});
