import { inputTokenMeters, outputTokenMeters, unitMeters, type Meter, type Usage } from "./meters.ts";
import type { PriceVersion } from "./price-version.ts";

const tokenMeters: readonly Meter[] = [...inputTokenMeters, ...outputTokenMeters];

/**
 * The part of a usage that a price list charges by. A provider may count one call in several measures (tokens and seconds,
 * tokens and images), and a list names the one it bills; what it does not name is then no reason to call the usage
 * unpriced. Null where the list charges by none of what was counted. A usage in tokens alone stays as it is.
 */
export function chargeableUsage(version: PriceVersion, usage: Usage): Usage | null {
  const counted = unitMeters.filter((meter) => (usage[meter] ?? 0) > 0);
  if (counted.length === 0 || version.free) return usage;
  const priced = new Set<Meter>(version.lines.map((line) => line.meter));
  const hasTokenPrice = tokenMeters.some((meter) => priced.has(meter));
  const hasTokens = tokenMeters.some((meter) => (usage[meter] ?? 0) > 0);
  const isByUnits = counted.some((meter) => priced.has(meter));
  if (!isByUnits && !(hasTokenPrice && hasTokens)) return null;
  const isCharged = (meter: Meter): boolean =>
    tokenMeters.includes(meter) ? hasTokenPrice : meter === "requests" || priced.has(meter);
  return Object.fromEntries(Object.entries(usage).filter(([meter]) => isCharged(meter as Meter)));
}
