/**
 * Which line of a price list prices a meter. Lines carry conditions; of the lines whose conditions are all met, the most
 * specific one wins: more conditions, then the higher context tier, then a service tier before a time window. Two lines
 * that are equal even then contradict each other, and the dearer one wins so that a hold never falls short.
 */
import { standInMeter, type Meter } from "./meters.ts";
import type { PriceLine, PriceVersion } from "./price-version.ts";

/** What the conditions of a line are judged by. */
export interface PricingConditions {
  /** Over all input meters of the call. */
  readonly inputTokens: number;
  /** Minutes since midnight UTC. */
  readonly minuteOfDay: number;
  readonly serviceTier: string | null;
}

const millisecondsPerMinute = 60_000;
const minutesPerDay = 1440;

/** Minutes since midnight UTC of an instant (epoch ms). */
export function minuteOfDayUtc(atMs: number): number {
  return Math.floor(atMs / millisecondsPerMinute) % minutesPerDay;
}

/**
 * The line that prices `meter`, or the line of its stand-in where the list has none that applies; null where neither
 * has one, which makes the meter unpriced.
 */
export function applicablePriceLine(
  version: PriceVersion,
  meter: Meter,
  conditions: PricingConditions,
): PriceLine | null {
  const own = mostSpecificLine(version, meter, conditions);
  if (own !== null) return own;
  const standIn = standInMeter[meter];
  return standIn === undefined ? null : mostSpecificLine(version, standIn, conditions);
}

/** A list with nothing but a fee per request: whatever else such a call uses is included in the fee. */
export function isFlatFee(version: PriceVersion): boolean {
  return version.lines.length > 0 && version.lines.every((line) => line.meter === "requests");
}

function mostSpecificLine(version: PriceVersion, meter: Meter, conditions: PricingConditions): PriceLine | null {
  let best: PriceLine | null = null;
  for (const line of version.lines) {
    if (line.meter !== meter || !isMet(line, conditions)) continue;
    if (best === null || compareSpecificity(line, best) > 0) best = line;
  }
  return best;
}

function isMet(line: PriceLine, { inputTokens, minuteOfDay, serviceTier }: PricingConditions): boolean {
  if (line.aboveInputTokens !== undefined && inputTokens <= line.aboveInputTokens) return false;
  if (line.serviceTier !== undefined && line.serviceTier !== serviceTier) return false;
  if (line.timeWindow === undefined) return true;
  const { startMinute, endMinute } = line.timeWindow;
  return startMinute <= endMinute
    ? minuteOfDay >= startMinute && minuteOfDay < endMinute
    : minuteOfDay >= startMinute || minuteOfDay < endMinute;
}

function compareSpecificity(left: PriceLine, right: PriceLine): number {
  return (
    conditionCount(left) - conditionCount(right) ||
    (left.aboveInputTokens ?? -1) - (right.aboveInputTokens ?? -1) ||
    Number(left.serviceTier !== undefined) - Number(right.serviceTier !== undefined) ||
    Number(BigInt(left.unitPricePicoUsd) - BigInt(right.unitPricePicoUsd))
  );
}

function conditionCount(line: PriceLine): number {
  return (
    Number(line.aboveInputTokens !== undefined) +
    Number(line.timeWindow !== undefined) +
    Number(line.serviceTier !== undefined)
  );
}
