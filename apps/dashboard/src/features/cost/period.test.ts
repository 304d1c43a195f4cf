import { describe, expect, it } from "vitest";
import { resolvePeriod, showPeriod } from "./period.ts";

const now = Date.parse("2026-03-31T23:30:00Z");

describe("the period of a cost report", () => {
  it("is this month up to the end of the running hour", () => {
    expect(resolvePeriod("this-month", null, null, now)).toEqual({
      preset: "this-month",
      from: "2026-03-01T00:00:00.000Z",
      to: "2026-04-01T00:00:00.000Z",
    });
  });

  it("has last month end where this one begins, across a year", () => {
    expect(resolvePeriod("last-month", null, null, Date.parse("2026-01-15T08:00:00Z"))).toMatchObject({
      from: "2025-12-01T00:00:00.000Z",
      to: "2026-01-01T00:00:00.000Z",
    });
  });

  it("includes both days of a custom one", () => {
    const period = resolvePeriod("custom", "2026-03-01", "2026-03-01", now);
    expect(period).toEqual({ preset: "custom", from: "2026-03-01T00:00:00.000Z", to: "2026-03-02T00:00:00.000Z" });
    expect(showPeriod(period)).toBe("1 Mar 2026 – 1 Mar 2026, UTC");
  });

  it.each([
    ["2026-03-02", "2026-03-01"],
    ["2026-03-02", null],
    ["yesterday", "2026-03-01"],
    ["2026-13-45", "2026-13-46"],
  ])("falls back to this month where the address names none (%s to %s)", (from, to) => {
    expect(resolvePeriod("custom", from, to, now).preset).toBe("this-month");
  });
});
