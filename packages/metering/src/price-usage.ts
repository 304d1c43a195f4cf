import { applicablePriceLine, isFlatFee, minuteOfDayUtc, type PricingConditions } from "./applicable-price-line.ts";
import { inputTokenMeters, meters, totalQuantity, type Meter, type Usage } from "./meters.ts";
import { zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import { pinnedPriceVersion } from "./pinned-price-version.ts";
import type { PriceVersion } from "./price-version.ts";
import { unitPriceOfLine } from "./unit-price.ts";
import type { ReceiptLine } from "./usage-event.ts";

export type PricedUsage =
  | {
      readonly kind: "priced";
      readonly priceVersionId: string;
      readonly costPicoUsd: PicoUsd;
      /** One line per meter with a quantity, in the order of the meters; the amounts add up to the cost. */
      readonly lines: readonly ReceiptLine[];
    }
  /** A meter of the usage has no price; null when no version is in effect at all. */
  | { readonly kind: "unpriced"; readonly meter: Meter | null };

export interface UsageToPrice {
  readonly connectionId: string;
  readonly usage: Usage;
  readonly serviceTier: string | null;
  /** When the call started (epoch ms): chooses the version and the time-of-day window. */
  readonly atMs: number;
}

/**
 * Prices a usage by the version that is in effect on its connection. Every amount is quantity times unit price in whole
 * pico-USD, so nothing is rounded. Throws RangeError on a quantity that is not a non-negative safe integer.
 */
export function priceUsage(prices: readonly PriceVersion[], call: UsageToPrice): PricedUsage {
  const version = pinnedPriceVersion(prices, call.connectionId, call.atMs);
  return version === null ? { kind: "unpriced", meter: null } : priceUsageByVersion(version, call);
}

/** The same by one given version: the one that the attempt's hold pinned. */
export function priceUsageByVersion(version: PriceVersion, call: Omit<UsageToPrice, "connectionId">): PricedUsage {
  const conditions = conditionsOf(call);
  const lines: ReceiptLine[] = [];
  let cost = zeroPicoUsd as bigint;
  for (const meter of meters) {
    const quantity = quantityOf(call.usage, meter);
    if (quantity === 0) continue;
    const unitPrice = unitPriceOf(version, meter, conditions);
    if (unitPrice === null) return { kind: "unpriced", meter };
    const amount = BigInt(quantity) * unitPrice;
    cost += amount;
    lines.push({ meter, quantity, unitPricePicoUsd: unitPrice.toString(), amountPicoUsd: amount.toString() });
  }
  return { kind: "priced", priceVersionId: version.priceVersionId, costPicoUsd: cost as PicoUsd, lines };
}

/** What `priceUsage` would say it costs, without the lines of a receipt; null where it is unpriced. Throws as it does. */
export function costOfUsage(prices: readonly PriceVersion[], call: UsageToPrice): PicoUsd | null {
  const version = pinnedPriceVersion(prices, call.connectionId, call.atMs);
  if (version === null) return null;
  const conditions = conditionsOf(call);
  let cost = zeroPicoUsd as bigint;
  for (const meter in call.usage) {
    const quantity = quantityOf(call.usage, meter as Meter);
    if (quantity === 0) continue;
    const unitPrice = unitPriceOf(version, meter as Meter, conditions);
    if (unitPrice === null) return null;
    cost += BigInt(quantity) * unitPrice;
  }
  return cost as PicoUsd;
}

function conditionsOf({ usage, atMs, serviceTier }: Omit<UsageToPrice, "connectionId">): PricingConditions {
  return { inputTokens: totalQuantity(usage, inputTokenMeters), minuteOfDay: minuteOfDayUtc(atMs), serviceTier };
}

function quantityOf(usage: Usage, meter: Meter): number {
  const quantity = usage[meter];
  if (quantity === undefined) return 0;
  if (!Number.isSafeInteger(quantity) || quantity < 0) throw new RangeError(`not a quantity of ${meter}`);
  return quantity;
}

/** Null where the version has no price for it. */
function unitPriceOf(version: PriceVersion, meter: Meter, conditions: PricingConditions): bigint | null {
  if (version.free) return 0n;
  const line = applicablePriceLine(version, meter, conditions);
  if (line !== null) return unitPriceOfLine(line);
  // Few providers charge a fee per request: a list that does not name one has none.
  return meter === "requests" || isFlatFee(version) ? 0n : null;
}
