import { describe, expect, it } from "vitest";
import { linesOf, problemOf } from "./price-draft.ts";

const row = (usd: string, meter: "input" | "requests" = "input") => ({ key: "1", meter, usd });

describe("a row of the price form", () => {
  it.each(["0", "2.50", " 0.000001 ", "15"])("takes %s", (usd) => {
    expect(problemOf(row(usd))).toBeNull();
  });

  it.each([
    ["", /amount/],
    ["abc", /amount/],
    ["1e3", /amount/],
    ["-1", /below zero/],
    ["0.0000001", /6 decimals/],
  ])("refuses %s", (usd, reason) => {
    expect(problemOf(row(usd))).toMatch(reason);
  });

  it("takes twelve decimals where a price is for one unit", () => {
    expect(problemOf(row("0.000000000001", "requests"))).toBeNull();
  });

  it("becomes a price for as many units as it was shown for", () => {
    expect(linesOf([row(" 2.50 "), row("0.01", "requests")])).toEqual([
      { meter: "input", usd: "2.50", per: 1_000_000 },
      { meter: "requests", usd: "0.01", per: 1 },
    ]);
  });
});
