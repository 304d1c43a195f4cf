import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

// Yesterday and today: a journal that was cut off may still bring yesterday's calls.
const compile = `
  INSERT INTO team_cost_report (team_id, day, cost_pico_usd, requests, breakdown, compiled_at)
  SELECT cost.team_id, cost.day, sum(cost.amount), coalesce(sum(calls.requests), 0),
    jsonb_agg(jsonb_build_object(
      'modelId', cost.model_id, 'costPicoUsd', cost.amount::text, 'requests', coalesce(calls.requests, 0))
      ORDER BY cost.amount DESC, cost.model_id),
    now()
  FROM (
    SELECT team_id, (day AT TIME ZONE 'UTC')::date AS day, model_id, sum(cost_pico_usd) AS amount
    FROM spend_rollup_day WHERE day >= $1 GROUP BY 1, 2, 3
  ) AS cost
  LEFT JOIN (
    SELECT team_id, (day AT TIME ZONE 'UTC')::date AS day, model_id, sum(requests)::bigint AS requests
    FROM service_rollup_day WHERE day >= $1 GROUP BY 1, 2, 3
  ) AS calls USING (team_id, day, model_id)
  GROUP BY cost.team_id, cost.day
  ON CONFLICT (team_id, day) DO UPDATE SET
    cost_pico_usd = EXCLUDED.cost_pico_usd, requests = EXCLUDED.requests, breakdown = EXCLUDED.breakdown,
    compiled_at = EXCLUDED.compiled_at`;

@Injectable()
export class TeamCostReportsRepository {
  constructor(private readonly pool: Pool) {}

  /** Compiles one report per team and day (UTC) from the roll-ups since `from` (the start of a day); compiling again replaces. */
  async compileSince(from: Date): Promise<number> {
    const { rowCount } = await this.pool.query(compile, [from]);
    return rowCount ?? 0;
  }
}
