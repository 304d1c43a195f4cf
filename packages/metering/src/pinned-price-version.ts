import type { PriceVersion } from "./price-version.ts";

/** The version that applies on a connection at an instant; null when none does. */
export function pinnedPriceVersion(_prices: readonly PriceVersion[], _connectionId: string, _atMs: number): PriceVersion | null {
  throw new Error("not built yet");
}
