import { describe, expect, it } from "vitest";
import { costRollupRowsOf, ledgerRowsOf, quotaChargesOf } from "./ledger-rows.ts";
import { attemptRecord } from "./usage-records.fixture.ts";

const ids = { attemptId: "a", requestId: "r" };
const amounts = (rows: readonly { kind: string; amountPicoUsd: string }[]) =>
  rows.map((row) => [row.kind, row.amountPicoUsd]);

describe("ledger rows of an attempt", () => {
  it("are a hold and a settle at the cost", () => {
    expect(amounts(ledgerRowsOf(attemptRecord(ids)))).toEqual([
      ["hold", "1000"],
      ["settle", "700"],
    ]);
  });

  it("void the whole hold where nothing was billed", () => {
    const voided = attemptRecord({ ...ids, closing: "void", costPicoUsd: "0", lines: [] });
    expect(amounts(ledgerRowsOf(voided))).toEqual([
      ["hold", "1000"],
      ["void", "1000"],
    ]);
    expect(costRollupRowsOf(voided)).toEqual([]);
  });

  it("settle the hold and add the rest as overrun", () => {
    const dearer = attemptRecord({ ...ids, costPicoUsd: "1700", lines: [] });
    expect(amounts(ledgerRowsOf(dearer))).toEqual([
      ["hold", "1000"],
      ["settle", "1000"],
      ["overrun", "700"],
    ]);
  });
});

describe("the gateway's fee", () => {
  const charged = attemptRecord({
    ...ids,
    holdPicoUsd: "1100",
    fee: { feeId: "fee", perRequestPicoUsd: "30", shareOfCostPpm: 100_000, heldPicoUsd: "100" },
    costPicoUsd: "1800",
    lines: [{ meter: "gateway_fee", quantity: 1, unitPricePicoUsd: "100", amountPicoUsd: "100" }],
  });

  it("is an entry of its own, so that the others are what the provider billed", () => {
    expect(amounts(ledgerRowsOf(charged))).toEqual([
      ["hold", "1100"],
      ["settle", "1000"],
      ["overrun", "700"],
      ["fee", "100"],
    ]);
  });

  it("is a meter of its own in the roll-ups", () => {
    expect(costRollupRowsOf(charged).map((row) => [row.meter, row.costPicoUsd])).toEqual([
      ["gateway_fee", "100"],
      ["adjustment", "1700"],
    ]);
  });
});

describe("roll-up rows of an attempt", () => {
  it("carry each line under its meter", () => {
    expect(costRollupRowsOf(attemptRecord(ids)).map((row) => [row.meter, row.quantity, row.costPicoUsd])).toEqual([
      ["input", 10, "100"],
      ["output", 20, "600"],
    ]);
  });

  it("put what no line explains under the adjustment meter, so that sums tie", () => {
    const settledAtHold = attemptRecord({
      ...ids,
      costPicoUsd: "1000",
      usage: {},
      lines: [],
      usageSource: "upper_bound",
    });
    expect(costRollupRowsOf(settledAtHold).map((row) => [row.meter, row.quantity, row.costPicoUsd])).toEqual([
      ["adjustment", 0, "1000"],
    ]);
  });
});

describe("quota charges of a batch", () => {
  it("are summed per window and lease", () => {
    const charge = {
      quotaId: "q",
      windowStartMs: 0,
      leaseId: "l",
      heldPicoUsd: "10",
      chargedPicoUsd: "7",
      overrunPicoUsd: "1",
    };
    const batch = [
      attemptRecord({ ...ids, quotas: [charge, { ...charge, leaseId: null }] }),
      attemptRecord({ ...ids, quotas: [charge, { ...charge, windowStartMs: 1 }] }),
    ];
    expect(quotaChargesOf(batch)).toEqual([
      { quotaId: "q", windowStartMs: 0, leaseId: "l", charged: "14", overrun: "2" },
      { quotaId: "q", windowStartMs: 0, leaseId: null, charged: "7", overrun: "1" },
      { quotaId: "q", windowStartMs: 1, leaseId: "l", charged: "7", overrun: "1" },
    ]);
  });
});
