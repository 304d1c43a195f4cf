import type { Usage } from "./meters.ts";
import type { PicoUsd } from "./pico-usd.ts";
import type { PriceVersion } from "./price-version.ts";
import type { ReceiptLine } from "./usage-event.ts";

export type PricedUsage =
  | { readonly kind: "priced"; readonly priceVersionId: string; readonly costPicoUsd: PicoUsd; readonly lines: readonly ReceiptLine[] }
  | { readonly kind: "unpriced"; readonly meter: keyof Usage | null };

export interface UsageToPrice {
  readonly connectionId: string;
  readonly usage: Usage;
  readonly serviceTier: string | null;
  readonly atMs: number;
}

/** Prices a usage by the version that applies at `atMs` on this connection. */
export function priceUsage(_prices: readonly PriceVersion[], _call: UsageToPrice): PricedUsage {
  throw new Error("not built yet");
}

/** Prices a usage by the version that the hold pinned. */
export function priceUsageByVersion(_version: PriceVersion, _call: Omit<UsageToPrice, "connectionId">): PricedUsage {
  throw new Error("not built yet");
}
