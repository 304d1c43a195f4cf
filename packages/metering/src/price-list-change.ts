/** What a new price list changes about an old one, line by line, and whether somebody has to look at it first. */
import type { PriceLine } from "./price-version.ts";

/** A price list without its place in time; no lines and not free means unpriced. */
export interface PriceList {
  readonly free: boolean;
  readonly lines: readonly PriceLine[];
}

export interface PriceLineChange {
  /** The line with its conditions; its price is the new one, or the old one where the line is gone. */
  readonly line: PriceLine;
  /** Pico-USD a unit; null where the old list has no such line. */
  readonly before: bigint | null;
  /** Null where the new list has no such line. */
  readonly after: bigint | null;
  /** Of the old price, in hundredths of a percent, rounded towards zero; null where there is nothing to compare. */
  readonly changeBasisPoints: bigint | null;
}

export interface PriceListChange {
  readonly lines: readonly PriceLineChange[];
  /** Free, priced and unpriced are different states; a change between them is never small. */
  readonly stateChanged: boolean;
  /** A state that changed, a line that came or went, or a price more than a fifth up or down. */
  readonly needsApproval: boolean;
}

const mostBasisPoints = 2_000n;

/** Null where the lists are the same, whatever the order of their lines. */
export function comparePriceLists(before: PriceList, after: PriceList): PriceListChange | null {
  const old = new Map(before.lines.map((line) => [conditionsOf(line), line]));
  const fresh = new Map(after.lines.map((line) => [conditionsOf(line), line]));
  const lines = [...new Set([...old.keys(), ...fresh.keys()])].flatMap((key): PriceLineChange[] => {
    const line = fresh.get(key) ?? old.get(key);
    const was = priceOf(old.get(key));
    const is = priceOf(fresh.get(key));
    if (line === undefined || was === is) return [];
    return [{ line, before: was, after: is, changeBasisPoints: basisPoints(was, is) }];
  });
  const stateChanged = stateOf(before) !== stateOf(after);
  if (lines.length === 0 && !stateChanged) return null;
  const isLarge = ({ changeBasisPoints: change }: PriceLineChange): boolean =>
    change === null || change > mostBasisPoints || change < -mostBasisPoints;
  return { lines, stateChanged, needsApproval: stateChanged || lines.some(isLarge) };
}

function stateOf({ free, lines }: PriceList): "free" | "priced" | "unpriced" {
  if (free) return "free";
  return lines.length > 0 ? "priced" : "unpriced";
}

function priceOf(line: PriceLine | undefined): bigint | null {
  return line === undefined ? null : BigInt(line.unitPricePicoUsd);
}

function basisPoints(before: bigint | null, after: bigint | null): bigint | null {
  if (before === null || after === null || before === 0n) return null;
  return ((after - before) * 10_000n) / before;
}

function conditionsOf({ meter, aboveInputTokens, timeWindow, serviceTier }: PriceLine): string {
  return JSON.stringify([
    meter,
    aboveInputTokens ?? null,
    timeWindow === undefined ? null : [timeWindow.startMinute, timeWindow.endMinute],
    serviceTier ?? null,
  ]);
}
