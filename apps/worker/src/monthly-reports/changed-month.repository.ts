import { Injectable } from "@nestjs/common";
import type { MonthOfTeam } from "./monthly-report.repository.ts";
import { ReportDatabase } from "../reports/report-database.repository.ts";

const changed = `
  SELECT team_id, month::text AS month, time_zone AS zone
  FROM (
    SELECT DISTINCT ON (team_id, month) * FROM monthly_report
    WHERE month > (now() - interval '5 months')::date ORDER BY team_id, month, version DESC
  ) AS latest
  WHERE state = 'done' AND is_whole AND finished_at < now() - $1::interval
    AND total_pico_usd <> (
      SELECT coalesce(sum(cost_pico_usd), 0) FROM cost_rollup_hour AS rolled
      WHERE rolled.team_id = latest.team_id AND hour >= starts_at AND hour < ends_at
    )
  ORDER BY team_id, month`;

@Injectable()
export class ChangedMonthRepository {
  constructor(private readonly database: ReportDatabase) {}

  /** Whole months whose sum is another one than their newest report says, made at least `quietFor` ago (an interval). */
  async find(quietFor: string): Promise<MonthOfTeam[]> {
    return (await this.database.pool.query<MonthOfTeam>(changed, [quietFor])).rows;
  }
}
