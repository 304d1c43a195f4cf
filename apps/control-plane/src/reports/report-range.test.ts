import { describe, expect, it } from "vitest";
import { periodBefore, wholeHours } from "./report-range.ts";

const iso = ({ from, to }: { from: Date; to: Date }) => [from.toISOString(), to.toISOString()];

describe("wholeHours", () => {
  it("covers every hour that the range touches", () => {
    const range = wholeHours({ from: "2026-06-15T10:59:59.999Z", to: "2026-06-15T12:00:00.001Z" });
    expect(iso(range)).toEqual(["2026-06-15T10:00:00.000Z", "2026-06-15T13:00:00.000Z"]);
  });

  it("leaves whole hours as they are, in any zone", () => {
    const range = wholeHours({ from: "2026-06-15T12:00:00+02:00", to: "2026-06-15T12:00:00Z" });
    expect(iso(range)).toEqual(["2026-06-15T10:00:00.000Z", "2026-06-15T12:00:00.000Z"]);
  });

  it.each([
    ["2026-06-15T12:00:00Z", "2026-06-15T12:00:00Z"],
    ["2026-06-15T12:00:00Z", "2026-06-15T11:00:00Z"],
    ["2020-01-01T00:00:00Z", "2026-06-15T11:00:00Z"],
  ])("refuses %s to %s", (from, to) => {
    expect(() => wholeHours({ from, to })).toThrow("not valid");
  });
});

describe("periodBefore", () => {
  it("has equal length and ends where the period begins", () => {
    const range = wholeHours({ from: "2026-06-15T10:00:00Z", to: "2026-06-15T13:00:00Z" });
    expect(iso(periodBefore(range))).toEqual(["2026-06-15T07:00:00.000Z", "2026-06-15T10:00:00.000Z"]);
  });
});
