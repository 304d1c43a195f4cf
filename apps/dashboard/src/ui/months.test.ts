import { expect, it } from "vitest";
import { daysOfMonth, lastMonths } from "./months.ts";

const now = Date.UTC(2026, 2, 15);

it("has the days of a month, leap years included", () => {
  expect(daysOfMonth("2024-02", now)).toEqual({ from: "2024-02-01", to: "2024-02-29" });
  expect(daysOfMonth("2025-12", now)).toEqual({ from: "2025-12-01", to: "2025-12-31" });
});

it("falls back to the present month", () => {
  for (const none of [null, "", "2026-13", "x"]) {
    expect(daysOfMonth(none, now)).toEqual({ from: "2026-03-01", to: "2026-03-31" });
  }
});

it("lists the last months across a year", () => {
  expect(lastMonths(now, 4)).toEqual([
    { value: "2026-03", label: "March 2026" },
    { value: "2026-02", label: "February 2026" },
    { value: "2026-01", label: "January 2026" },
    { value: "2025-12", label: "December 2025" },
  ]);
});
