import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface DriftedDay {
  readonly day: Date;
  readonly hourlyPicoUsd: string;
  readonly dailyPicoUsd: string;
}

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
    WHERE kind IN ('settle', 'overrun', 'fee', 'correct') GROUP BY 1
  ) AS ledger
  FULL JOIN (
    SELECT hour, sum(cost_pico_usd) AS amount FROM cost_rollup_hour WHERE hour >= $1 GROUP BY 1
  ) AS rolled USING (hour)
  WHERE coalesce(ledger.amount, 0) <> coalesce(rolled.amount, 0)
  ORDER BY hour`;

const compareDays = `
  SELECT day, coalesce(hours.amount, 0)::text AS hourly, coalesce(days.amount, 0)::text AS daily
  FROM (
    SELECT date_trunc('day', hour, 'UTC') AS day, sum(cost_pico_usd) AS amount
    FROM cost_rollup_hour WHERE hour >= $1 GROUP BY 1
  ) AS hours
  FULL JOIN (
    SELECT day, sum(cost_pico_usd) AS amount FROM cost_rollup_day WHERE day >= $1 GROUP BY 1
  ) AS days USING (day)
  WHERE coalesce(hours.amount, 0) <> coalesce(days.amount, 0)
  ORDER BY day`;

@Injectable()
export class VerifyRollUpsRepository {
  constructor(private readonly pool: Pool) {}

  /** Hours since `from` (a full hour) whose roll-ups do not add up to the ledger. One statement, so one snapshot. */
  async findDrift(from: Date): Promise<DriftedHour[]> {
    const { rows } = await this.pool.query(compare, [from]);
    return rows.map((row) => ({ hour: row.hour, ledgerPicoUsd: row.ledger, rollUpPicoUsd: row.rolled }));
  }

  /** Days since `from` (the start of one, UTC) whose daily roll-ups are not the sum of their hourly ones. */
  async findDriftedDays(from: Date): Promise<DriftedDay[]> {
    const { rows } = await this.pool.query(compareDays, [from]);
    return rows.map((row) => ({ day: row.day, hourlyPicoUsd: row.hourly, dailyPicoUsd: row.daily }));
  }
}
