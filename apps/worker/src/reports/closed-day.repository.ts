import { Injectable } from "@nestjs/common";
import { compareRollUps, remakeRollUp } from "./compare-roll-ups.ts";
import { ReportDatabase } from "./report-database.repository.ts";
import { type RollUp, rollUpsToCompare } from "./roll-ups.ts";

const dayMs = 86_400_000;

export interface RollUpDifference {
  readonly rollUp: string;
  /** Groups of it that are not the sum of their rows. */
  readonly differing: number;
  readonly repaired: boolean;
}

// Days before the first roll-up have nothing to compare; what was looked at within the hour has had its turn.
const nextDay = `
  SELECT to_char(series.day AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day
  FROM (SELECT min(hour) AS first_hour FROM ledger_rollup_hour HAVING min(hour) IS NOT NULL) AS rolled
  CROSS JOIN LATERAL generate_series(
    greatest(date_trunc('day', first_hour, 'UTC'), date_trunc('day', $1::timestamptz, 'UTC') - interval '400 days'),
    date_trunc('day', $1::timestamptz, 'UTC') - interval '1 day', interval '1 day') AS series(day)
  LEFT JOIN roll_up_check AS looked ON looked.day = (series.day AT TIME ZONE 'UTC')::date
  WHERE looked.checked_at IS NULL OR looked.checked_at < now() - interval '1 hour'
  ORDER BY looked.checked_at NULLS FIRST, series.day DESC LIMIT 1`;

/** Days (UTC) that are over, whose roll-ups are compared with their rows in turn. */
@Injectable()
export class ClosedDayRepository {
  constructor(private readonly database: ReportDatabase) {}

  /** The day before `at` that was looked at longest ago, as YYYY-MM-DD; null where none is due. */
  async next(at: Date): Promise<string | null> {
    const { rows } = await this.database.pool.query(nextDay, [at]);
    return rows[0]?.day ?? null;
  }

  /** Compares every roll-up of the day, writes anew what can be, and keeps what was found. */
  async check(day: string, isLogKept: boolean): Promise<RollUpDifference[]> {
    const since = new Date(`${day}T00:00:00Z`);
    const ends = [since, new Date(since.getTime() + dayMs)] as const;
    const rollUps = rollUpsToCompare(isLogKept);
    const { rows } = await this.database.pool.query(compareRollUps(rollUps), [...ends]);
    const found = new Map(rows.map(({ roll_up: table, differing }) => [table, Number(differing)]));
    const differences: RollUpDifference[] = [];
    const wrong = new Set<string>();
    for (const rollUp of rollUps) {
      const { table, remadeFrom } = rollUp;
      const differing = found.get(table) ?? 0;
      if (differing === 0) continue;
      const repaired = remadeFrom?.every((other) => !wrong.has(other)) ?? false;
      if (repaired) await this.#remake(rollUp, ends);
      else wrong.add(table);
      differences.push({ rollUp: table, differing, repaired });
    }
    const groups = rows.reduce((sum, row) => sum + BigInt(row.groups), 0n);
    await this.database.pool.query(
      `INSERT INTO roll_up_check (day, checked_at, groups, differences) VALUES ($1, now(), $2, $3)
       ON CONFLICT (day) DO UPDATE SET
         checked_at = EXCLUDED.checked_at, groups = EXCLUDED.groups, differences = EXCLUDED.differences`,
      [day, groups.toString(), JSON.stringify(differences)],
    );
    return differences;
  }

  async #remake(rollUp: RollUp, ends: readonly [Date, Date]): Promise<void> {
    const { lock, clear, fill } = remakeRollUp(rollUp);
    const client = await this.database.pool.connect();
    try {
      await client.query("BEGIN");
      await client.query(lock);
      await client.query(clear, [...ends]);
      await client.query(fill, [...ends]);
      await client.query("COMMIT");
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }
}
