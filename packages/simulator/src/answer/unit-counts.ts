/** What a provider bills in something else than tokens; absent where the call used none of it. */
export interface UnitCounts {
  readonly images?: number | undefined;
  readonly audioSeconds?: number | undefined;
  readonly characters?: number | undefined;
  readonly searchUnits?: number | undefined;
}

export const UNITS = [
  "images",
  "audioSeconds",
  "characters",
  "searchUnits",
] as const satisfies readonly (keyof UnitCounts)[];

/** The sum of two counts, without the units that neither has. */
export function addUnits(left: UnitCounts, right: UnitCounts): UnitCounts {
  const sum: Record<string, number> = {};
  for (const unit of UNITS) {
    const total = (left[unit] ?? 0) + (right[unit] ?? 0);
    if (total > 0) sum[unit] = total;
  }
  return sum;
}
