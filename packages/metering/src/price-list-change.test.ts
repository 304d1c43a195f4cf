import { expect, it } from "vitest";
import { comparePriceLists, type PriceList } from "./price-list-change.ts";
import type { PriceLine } from "./price-version.ts";

const list = (input: string, output: string, more: readonly PriceLine[] = []): PriceList => ({
  free: false,
  lines: [{ meter: "input", unitPricePicoUsd: input }, { meter: "output", unitPricePicoUsd: output }, ...more],
});
const free: PriceList = { free: true, lines: [] };
const unpriced: PriceList = { free: false, lines: [] };
const long: PriceLine = { meter: "input", unitPricePicoUsd: "200", aboveInputTokens: 200_000 };

it("is nothing between lists that are the same in another order", () => {
  const { lines } = list("100", "400", [long]);
  expect(comparePriceLists({ free: false, lines }, { free: false, lines: lines.toReversed() })).toBeNull();
  expect(comparePriceLists(free, free)).toBeNull();
});

it.each([
  ["a fifth up", list("120", "400"), 2_000n, false],
  ["more than a fifth up", list("121", "400"), 2_100n, true],
  ["a fifth down", list("80", "400"), -2_000n, false],
  ["more than a fifth down", list("79", "400"), -2_100n, true],
])("%s", (_, after, changeBasisPoints, needsApproval) => {
  const change = comparePriceLists(list("100", "400"), after);
  expect(change).toMatchObject({ needsApproval, stateChanged: false, lines: [{ before: 100n, changeBasisPoints }] });
});

it.each([
  ["a line that comes", list("100", "400"), list("100", "400", [long])],
  ["a line that goes", list("100", "400", [long]), list("100", "400")],
  ["a price that was nothing", list("0", "400"), list("1", "400")],
  ["free", list("100", "400"), free],
  ["no longer free", free, list("100", "400")],
  ["unpriced", list("100", "400"), unpriced],
  ["unpriced, and not free", free, unpriced],
])("has to be looked at: %s", (_, before, after) => {
  expect(comparePriceLists(before, after)?.needsApproval).toBe(true);
});
