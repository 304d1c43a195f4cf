import { maxAttemptPicoUsd, zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import { priceUsageByVersion } from "./price-usage.ts";
import type { PriceVersion } from "./price-version.ts";

/** What a call is expected to use. */
export interface ExpectedUse {
  readonly inputTokens: number;
  /** Of all answers together. */
  readonly outputTokens: number;
  /** When it starts (epoch ms). */
  readonly atMs: number;
}

/**
 * What a call that uses this costs by a version, at the standard service tier and without any cached input; for people to
 * compare with what it came to, never to hold or to bill by. Null when the version cannot price it, or not within an
 * attempt's amount.
 */
export function expectedCost(version: PriceVersion, { inputTokens, outputTokens, atMs }: ExpectedUse): PicoUsd | null {
  if (version.free) return zeroPicoUsd;
  if (!Number.isSafeInteger(inputTokens) || !Number.isSafeInteger(outputTokens)) return null;
  const usage = { input: inputTokens, output: outputTokens, requests: 1 };
  const priced = priceUsageByVersion(version, { usage, serviceTier: null, atMs });
  return priced.kind === "priced" && priced.costPicoUsd <= maxAttemptPicoUsd ? priced.costPicoUsd : null;
}
