import type { PicoUsd } from "./pico-usd.ts";
import type { PriceVersion } from "./price-version.ts";
import type { CallBounds } from "./worst-case-cost.ts";

/** The largest output cap per answer, at most the one asked, whose worst case fits the budget; null when not even one token fits. */
export function largestAffordableOutput(_version: PriceVersion, _bounds: CallBounds, _budgetPicoUsd: PicoUsd): number | null {
  throw new Error("not built yet");
}
