import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface DriftedHour {
  readonly hour: Date;
  readonly ledgerPicoUsd: string;
  readonly rollUpPicoUsd: string;
}

const compare = `
  SELECT hour, coalesce(ledger.amount, 0)::text AS ledger, coalesce(rolled.amount, 0)::text AS rolled
  FROM (
    SELECT date_trunc('hour', counted_at, 'UTC') AS hour, sum(amount_pico_usd) AS amount
    FROM (
      SELECT started_at AS counted_at, kind, amount_pico_usd FROM ledger_entry
      WHERE started_at >= $1 AND booked_late_at IS NULL
      UNION ALL
      SELECT booked_late_at, kind, amount_pico_usd FROM ledger_entry WHERE booked_late_at >= $1
    ) AS entries
    WHERE kind IN ('settle', 'overrun', 'correct') GROUP BY 1
  ) AS ledger
  FULL JOIN (
    SELECT hour, sum(cost_pico_usd) AS amount FROM cost_rollup_hour WHERE hour >= $1 GROUP BY 1
  ) AS rolled USING (hour)
  WHERE coalesce(ledger.amount, 0) <> coalesce(rolled.amount, 0)
  ORDER BY hour`;

@Injectable()
export class VerifyRollUpsRepository {
  constructor(private readonly pool: Pool) {}

  /** Hours since `from` (a full hour) whose roll-ups do not add up to the ledger. One statement, so one snapshot. */
  async findDrift(from: Date): Promise<DriftedHour[]> {
    const { rows } = await this.pool.query(compare, [from]);
    return rows.map((row) => ({ hour: row.hour, ledgerPicoUsd: row.ledger, rollUpPicoUsd: row.rolled }));
  }
}
