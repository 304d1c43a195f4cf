import { describe, expect, it } from "vitest";
import { prospectOf } from "./would-block.ts";

const nowMs = Date.UTC(2026, 5, 21);
const budget = {
  raise: null,
  state: {
    windowStart: "2026-06-01T00:00:00.000Z",
    nextReset: "2026-07-01T00:00:00.000Z",
    usedUsd: "60",
    heldUsd: "5",
    unreconciledUsd: "0",
    remainingUsd: "35",
    forecastUsd: "90",
  },
};

describe("another limit", () => {
  it("blocks at once where less is left than nothing, what is held counted in", () => {
    expect(prospectOf(budget, "65", "3", nowMs)).toMatchObject({ verdict: "now", forecastUsd: "90" });
    expect(prospectOf(budget, "65.01", "3", nowMs).verdict).toBe("later");
    const raised = { ...budget, raise: { amountUsd: "10", until: "2026-06-22T00:00:00.000Z" } };
    expect(prospectOf(raised, "65", "1", nowMs).verdict).toBe("fits");
  });

  it("blocks later where the last days' pace reaches it before the window ends", () => {
    expect(prospectOf(budget, "75", "3", nowMs)).toEqual({
      forecastUsd: "90",
      verdict: "later",
      reachedAtMs: Date.UTC(2026, 5, 26),
    });
    expect(prospectOf(budget, "90.01", "3", nowMs)).toMatchObject({ verdict: "fits", reachedAtMs: null });
  });

  it("says nothing of a scope whose days nobody knows, and looks a year ahead without a window's end", () => {
    expect(prospectOf(budget, "100", null, nowMs).verdict).toBe("unknown");
    const endless = { ...budget, state: { ...budget.state, nextReset: null } };
    expect(prospectOf(endless, "100", "1", nowMs)).toMatchObject({ verdict: "later", forecastUsd: null });
    expect(prospectOf(endless, "100", "0.1", nowMs).verdict).toBe("fits");
  });
});
