import type { PriceLine } from "./price-version.ts";

const parsed = new WeakMap<PriceLine, bigint>();

/** A line's price of one unit in pico-USD. Policy is read once and priced by for every call, so each line is parsed once. */
export function unitPriceOfLine(line: PriceLine): bigint {
  const known = parsed.get(line);
  if (known !== undefined) return known;
  const price = BigInt(line.unitPricePicoUsd);
  parsed.set(line, price);
  return price;
}
