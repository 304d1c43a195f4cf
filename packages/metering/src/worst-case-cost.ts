import type { PicoUsd } from "./pico-usd.ts";
import type { PriceVersion } from "./price-version.ts";

export interface CallBounds {
  readonly inputTokensAtMost: number;
  readonly outputTokensAtMost: number;
  readonly answers: number;
}

/** What a call within these bounds can cost at most; null when the version cannot price it. */
export function worstCaseCost(_version: PriceVersion, _bounds: CallBounds): PicoUsd | null {
  throw new Error("not built yet");
}
