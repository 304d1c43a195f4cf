/** The rows of the price form, and what they become. */
import type { PriceLine } from "@switchyard/api-contract/models";
import type { Meter } from "@switchyard/metering/meters";
import { parseUsd } from "@switchyard/metering/pico-usd";
import { shownPer } from "../../ui/unit-price.ts";

export interface PriceRow {
  readonly key: string;
  readonly meter: Meter;
  /** Dollars for as many units as prices are shown for, as typed. */
  readonly usd: string;
}

/** Null for a row that can be saved. */
export function problemOf({ usd, meter }: PriceRow): string | null {
  let pico: bigint;
  try {
    pico = parseUsd(usd.trim());
  } catch {
    return "An amount such as 2.50";
  }
  if (pico < 0n) return "Not below zero";
  // Billing multiplies a whole number of pico-dollars per unit; what is no such number would have to be rounded.
  return pico % BigInt(shownPer(meter)) === 0n ? null : "At most 6 decimals";
}

export function linesOf(rows: readonly PriceRow[]): PriceLine[] {
  return rows.map(({ meter, usd }) => ({ meter, usd: usd.trim(), per: shownPer(meter) }));
}
