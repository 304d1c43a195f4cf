/** A team's month out of the roll-ups, in one snapshot, so that the parts of a report add up to each other. */
import { Injectable } from "@nestjs/common";
import { inputTokenMeters, outputTokenMeters } from "@switchyard/metering/meters";
import type { PoolClient } from "pg";
import { ReportDatabase } from "../reports/report-database.repository.ts";

export interface MonthRange {
  readonly teamId: string;
  readonly timeZone: string;
  readonly from: Date;
  readonly to: Date;
}

const groupings = ["total", "day", "project", "model", "virtual_key", "user"] as const;

export interface SpendGroup {
  readonly grouping: (typeof groupings)[number];
  /** Null: calls that named none. */
  readonly id: string | null;
  readonly costPicoUsd: string;
  readonly tokens: string;
}

export interface CallSums {
  readonly requests: number;
  readonly errors: number;
  readonly refusals: number;
  readonly cacheHits: number;
}

const tokenMeters: readonly string[] = [...inputTokenMeters, ...outputTokenMeters];

const spendByGroup = `
  SELECT CASE WHEN GROUPING(day) = 0 THEN 'day' WHEN GROUPING(project_id) = 0 THEN 'project'
      WHEN GROUPING(model_id) = 0 THEN 'model' WHEN GROUPING(virtual_key_id) = 0 THEN 'virtual_key'
      WHEN GROUPING(end_user) = 0 THEN 'user' ELSE 'total' END AS grouping,
    coalesce(day, project_id, model_id, virtual_key_id, end_user) AS id,
    coalesce(sum(cost_pico_usd), 0)::text AS cost,
    coalesce(sum(quantity) FILTER (WHERE meter = ANY($5)), 0)::text AS tokens
  FROM (
    SELECT to_char(hour AT TIME ZONE $4, 'YYYY-MM-DD') AS day, project_id, model_id, virtual_key_id, end_user, meter,
      quantity, cost_pico_usd
    FROM cost_rollup_hour WHERE team_id = $1 AND hour >= $2 AND hour < $3
  ) AS spent
  GROUP BY GROUPING SETS ((), (day), (project_id), (model_id), (virtual_key_id), (end_user))`;

const calls = `
  SELECT coalesce(sum(requests), 0)::float8 AS requests, coalesce(sum(errors), 0)::float8 AS errors,
    coalesce(sum(refusals), 0)::float8 AS refusals, coalesce(sum(cache_hits), 0)::float8 AS "cacheHits"
  FROM request_rollup_hour WHERE team_id = $1 AND hour >= $2 AND hour < $3`;

// Of a budget with many windows in the month the fullest.
const budgets = `
  SELECT * FROM (
    SELECT DISTINCT ON (q.id) q.name, q.scope_type AS "scopeType", w.window_start AS "windowStart",
      w.window_end AS "windowEnd", (w.settled + w.overrun)::text AS "usedPicoUsd",
      coalesce(w.ceiling, q.limit_amount)::text AS "limitPicoUsd",
      (SELECT max(threshold_pct) FROM budget_alert a WHERE a.quota_id = q.id AND a.window_start = w.window_start)
        AS "passedPct"
    FROM quota q JOIN quota_window w ON w.quota_id = q.id
    WHERE q.unit = 'pico_usd' AND q.each_of IS NULL AND q.template_id IS NULL
      AND (q.scope_type = 'team' AND q.scope_id = $1
        OR q.scope_type = 'project' AND q.scope_id IN (SELECT id FROM project WHERE team_id = $1)
        OR q.scope_type = 'virtual_key' AND q.scope_id IN (
          SELECT k.id FROM virtual_key k JOIN project p ON p.id = k.project_id WHERE p.team_id = $1))
      AND w.window_start < $3 AND coalesce(w.window_end, 'infinity') > $2
    ORDER BY q.id, (w.settled + w.overrun) / greatest(coalesce(w.ceiling, q.limit_amount), 1) DESC, w.window_start DESC
  ) AS fullest
  ORDER BY "usedPicoUsd"::numeric DESC, name LIMIT 50`;

const names = `
  SELECT id, name FROM project WHERE id = ANY($1) UNION ALL SELECT id, provider_model FROM model WHERE id = ANY($1)
  UNION ALL SELECT id, name FROM virtual_key WHERE id = ANY($1) UNION ALL SELECT id, name FROM team WHERE id = ANY($1)`;

@Injectable()
export class MonthFiguresRepository {
  constructor(private readonly database: ReportDatabase) {}

  async snapshot<Result>(work: (figures: MonthFigures) => Promise<Result>): Promise<Result> {
    const client = await this.database.pool.connect();
    try {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      const result = await work(new MonthFigures(client));
      await client.query("COMMIT");
      client.release();
      return result;
    } catch (error) {
      // With its transaction open it is of no use to anybody.
      client.release(true);
      throw error;
    }
  }
}

/** The questions of a report, all answered as of one moment. */
export class MonthFigures {
  readonly #client: PoolClient;

  constructor(client: PoolClient) {
    this.#client = client;
  }

  async spend({ teamId, timeZone, from, to }: MonthRange): Promise<SpendGroup[]> {
    const { rows } = await this.#client.query(spendByGroup, [teamId, from, to, timeZone, tokenMeters]);
    return rows.map((row) => ({ grouping: row.grouping, id: row.id, costPicoUsd: row.cost, tokens: row.tokens }));
  }

  async calls({ teamId, from, to }: MonthRange): Promise<CallSums> {
    return (await this.#client.query(calls, [teamId, from, to])).rows[0];
  }

  /** What was saved by calls that were answered from the cache. */
  async cacheSaved({ teamId, from, to }: MonthRange): Promise<string> {
    const { rows } = await this.#client.query(
      `SELECT coalesce(sum(saved_pico_usd), 0)::text AS saved FROM request_log
       WHERE team_id = $1 AND started_at >= $2 AND started_at < $3 AND cache = 'hit'`,
      [teamId, from, to],
    );
    return rows[0].saved;
  }

  async budgets({ teamId, from, to }: MonthRange) {
    const { rows } = await this.#client.query(budgets, [teamId, from, to]);
    return rows.map((row) => ({
      ...row,
      windowStart: row.windowStart.toISOString(),
      windowEnd: row.windowEnd?.toISOString() ?? null,
    }));
  }

  /** By id, of what is archived too. */
  async names(ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const { rows } = await this.#client.query(names, [ids]);
    return new Map(rows.map(({ id, name }) => [id, name]));
  }

  /** The month before: as much of it as `ends` is into its own month, or all of it. */
  async monthBefore(
    month: string,
    { timeZone, from, to }: MonthRange,
    isWhole: boolean,
  ): Promise<{ from: Date; to: Date }> {
    const { rows } = await this.#client.query(
      "SELECT * FROM report_month_bounds(($1::date - interval '1 month')::date, $2)",
      [month, timeZone],
    );
    const { starts_at: starts, ends_at: ends } = rows[0] as { starts_at: Date; ends_at: Date };
    if (isWhole) return { from: starts, to: ends };
    const lengthMs = to.getTime() - from.getTime();
    return { from: starts, to: new Date(Math.min(ends.getTime(), starts.getTime() + lengthMs)) };
  }
}
