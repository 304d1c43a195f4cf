import type { Pool } from "pg";

export interface QuotaRow {
  readonly unit?: string;
  readonly period?: string;
  readonly timeZone?: string;
  readonly limit?: bigint;
  readonly mode?: string;
}

let count = 0;

/** Inserts a quota, a hard dollar budget without a period unless told otherwise, and answers its id. */
export async function insertQuota(owner: Pool, row: QuotaRow = {}): Promise<string> {
  const quotaId = `quota-${String((count += 1)).padStart(4, "0")}`;
  await owner.query(
    `INSERT INTO quota (id, name, unit, period, time_zone, limit_amount, mode, scope_type, scope_id)
     VALUES ($1, $1, $2, $3, $4, $5, $6, 'project', 'project')`,
    [
      quotaId,
      row.unit ?? "pico_usd",
      row.period ?? "total",
      row.timeZone ?? "UTC",
      row.limit ?? 1000n,
      row.mode ?? "hard",
    ],
  );
  return quotaId;
}
