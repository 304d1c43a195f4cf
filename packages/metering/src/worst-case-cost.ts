import { isFlatFee } from "./applicable-price-line.ts";
import { inputTokenMeters, outputTokenMeters, unitMeters, type Meter, type UnitQuantities } from "./meters.ts";
import { zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import type { PriceLine, PriceVersion } from "./price-version.ts";
import { unitPriceOfLine } from "./unit-price.ts";

/** What a call can use at most; non-negative safe integers. */
export interface CallBounds {
  /** Over all input meters. */
  readonly inputTokensAtMost: number;
  /** Of each answer, over all output meters: the cap that is sent to the provider. */
  readonly outputTokensAtMost: number;
  readonly answers: number;
  /** What is not counted in tokens. A list that prices one of these needs no price for tokens. */
  readonly unitsAtMost?: UnitQuantities;
}

/** A call's worst case as a line: `fixedPicoUsd` plus `perOutputTokenPicoUsd` for every token of the output cap. */
export interface WorstCase {
  readonly fixedPicoUsd: PicoUsd;
  readonly perOutputTokenPicoUsd: PicoUsd;
}

/**
 * What a call within these bounds can cost at most by this version, whatever it uses, whenever it runs and whichever
 * service tier the provider picks: input bound x dearest applicable input price + output cap x answers x dearest output
 * price + units x their price + the fee per request (DESIGN section 5, "hold before dispatch"). Null when the version
 * cannot price such a call.
 */
export function worstCaseCost(version: PriceVersion, bounds: CallBounds): PicoUsd | null {
  const worst = worstCaseOf(version, bounds);
  if (worst === null) return null;
  return (worst.fixedPicoUsd + worst.perOutputTokenPicoUsd * BigInt(bounds.outputTokensAtMost)) as PicoUsd;
}

/** The same before an output cap is chosen; `bounds.outputTokensAtMost` only says whether there is output at all. */
export function worstCaseOf(version: PriceVersion, bounds: CallBounds): WorstCase | null {
  const { inputTokensAtMost, outputTokensAtMost, answers } = bounds;
  if (version.free) return { fixedPicoUsd: zeroPicoUsd, perOutputTokenPicoUsd: zeroPicoUsd };
  const fee = dearestPrice(version, requestMeters, inputTokensAtMost);
  if (isFlatFee(version)) return { fixedPicoUsd: fee as PicoUsd, perOutputTokenPicoUsd: zeroPicoUsd };
  const units = unitCost(version, bounds);
  const isTokenPriced =
    (inputTokensAtMost === 0 || isAlwaysPriced(version, "input")) &&
    (outputTokensAtMost === 0 || isAlwaysPriced(version, "output"));
  if (!isTokenPriced && units === null) return null;
  const input = BigInt(inputTokensAtMost) * dearestPrice(version, inputTokenMeters, inputTokensAtMost);
  const perOutputToken = BigInt(answers) * dearestPrice(version, outputTokenMeters, inputTokensAtMost);
  return { fixedPicoUsd: (input + fee + (units ?? 0n)) as PicoUsd, perOutputTokenPicoUsd: perOutputToken as PicoUsd };
}

/** Whether a call's cost depends on how much it answers; where it does not, no output cap has to be sent. */
export function isOutputPriced(version: PriceVersion): boolean {
  return version.lines.some((line) => isOneOf(outputTokenMeters, line.meter) && line.unitPricePicoUsd !== "0");
}

const requestMeters = ["requests"] as const satisfies readonly Meter[];

/** Null where the list prices none of the call's units. */
function unitCost(version: PriceVersion, { unitsAtMost, inputTokensAtMost }: CallBounds): bigint | null {
  if (unitsAtMost === undefined) return null;
  let cost: bigint | null = null;
  for (const meter of unitMeters) {
    const quantity = unitsAtMost[meter];
    if (quantity === undefined || !isAlwaysPriced(version, meter)) continue;
    cost = (cost ?? 0n) + BigInt(quantity) * dearestPrice(version, [meter], inputTokensAtMost);
  }
  return cost;
}

function dearestPrice(version: PriceVersion, of: readonly Meter[], inputTokensAtMost: number): bigint {
  let dearest = 0n;
  for (const line of version.lines) {
    if (!isOneOf(of, line.meter) || !isReachable(line, inputTokensAtMost)) continue;
    const price = unitPriceOfLine(line);
    if (price > dearest) dearest = price;
  }
  return dearest;
}

function isReachable(line: PriceLine, inputTokensAtMost: number): boolean {
  return line.aboveInputTokens === undefined || line.aboveInputTokens < inputTokensAtMost;
}

// Every other token meter has a stand-in that leads here, so this one line is what makes a list complete.
function isAlwaysPriced(version: PriceVersion, meter: Meter): boolean {
  return version.lines.some(
    (line) =>
      line.meter === meter &&
      line.timeWindow === undefined &&
      line.serviceTier === undefined &&
      line.aboveInputTokens === undefined,
  );
}

function isOneOf(of: readonly Meter[], meter: Meter): boolean {
  return of.includes(meter);
}
