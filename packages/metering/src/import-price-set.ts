/** One set of prices of the data set, converted into lines without conditions other than the context tier. */
import { exactUnitPrice } from "./exact-unit-price.ts";
import { standInMeter, type Meter } from "./meters.ts";
import type { PriceDataSet, PriceDataTiers } from "./price-data.ts";

/** The price of a meter from one count of input tokens on; null is from the first token on. */
export interface PriceStep {
  readonly aboveInputTokens: number | null;
  readonly unitPrice: bigint;
}

export type StepsByMeter = ReadonlyMap<Meter, readonly PriceStep[]>;

export type PriceKeyProblem =
  /** None of our meters counts what this key prices; where it is part of another meter, that meter's price applies. */
  | "no_meter"
  /** Not a whole number of pico-USD per unit. Left out, because the meter that stands in is at least as dear. */
  | "not_exact_so_stand_in_applies"
  /** Not a whole number of pico-USD per unit, and nothing may stand in: the model is left unpriced. */
  | "not_exact_so_unpriced";

export interface ImportedPriceSet {
  /** Null: unpriced. */
  readonly steps: StepsByMeter | null;
  readonly isFree: boolean;
  readonly problems: readonly { readonly priceKey: string; readonly problem: PriceKeyProblem }[];
}

const perMillion = 1_000_000n;
const perHour = 3_600n;

/** A price that covers several meters comes before the prices of single ones, which then replace it. */
const meteredKeys: readonly { readonly key: string; readonly meters: readonly Meter[]; readonly per: bigint }[] = [
  { key: "input_mtok", meters: ["input"], per: perMillion },
  { key: "cache_read_mtok", meters: ["cached_input"], per: perMillion },
  {
    key: "cache_write_mtok",
    meters: ["cache_write_5m", "cache_write_30m", "cache_write_1h", "cache_write_12h"],
    per: perMillion,
  },
  { key: "cache_write_5m_mtok", meters: ["cache_write_5m"], per: perMillion },
  { key: "cache_write_1h_mtok", meters: ["cache_write_1h"], per: perMillion },
  { key: "input_audio_mtok", meters: ["audio_input"], per: perMillion },
  { key: "input_image_mtok", meters: ["image_input"], per: perMillion },
  { key: "output_mtok", meters: ["output"], per: perMillion },
  { key: "output_reasoning_mtok", meters: ["reasoning"], per: perMillion },
  { key: "output_audio_mtok", meters: ["audio_output"], per: perMillion },
  { key: "output_image_mtok", meters: ["image_output"], per: perMillion },
  { key: "audio_hours", meters: ["audio_seconds"], per: perHour },
  { key: "input_audio_hours", meters: ["audio_seconds"], per: perHour },
  { key: "input_mchars", meters: ["characters"], per: perMillion },
  { key: "requests_kcount", meters: ["requests"], per: 1_000n },
];

export function importPriceSet(set: PriceDataSet): ImportedPriceSet {
  const known = new Set(meteredKeys.map(({ key }) => key));
  const keys = Object.keys(set).filter((key) => set[key] !== undefined);
  const problems: { priceKey: string; problem: PriceKeyProblem }[] = keys
    .filter((key) => !known.has(key))
    .map((priceKey) => ({ priceKey, problem: "no_meter" }));
  const steps = new Map<Meter, readonly PriceStep[]>();
  let isUnpriced = false;
  for (const { key, meters, per } of meteredKeys) {
    const price = set[key];
    if (price === undefined) continue;
    const converted = convertSteps(price, per);
    for (const meter of meters) {
      if (converted !== null) steps.set(meter, converted);
      else steps.delete(meter);
    }
    if (converted !== null) continue;
    const mayStandIn = meters.every((meter) => isStandInAtLeastAsDear(set, meter, price));
    problems.push({ priceKey: key, problem: mayStandIn ? "not_exact_so_stand_in_applies" : "not_exact_so_unpriced" });
    isUnpriced ||= !mayStandIn;
  }
  const isFree = keys.length > 0 && keys.every((key) => stepsOf(set[key] ?? 0).every(({ price }) => price === 0));
  return { steps: isUnpriced || steps.size === 0 ? null : steps, isFree, problems };
}

/** The price of a meter at a context tier, by its own steps. */
export function unitPriceAbove(steps: readonly PriceStep[], aboveInputTokens: number | null): bigint {
  let unitPrice = 0n;
  for (const step of steps) if ((step.aboveInputTokens ?? -1) <= (aboveInputTokens ?? -1)) unitPrice = step.unitPrice;
  return unitPrice;
}

function convertSteps(price: number | PriceDataTiers, per: bigint): PriceStep[] | null {
  const steps: PriceStep[] = [];
  for (const step of stepsOf(price)) {
    const unitPrice = exactUnitPrice(step.price, per);
    if (unitPrice === null) return null;
    steps.push({ aboveInputTokens: step.start, unitPrice });
  }
  return steps;
}

function stepsOf(price: number | PriceDataTiers): { start: number | null; price: number }[] {
  if (typeof price === "number") return [{ start: null, price }];
  const tiers = price.tiers.toSorted((left, right) => left.start - right.start);
  return [{ start: null, price: price.base }, ...tiers];
}

function isStandInAtLeastAsDear(set: PriceDataSet, meter: Meter, price: number | PriceDataTiers): boolean {
  const standIn = standInMeter[meter];
  const standInKey = meteredKeys.find(({ meters }) => meters.length === 1 && meters[0] === standIn)?.key;
  const standInPrice = standInKey === undefined ? undefined : set[standInKey];
  if (standInPrice === undefined) return false;
  const dearest = Math.max(...stepsOf(price).map((step) => step.price));
  return dearest >= 0 && stepsOf(standInPrice).every((step) => step.price >= dearest);
}
