/**
 * Spend as FOCUS charges. FOCUS wants ListCost = ListUnitPrice x PricingQuantity on every usage row, and a row of the
 * roll-up knows only its quantity and cost. Where one price held for the hour, cost / quantity is that price, exactly.
 * Where several did (a price change, a context tier, a service tier), the unit price is the average of the hour in
 * whole pico-USD, rounded down, and what is left, less than one pico-USD a unit, is an adjustment of its own: both
 * rows are exact, and they add up to the cost.
 */
import { adjustmentMeter, closedCorrectionMeter, correctionMeter, feeMeter, type Meter } from "./meters.ts";
import { picoUsd, type PicoUsd } from "./pico-usd.ts";
import type { SpendRow } from "./spend-row.ts";

export interface FocusCharge {
  readonly spend: SpendRow;
  readonly category: "Usage" | "Adjustment";
  /** A correction of a billing period that is over. */
  readonly isCorrection: boolean;
  readonly description: string;
  readonly costPicoUsd: PicoUsd;
  /** Null on adjustments, which have no quantity. */
  readonly pricing: FocusPricing | null;
}

export interface FocusPricing {
  /** As SkuMeter: "Cached Input Tokens". */
  readonly meterName: string;
  /** As PricingUnit: "Tokens". */
  readonly unit: string;
  readonly quantity: bigint;
  readonly unitPricePicoUsd: PicoUsd;
}

const meterNames: { readonly [meter in Meter | typeof feeMeter]: readonly [name: string, unit: string] } = {
  input: ["Input Tokens", "Tokens"],
  cached_input: ["Cached Input Tokens", "Tokens"],
  cache_write_5m: ["Cache Write 5m Tokens", "Tokens"],
  cache_write_30m: ["Cache Write 30m Tokens", "Tokens"],
  cache_write_1h: ["Cache Write 1h Tokens", "Tokens"],
  cache_write_12h: ["Cache Write 12h Tokens", "Tokens"],
  audio_input: ["Audio Input Tokens", "Tokens"],
  image_input: ["Image Input Tokens", "Tokens"],
  output: ["Output Tokens", "Tokens"],
  reasoning: ["Reasoning Tokens", "Tokens"],
  audio_output: ["Audio Output Tokens", "Tokens"],
  image_output: ["Image Output Tokens", "Tokens"],
  audio_seconds: ["Audio Seconds", "Seconds"],
  characters: ["Characters", "Characters"],
  images: ["Images", "Images"],
  search_units: ["Search Units", "Units"],
  requests: ["Requests", "Requests"],
  [feeMeter]: ["Gateway Fee", "Requests"],
};

/**
 * The charges of one row, one or two; their costs add up to the row's. `nowMs` (epoch ms) decides which billing periods,
 * calendar months in UTC, are over: within the current one FOCUS does not mark corrections.
 */
export function focusChargesOf(spend: SpendRow, nowMs: number): readonly FocusCharge[] {
  const cost = spend.costPicoUsd;
  const names = Object.hasOwn(meterNames, spend.meter) ? meterNames[spend.meter as keyof typeof meterNames] : undefined;
  if (names === undefined) return [adjustment(spend, cost, nowMs, describeAdjustment(spend.meter))];
  const { quantity } = spend;
  const unitPrice = quantity === 0n ? 0n : cost / quantity;
  // A negative average has no unit price in FOCUS; only corrections are negative, so this is a guard for the sum.
  if (unitPrice < 0n || quantity < 0n) return [adjustment(spend, cost, nowMs, `${names[0]}: adjustment`)];
  const explained = picoUsd(unitPrice * quantity);
  const rest = picoUsd(cost - explained);
  const usage: FocusCharge = {
    spend,
    category: "Usage",
    isCorrection: false,
    description: `${names[0]}, ${spend.model.name}`,
    costPicoUsd: explained,
    pricing: { meterName: names[0], unit: names[1], quantity, unitPricePicoUsd: picoUsd(unitPrice) },
  };
  if (rest === 0n) return [usage];
  return [usage, adjustment(spend, rest, nowMs, `${names[0]}, ${spend.model.name}: rest of an average unit price`)];
}

/** Start and end (exclusive) of the calendar month in UTC (epoch ms) that an instant lies in. */
export function billingPeriodOf(atMs: number): { readonly startMs: number; readonly endMs: number } {
  const date = new Date(atMs);
  const [year, month] = [date.getUTCFullYear(), date.getUTCMonth()];
  return { startMs: Date.UTC(year, month), endMs: Date.UTC(year, month + 1) };
}

function adjustment(spend: SpendRow, costPicoUsd: PicoUsd, nowMs: number, description: string): FocusCharge {
  const isOver = billingPeriodOf(spend.hourMs).endMs <= nowMs;
  const isCorrection = spend.meter === closedCorrectionMeter || (spend.meter === correctionMeter && isOver);
  return { spend, category: "Adjustment", isCorrection, description, costPicoUsd, pricing: null };
}

function describeAdjustment(meter: string): string {
  if (meter === correctionMeter) return "Correction to what the provider billed";
  if (meter === closedCorrectionMeter) return "Correction of a closed period to what the provider billed";
  if (meter === adjustmentMeter) return "Usage unknown, settled at its hold";
  return `Charge of the unknown meter ${meter}`;
}
