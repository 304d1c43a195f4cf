import { describe, expect, it } from "vitest";
import { describeBudgetState } from "./budget-state.ts";

const usd = 10n ** 12n;
const state = {
  windowStart: new Date("2026-06-01T00:00:00Z"),
  windowEnd: new Date("2026-07-01T00:00:00Z"),
  settled: 20n * usd,
  leased: 5n * usd,
  unreconciled: 1n * usd,
  overrun: 2n * usd,
};
const halfway = new Date("2026-06-16T00:00:00Z");

describe("describeBudgetState", () => {
  it("counts overruns as used, and takes holds off what is left", () => {
    expect(describeBudgetState(100n * usd, "month", state, halfway)).toEqual({
      windowStart: "2026-06-01T00:00:00.000Z",
      nextReset: "2026-07-01T00:00:00.000Z",
      usedUsd: "22",
      heldUsd: "5",
      unreconciledUsd: "1",
      remainingUsd: "72",
      forecastUsd: "44",
    });
  });

  it("never has less than nothing left", () => {
    expect(describeBudgetState(10n * usd, "month", state, halfway).remainingUsd).toBe("0");
  });

  it("says nothing of the future when it is too early to tell", () => {
    const early = new Date("2026-06-01T06:00:00Z");
    expect(describeBudgetState(100n * usd, "month", state, early).forecastUsd).toBeNull();
  });

  it("has neither window nor forecast without a period", () => {
    const total = { ...state, windowStart: new Date(0), windowEnd: null };
    expect(describeBudgetState(100n * usd, "total", total, halfway)).toMatchObject({
      windowStart: null,
      nextReset: null,
      forecastUsd: null,
    });
  });
});
