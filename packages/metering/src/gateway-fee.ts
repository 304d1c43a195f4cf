/**
 * What an organisation charges its own teams for a call, beside what the provider bills: nothing, unless an administrator
 * sets a fee. A fee is an amount for each request, a share of the provider's cost, or both.
 */
import { z } from "zod";
import { feeMeter } from "./meters.ts";
import { picoUsd, zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import type { ReceiptLine } from "./usage-event.ts";

/** In the order of precedence: a call pays the first of these that has a fee, and no other. */
export const gatewayFeeScopeTypes = ["virtual_key", "project", "team", "route", "organisation"] as const;

export type GatewayFeeScopeType = (typeof gatewayFeeScopeTypes)[number];

const wholeShare = 1_000_000;

export const gatewayFeeSchema = z.strictObject({
  feeId: z.string().min(1).max(64),
  scopeType: z.enum(gatewayFeeScopeTypes),
  scopeId: z.string().min(1).max(64),
  perRequestPicoUsd: z.string().regex(/^\d{1,18}$/, "a whole, non-negative number of pico-USD"),
  /** Millionths of the provider's cost: 25,000 is 2.5 %. */
  shareOfCostPpm: z.int().min(0).max(wholeShare),
});

export type GatewayFee = z.infer<typeof gatewayFeeSchema>;
export type FeeTerms = Pick<GatewayFee, "perRequestPicoUsd" | "shareOfCostPpm">;

/**
 * The fee on an attempt that cost this at its provider. The share is rounded down to a whole pico-USD, once for each
 * attempt. `isRequestPartDue`: no other attempt of the request has been charged with the amount for each request.
 */
export function feeOn(terms: FeeTerms, costPicoUsd: bigint, isRequestPartDue: boolean): PicoUsd {
  const share = (costPicoUsd * BigInt(terms.shareOfCostPpm)) / BigInt(wholeShare);
  return picoUsd(share + (isRequestPartDue ? BigInt(terms.perRequestPicoUsd) : 0n));
}

/** The most that a provider may cost so that cost and fee together are at most `totalPicoUsd`; negative where the fee alone is more. */
export function costWithinTotal(terms: FeeTerms | null, totalPicoUsd: PicoUsd, isRequestPartDue: boolean): PicoUsd {
  if (terms === null) return totalPicoUsd;
  const left = totalPicoUsd - (isRequestPartDue ? BigInt(terms.perRequestPicoUsd) : 0n);
  if (left < 0n) return picoUsd(left);
  const whole = BigInt(wholeShare);
  return picoUsd(((left + 1n) * whole - 1n) / (whole + BigInt(terms.shareOfCostPpm)));
}

/** The fee as a line of a receipt; none where it comes to nothing. */
export function feeLines(feePicoUsd: bigint): readonly ReceiptLine[] {
  if (feePicoUsd === 0n) return [];
  const amount = feePicoUsd.toString();
  return [{ meter: feeMeter, quantity: 1, unitPricePicoUsd: amount, amountPicoUsd: amount }];
}

/** What of an attempt's cost is the gateway's own fee. */
export function feeOfLines(lines: readonly ReceiptLine[]): PicoUsd {
  const line = lines.find(({ meter }) => meter === feeMeter);
  return line === undefined ? zeroPicoUsd : picoUsd(BigInt(line.amountPicoUsd));
}
