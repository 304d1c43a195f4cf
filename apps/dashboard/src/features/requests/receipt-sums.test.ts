import { describe, expect, it } from "vitest";
import { sumBudgets, sumReceipt } from "./receipt-sums.ts";

describe("the sums of a receipt", () => {
  it("are exact and include corrections", () => {
    const sums = sumReceipt([
      { heldUsd: "0.1", costUsd: "0.000000000001", correctedUsd: "0" },
      { heldUsd: "0.2", costUsd: "0.3", correctedUsd: "-0.1" },
    ]);
    expect(sums).toEqual({
      heldUsd: "0.3",
      costUsd: "0.300000000001",
      correctedUsd: "-0.1",
      totalUsd: "0.200000000001",
    });
  });

  it("of a call without attempts are zero", () => {
    expect(sumReceipt([]).totalUsd).toBe("0");
  });
});

describe("budgets of a call", () => {
  it("show once, with the sum over its attempts", () => {
    const team = (heldUsd: string, chargedUsd: string) => ({ id: "b1", name: "Team", heldUsd, chargedUsd });
    const key = { id: "b2", name: "Key", heldUsd: "1", chargedUsd: "1" };
    expect(sumBudgets([{ budgets: [team("0.1", "0")] }, { budgets: [team("0.2", "0.15"), key] }])).toEqual([
      team("0.3", "0.15"),
      key,
    ]);
  });
});
