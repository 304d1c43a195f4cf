/** Prices as people compare them: tokens and characters by the million, everything else by the piece. Always exact. */
import type { Meter } from "@switchyard/metering/meters";
import { formatUsd, parseUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { unitOfMeter } from "./meter-names.ts";

const million = 1_000_000n;

/** How many units of a meter a shown price is for. */
export function shownPer(meter: Meter): 1 | 1_000_000 {
  const unit = unitOfMeter(meter);
  return unit === "token" || unit === "character" ? 1_000_000 : 1;
}

/** The dollars of `showUnitPrice`, without the unit: "$0.25". */
export function showPriceAmount(usd: string, per: number, meter: Meter): string {
  const scaled = parseUsd(usd) * BigInt(shownPer(meter));
  // Prices are whole pico-dollars a unit, so this leaves no rest; if one ever did, showing less would be a lie.
  if (scaled % BigInt(per) !== 0n) return `$${usd} per ${per.toLocaleString("en-US")}`;
  return `$${formatUsd(picoUsd(scaled / BigInt(per)), 2)}`;
}

/** "1M tokens", "image". */
export function showPriceUnit(meter: Meter): string {
  const unit = unitOfMeter(meter);
  return BigInt(shownPer(meter)) === million ? `1M ${unit}s` : unit;
}

/** `usd` for `per` units of a meter: "$0.25 / 1M tokens", "$0.01 / image". */
export function showUnitPrice(usd: string, per: number, meter: Meter): string {
  return `${showPriceAmount(usd, per, meter)} / ${showPriceUnit(meter)}`;
}
