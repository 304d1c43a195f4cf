/**
 * The priced units. Token meters are disjoint: one token is counted by exactly one meter, so that the meters of a
 * call add up to the provider's total (DESIGN section 2, reference "usage: normalise to meters first").
 */
export const meters = [
  "input",
  "cached_input",
  "cache_write_5m",
  "cache_write_30m",
  "cache_write_1h",
  "cache_write_12h",
  "audio_input",
  "image_input",
  "output",
  "reasoning",
  "audio_output",
  "image_output",
  "audio_seconds",
  "characters",
  "images",
  "search_units",
  "requests",
] as const;

export type Meter = (typeof meters)[number];

/** Quantities by meter: non-negative safe integers; an absent meter means zero. */
export type Usage = { readonly [meter in Meter]?: number };

export const inputTokenMeters = [
  "input",
  "cached_input",
  "cache_write_5m",
  "cache_write_30m",
  "cache_write_1h",
  "cache_write_12h",
  "audio_input",
  "image_input",
] as const satisfies readonly Meter[];

export const outputTokenMeters = [
  "output",
  "reasoning",
  "audio_output",
  "image_output",
] as const satisfies readonly Meter[];

/** What is counted in something else than tokens. A price list has one measure of a call, a provider may report several. */
export const unitMeters = ["audio_seconds", "characters", "images", "search_units"] as const satisfies readonly Meter[];

/** Quantities of what is not counted in tokens; an absent meter is one that the call does not use. */
export type UnitQuantities = { readonly [meter in (typeof unitMeters)[number]]?: number };

/** Sum of the quantities of the given meters. */
export function totalQuantity(usage: Usage, of: readonly Meter[]): number {
  let total = 0;
  for (const meter of of) total += usage[meter] ?? 0;
  return total;
}

/**
 * The meter whose price stands in when a price list has no line of its own: a provider that does not itemise
 * reasoning bills it as output, one without cache prices bills cached tokens as input.
 */
export const standInMeter: { readonly [meter in Meter]?: Meter } = {
  cached_input: "input",
  cache_write_5m: "input",
  cache_write_30m: "input",
  cache_write_1h: "input",
  cache_write_12h: "input",
  audio_input: "input",
  image_input: "input",
  reasoning: "output",
  audio_output: "output",
  image_output: "output",
};

/**
 * The roll-up key of money that no meter explains: an attempt settled at its hold because its usage is unknown. With it
 * and the corrections the sum of the roll-ups is the sum of the ledger.
 */
export const adjustmentMeter = "adjustment";

/** The roll-up key and the receipt's line of the gateway's own fee: no provider counts it, and no price list has it. */
export const feeMeter = "gateway_fee";

/** The roll-up key of corrections: signed amounts without a quantity, in the hour of the attempt they correct. */
export const correctionMeter = "correction";

/** The same where the attempt's month was closed already: it stands in the hour in which it was recorded. */
export const closedCorrectionMeter = "closed_correction";
