import { describe, expect, it } from "vitest";
import { fromPriceRow, toPriceRows } from "./convert-price.ts";

const line = { meter: "input", usd: "2.50", per: 1_000_000 } as const;

function rowsOf(...lines: Parameters<typeof toPriceRows>[0]) {
  const converted = toPriceRows(lines);
  return converted.ok ? converted.lines : converted.problems;
}

describe("toPriceRows", () => {
  it.each([
    ["2.50", 1_000_000, 2_500_000n],
    ["0.000001", 1_000_000, 1n],
    ["0.01", 1, 10_000_000_000n],
    ["12", 1_000, 12_000_000_000n],
    ["0", 1_000_000, 0n],
  ] as const)("%s dollars for %i units", (usd, per, expected) => {
    expect(rowsOf({ ...line, usd, per })).toMatchObject([{ unitPricePicoUsd: expected }]);
  });

  it.each([
    ["0.0000001", 1_000_000],
    ["0.000000001001", 1_000],
  ] as const)("refuses %s dollars for %i units, which would have to be rounded", (usd, per) => {
    expect(rowsOf({ ...line, usd, per })).toMatchObject([{ path: "lines[0].usd", code: "inexact_price" }]);
  });

  it("refuses more than a million dollars a unit", () => {
    expect(rowsOf({ ...line, usd: "1000001", per: 1 })).toMatchObject([{ path: "lines[0].usd", code: "too_big" }]);
  });

  it("refuses two lines of which nobody could say which applies", () => {
    expect(rowsOf(line, { ...line, usd: "3" })).toMatchObject([{ path: "lines[1]", code: "duplicate_line" }]);
    expect(rowsOf(line, { ...line, aboveInputTokens: 200_000 })).toHaveLength(2);
  });
});

describe("fromPriceRow", () => {
  it("gives back what was written, tokens a million and the rest a piece", () => {
    const conditions = {
      aboveInputTokens: 200_000,
      timeWindow: { startMinute: 0, endMinute: 60 },
      serviceTier: "flex",
    };
    const lines = [
      { meter: "output", usd: "0.6", per: 1_000_000, ...conditions },
      { meter: "requests", usd: "0.01", per: 1 },
    ] as const;
    const converted = toPriceRows(lines);
    expect(converted.ok && converted.lines.map(fromPriceRow)).toEqual(lines);
  });
});
