/**
 * Makes catalogue entries from the price data set of `@pydantic/genai-prices`. Exact or not at all: a price that is no
 * whole number of pico-USD per unit, or that none of our meters counts, is reported and never rounded or guessed.
 */
import { importPriceSet, unitPriceAbove, type ImportedPriceSet, type PriceKeyProblem } from "./import-price-set.ts";
import { meters, standInMeter, type Meter } from "./meters.ts";
import type { ConditionalPriceDataSet, PriceDataModel, PriceDataProvider } from "./price-data.ts";
import { parseTimeWindow, windowsOverlap, type TimeWindow } from "./price-time-window.ts";
import type { PriceLine, PriceVersion } from "./price-version.ts";

export interface ImportedModel {
  /** The provider's id in the data set ("openai", "google", "x-ai", ...). */
  readonly providerKind: string;
  readonly providerModel: string;
  readonly displayName: string;
  readonly contextWindow: number | null;
  readonly isDeprecated: boolean;
  /** Oldest first; a version without lines that is not free is unpriced. */
  readonly prices: readonly Omit<PriceVersion, "priceVersionId" | "connectionId">[];
}

export interface PriceImportProblem {
  readonly providerKind: string;
  readonly providerModel: string;
  /** The key of the data set's price, or of the constraint, that could not be taken over as it is. */
  readonly priceKey: string;
  readonly problem: PriceKeyProblem | "time_windows_not_expressible_so_unpriced" | "start_date_not_a_date_so_left_out";
}

export interface PriceImport {
  readonly models: readonly ImportedModel[];
  readonly problems: readonly PriceImportProblem[];
}

export function importPrices(providers: readonly PriceDataProvider[]): PriceImport {
  const models: ImportedModel[] = [];
  const problems = new Map<string, PriceImportProblem>();
  for (const provider of providers) {
    for (const model of provider.models) {
      const report: Report = (priceKey, problem) => {
        const found = { providerKind: provider.id, providerModel: model.id, priceKey, problem };
        problems.set(JSON.stringify(found), found);
      };
      models.push({
        providerKind: provider.id,
        providerModel: model.id,
        displayName: model.name ?? model.id,
        contextWindow: model.context_window ?? null,
        isDeprecated: model.deprecated ?? false,
        prices: importVersions(model, report),
      });
    }
  }
  return { models, problems: [...problems.values()] };
}

type Report = (priceKey: string, problem: PriceImportProblem["problem"]) => void;
type ImportedVersion = ImportedModel["prices"][number];

function importVersions(model: PriceDataModel, report: Report): ImportedVersion[] {
  const conditional: readonly ConditionalPriceDataSet[] = isConditional(model.prices)
    ? model.prices
    : [{ prices: model.prices }];
  const startsMs = new Set([0]);
  for (const { constraint } of conditional) {
    if (constraint?.type !== "start_date") continue;
    const startMs = Date.parse(constraint.start_date);
    if (Number.isNaN(startMs)) report("start_date", "start_date_not_a_date_so_left_out");
    else startsMs.add(Math.max(startMs, 0));
  }
  return [...startsMs]
    .sort((left, right) => left - right)
    .map((effectiveFromMs) => importVersion(conditional, effectiveFromMs, report));
}

function isConditional(prices: PriceDataModel["prices"]): prices is readonly ConditionalPriceDataSet[] {
  return Array.isArray(prices);
}

function importVersion(
  conditional: readonly ConditionalPriceDataSet[],
  effectiveFromMs: number,
  report: Report,
): ImportedVersion {
  const unpriced: ImportedVersion = { effectiveFromMs, free: false, lines: [] };
  const { base, windowed } = setsInEffect(conditional, effectiveFromMs);
  const standard = importReported(base, report);
  if (standard.isFree && windowed.length === 0) return { ...unpriced, free: true };
  if (standard.steps === null) return unpriced;

  const lines = linesOf(standard.steps, null);
  const windows: TimeWindow[] = [];
  for (const { window, set } of windowed) {
    const special = importReported(set, report);
    if (window === null || special.steps === null || windows.some((other) => windowsOverlap(other, window))) {
      report("time_of_date", "time_windows_not_expressible_so_unpriced");
      return unpriced;
    }
    const steps = replaceAll(standard.steps, special.steps);
    if (steps === null) {
      report("time_of_date", "time_windows_not_expressible_so_unpriced");
      return unpriced;
    }
    windows.push(window);
    lines.push(...linesOf(steps, window));
  }
  return { ...unpriced, lines };
}

/** What the data set means by its list at an instant: one set that always applies, and sets for times of day. */
function setsInEffect(conditional: readonly ConditionalPriceDataSet[], atMs: number) {
  const windowed: { window: TimeWindow | null; set: ConditionalPriceDataSet["prices"] }[] = [];
  for (const { constraint, prices } of conditional.toReversed()) {
    if (constraint === undefined) return { base: prices, windowed };
    if (constraint.type === "time_of_date") {
      windowed.push({ window: parseTimeWindow(constraint.start_time, constraint.end_time), set: prices });
    } else if (Date.parse(constraint.start_date) <= atMs) {
      return { base: prices, windowed };
    }
  }
  return { base: conditional[0]?.prices ?? {}, windowed };
}

function importReported(set: ConditionalPriceDataSet["prices"], report: Report): ImportedPriceSet {
  const imported = importPriceSet(set);
  for (const { priceKey, problem } of imported.problems) report(priceKey, problem);
  return imported;
}

type Steps = NonNullable<ImportedPriceSet["steps"]>;

/**
 * A set for a time of day replaces the whole standard set, but a line with a condition replaces only the line of its own
 * meter and tier: so every meter and tier that the standard set has gets a line of its own for that time of day.
 */
function replaceAll(standard: Steps, special: Steps): Steps | null {
  const replaced = new Map(special);
  for (const [meter, standardSteps] of standard) {
    const standIn = standInMeter[meter];
    const own = special.get(meter) ?? (standIn === undefined ? undefined : special.get(standIn));
    if (own === undefined) {
      if (meter !== "requests") return null;
      replaced.set(meter, [{ aboveInputTokens: null, unitPrice: 0n }]);
      continue;
    }
    const tiers = new Set([...own, ...standardSteps].map((step) => step.aboveInputTokens));
    replaced.set(
      meter,
      [...tiers]
        .sort((left, right) => (left ?? -1) - (right ?? -1))
        .map((aboveInputTokens) => ({ aboveInputTokens, unitPrice: unitPriceAbove(own, aboveInputTokens) })),
    );
  }
  return replaced;
}

function linesOf(steps: Steps, timeWindow: TimeWindow | null): PriceLine[] {
  const inOrder = [...steps].sort(([left], [right]) => position(left) - position(right));
  return inOrder.flatMap(([meter, meterSteps]) =>
    meterSteps.map(({ aboveInputTokens, unitPrice }) => ({
      meter,
      unitPricePicoUsd: unitPrice.toString(),
      ...(aboveInputTokens === null ? {} : { aboveInputTokens }),
      ...(timeWindow === null ? {} : { timeWindow }),
    })),
  );
}

function position(meter: Meter): number {
  return meters.indexOf(meter);
}
