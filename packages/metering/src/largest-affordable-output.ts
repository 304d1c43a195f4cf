import type { PicoUsd } from "./pico-usd.ts";
import type { PriceVersion } from "./price-version.ts";
import { worstCaseOf, type CallBounds } from "./worst-case-cost.ts";

/**
 * The largest output cap per answer, at most `bounds.outputTokensAtMost`, with which the call's worst case fits the
 * budget. Null when not even one token fits or the version cannot price the call.
 */
export function largestAffordableOutput(
  version: PriceVersion,
  bounds: CallBounds,
  budgetPicoUsd: PicoUsd,
): number | null {
  const worst = worstCaseOf(version, bounds);
  if (worst === null) return null;
  const left = budgetPicoUsd - worst.fixedPicoUsd;
  if (left < 0n) return null;
  if (worst.perOutputTokenPicoUsd === 0n) return bounds.outputTokensAtMost;
  const affordable = left / worst.perOutputTokenPicoUsd;
  if (affordable >= BigInt(bounds.outputTokensAtMost)) return bounds.outputTokensAtMost;
  return affordable === 0n ? null : Number(affordable);
}
