import { applicablePriceLine, isFlatFee, minuteOfDayUtc, type PricingConditions } from "./applicable-price-line.ts";
import { inputTokenMeters, meters, totalQuantity, type Meter, type Usage } from "./meters.ts";
import { zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import { pinnedPriceVersion } from "./pinned-price-version.ts";
import type { PriceVersion } from "./price-version.ts";
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
  const { usage } = call;
  const conditions: PricingConditions = {
    inputTokens: totalQuantity(usage, inputTokenMeters),
    minuteOfDay: minuteOfDayUtc(call.atMs),
    serviceTier: call.serviceTier,
  };
  const lines: ReceiptLine[] = [];
  let cost = zeroPicoUsd as bigint;
  const isFree = version.free;
  const isFlat = isFlatFee(version);
  for (const meter of meters) {
    const quantity = usage[meter];
    if (quantity === undefined || quantity === 0) continue;
    if (!Number.isSafeInteger(quantity) || quantity < 0) throw new RangeError(`not a quantity of ${meter}`);
    const line = isFree ? null : applicablePriceLine(version, meter, conditions);
    // Few providers charge a fee per request: a list that does not name one has none.
    const isIncluded = isFree || meter === "requests" || isFlat;
    if (line === null && !isIncluded) return { kind: "unpriced", meter };
    const unitPrice = line === null ? 0n : BigInt(line.unitPricePicoUsd);
    const amount = BigInt(quantity) * unitPrice;
    cost += amount;
    lines.push({ meter, quantity, unitPricePicoUsd: unitPrice.toString(), amountPicoUsd: amount.toString() });
  }
  return { kind: "priced", priceVersionId: version.priceVersionId, costPicoUsd: cost as PicoUsd, lines };
}
