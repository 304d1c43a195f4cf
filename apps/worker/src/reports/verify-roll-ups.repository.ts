import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface DriftedDay {
  /** The table, and the column that was summed. */
  readonly rollUp: string;
  readonly summed: string;
  readonly day: Date;
  /** What the finest roll-up adds up to, and what this one does. */
  readonly finest: string;
  readonly found: string;
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

const [cost, requests] = ["cost_pico_usd", "requests"] as const;
/** Roll-ups beside the finest, by what they sum up. Everybody stands once among users, and once a tag among tags. */
const others = [
  { table: "cost_rollup_day", time: "day", column: cost },
  { table: "spend_rollup_hour", time: "hour", column: cost },
  { table: "spend_rollup_day", time: "day", column: cost },
  { table: "attribution_rollup_hour", time: "hour", column: cost, only: "AND kind = 'user'" },
  { table: "attribution_rollup_day", time: "day", column: cost, only: "AND kind = 'user'" },
  { table: "request_rollup_day", time: "day", column: requests },
  { table: "service_rollup_hour", time: "hour", column: requests },
  { table: "service_rollup_day", time: "day", column: requests },
  { table: "attribution_rollup_hour", time: "hour", column: requests, only: "AND kind = 'user'" },
  { table: "attribution_rollup_day", time: "day", column: requests, only: "AND kind = 'user'" },
] as const;

type Summed = { readonly table: string; readonly time: string; readonly column: string; readonly only?: string };
const sumByDay = ({ table, time, column, only = "" }: Summed) => `
  SELECT '${table}' AS roll_up, '${column}' AS summed, date_trunc('day', ${time}, 'UTC') AS day, sum(${column}) AS amount
  FROM ${table} WHERE ${time} >= $1 ${only} GROUP BY 3`;

const compareRollUps = `
  WITH finest AS (
    ${sumByDay({ table: "cost_rollup_hour", time: "hour", column: cost })}
    UNION ALL ${sumByDay({ table: "request_rollup_hour", time: "hour", column: requests })}
  ), other AS (
    ${others.map(sumByDay).join(" UNION ALL ")}
  )
  SELECT name.roll_up, name.summed, seen.day, coalesce(finest.amount, 0)::text AS finest, coalesce(other.amount, 0)::text AS other
  FROM (VALUES ${others.map(({ table, column }) => `('${table}', '${column}')`).join(", ")}) AS name(roll_up, summed)
  JOIN (SELECT summed, day FROM finest UNION SELECT summed, day FROM other) AS seen ON seen.summed = name.summed
  LEFT JOIN finest ON finest.summed = name.summed AND finest.day = seen.day
  LEFT JOIN other ON other.roll_up = name.roll_up AND other.summed = name.summed AND other.day = seen.day
  WHERE coalesce(finest.amount, 0) <> coalesce(other.amount, 0)
  ORDER BY seen.day, name.roll_up, name.summed`;

@Injectable()
export class VerifyRollUpsRepository {
  constructor(private readonly pool: Pool) {}

  /** Hours since `from` (a full hour) whose roll-ups do not add up to the ledger. One statement, so one snapshot. */
  async findDrift(from: Date): Promise<DriftedHour[]> {
    const { rows } = await this.pool.query(compare, [from]);
    return rows.map((row) => ({ hour: row.hour, ledgerPicoUsd: row.ledger, rollUpPicoUsd: row.rolled }));
  }

  /** Days since `from` (the start of one, UTC) on which a roll-up is not the sum of the finest one, by the hour. */
  async findDriftedDays(from: Date): Promise<DriftedDay[]> {
    const { rows } = await this.pool.query(compareRollUps, [from]);
    return rows.map((row) => ({
      rollUp: row.roll_up,
      summed: row.summed,
      day: row.day,
      finest: row.finest,
      found: row.other,
    }));
  }
}
