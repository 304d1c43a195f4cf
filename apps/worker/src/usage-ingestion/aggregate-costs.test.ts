import { describe, expect, it } from "vitest";
import { aggregateCosts } from "./aggregate-costs.ts";
import { costRollupRowsOf } from "./ledger-rows.ts";
import { attemptRecord } from "./usage-records.fixture.ts";

const hour = Date.UTC(2026, 10, 21, 10);
const line = (quantity: number, amountPicoUsd: string) => ({
  meter: "output" as const,
  quantity,
  unitPricePicoUsd: "1",
  amountPicoUsd,
});

function rowsOf(startedAtMs: number, quantity: number, costPicoUsd: string) {
  return costRollupRowsOf(
    attemptRecord({ attemptId: "a", requestId: "r", startedAtMs, costPicoUsd, lines: [line(quantity, costPicoUsd)] }),
  );
}

describe("aggregateCosts", () => {
  it("adds up what shares hour and dimensions, exactly", () => {
    const beyondFloats = "9007199254740993";
    const rows = [
      ...rowsOf(hour + 5, 2, beyondFloats),
      ...rowsOf(hour + 3_599_999, 3, "2"),
      ...rowsOf(hour + 3_600_000, 4, "7"),
    ];
    expect(aggregateCosts(rows)).toMatchObject([
      { startedAt: hour, meter: "output", quantity: 5, costPicoUsd: "9007199254740995" },
      { startedAt: hour + 3_600_000, meter: "output", quantity: 4, costPicoUsd: "7" },
    ]);
  });

  it("keeps people apart, also the one without a name", () => {
    const [row] = rowsOf(hour, 1, "1");
    const rows = [null, "", "ann"].map((user) => ({ ...row!, user }));
    expect(aggregateCosts([...rows, ...rows]).map(({ user, quantity }) => [user, quantity])).toEqual([
      [null, 2],
      ["", 2],
      ["ann", 2],
    ]);
  });

  it("leaves a quantity alone that would not be exact in a sum", () => {
    const rows = [...rowsOf(hour, Number.MAX_SAFE_INTEGER, "1"), ...rowsOf(hour, 1, "2")];
    expect(aggregateCosts(rows).map(({ quantity }) => quantity)).toEqual([Number.MAX_SAFE_INTEGER, 1]);
  });
});
