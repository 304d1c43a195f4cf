import { describe, expect, it } from "vitest";
import { sharesOf } from "./budget-shares.ts";

const budget = (limitUsd: string, usedUsd: string, heldUsd = "0", forecastUsd: string | null = null) => ({
  limitUsd,
  raise: null,
  state: { windowStart: null, nextReset: null, usedUsd, heldUsd, unreconciledUsd: "0", remainingUsd: "0", forecastUsd },
});

describe("shares of a budget", () => {
  it("are those of its limit with what it is raised by", () => {
    const raised = { ...budget("60", "25"), raise: { amountUsd: "40", until: "2026-01-01T00:00:00Z" } };
    expect(sharesOf(raised).used).toBe(0.25);
  });

  it("are those of its limit", () => {
    expect(sharesOf(budget("100", "25", "10"))).toEqual({ used: 0.25, held: 0.1, forecast: null, tone: "good" });
  });

  it("never draw beyond the bar", () => {
    expect(sharesOf(budget("1", "1.5", "3"))).toEqual({ used: 1, held: 0, forecast: null, tone: "bad" });
    expect(sharesOf(budget("10", "8", "9"))).toMatchObject({ used: 0.8, held: expect.closeTo(0.2) });
  });

  it.each([
    ["79.9", null, "good"],
    ["80", null, "warning"],
    ["10", "100.01", "warning"],
    ["100", null, "bad"],
  ])("used %s with forecast %s is %s", (used, forecast, tone) => {
    expect(sharesOf(budget("100", used, "0", forecast)).tone).toBe(tone);
  });

  it("take a limit of zero for used up", () => {
    expect(sharesOf(budget("0", "0"))).toMatchObject({ used: 1, held: 0, tone: "bad" });
  });
});
