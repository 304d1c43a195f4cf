import type { CostRollupRow } from "./ledger-rows.ts";

const hourMs = 3_600_000;

/**
 * Adds up rows of one hour that share all dimensions, so that the roll-ups are touched once for many calls; the rows that
 * come back stand at the start of their hour. What would not be an exact number any more stays a row of its own.
 */
export function aggregateCosts(rows: readonly CostRollupRow[]): CostRollupRow[] {
  const sums = new Map<string, CostRollupRow & { quantity: number; costPicoUsd: string }>();
  const apart: CostRollupRow[] = [];
  for (const row of rows) {
    const { quantity, costPicoUsd, ...dimensions } = row;
    const startedAt = Math.floor(row.startedAt / hourMs) * hourMs;
    const key = JSON.stringify({ ...dimensions, startedAt });
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...row, startedAt });
    else if (!Number.isSafeInteger(sum.quantity + quantity)) apart.push({ ...row, startedAt });
    else {
      sum.quantity += quantity;
      sum.costPicoUsd = (BigInt(sum.costPicoUsd) + BigInt(costPicoUsd)).toString();
    }
  }
  return [...sums.values(), ...apart];
}
