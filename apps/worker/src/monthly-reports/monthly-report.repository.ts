import { Injectable } from "@nestjs/common";
import { monthlyReportParts, type MonthlyReportContent } from "@switchyard/metering/monthly-report";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { Pool } from "pg";

export interface ReportToMake {
  readonly reportId: string;
  readonly teamId: string;
  /** Its first day, YYYY-MM-DD. */
  readonly month: string;
  readonly timeZone: string;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly isWhole: boolean;
}

export interface MonthOfTeam {
  readonly team_id: string;
  readonly month: string;
  readonly zone: string;
}

/** An hour after the month has ended what was under way then has usually settled; what comes later makes another version. */
const planned = `
  SELECT team.id AS team_id, due.month::text AS month, due.zone
  FROM (
    SELECT zone,
      (date_trunc('month', ($1::timestamptz - interval '1 hour') AT TIME ZONE zone) - interval '1 month')::date AS month
    FROM (
      SELECT coalesce(max(time_zone), 'UTC') AS zone, coalesce(bool_and(enabled), true) AS enabled FROM report_schedule
    ) AS schedule
    WHERE enabled
  ) AS due
  CROSS JOIN LATERAL report_month_bounds(due.month, due.zone) AS bounds
  JOIN team ON team.created_at < bounds.ends_at
    AND (team.archived_at IS NULL OR team.archived_at >= bounds.starts_at)
  WHERE NOT EXISTS (
    SELECT FROM monthly_report made
    WHERE made.team_id = team.id AND made.month = due.month AND (made.is_whole OR made.state IN ('waiting', 'running'))
  )
  ORDER BY team.id`;

@Injectable()
export class MonthlyReportRepository {
  constructor(private readonly pool: Pool) {}

  /** Asks for each team's report of the month that had ended an hour before `at`, where there is none. Answers how many. */
  async plan(at: Date): Promise<number> {
    const { rows } = await this.pool.query<MonthOfTeam>(planned, [at]);
    return await this.ask(rows, "scheduled");
  }

  /** Answers how many of them are being made because of this: of two that ask at once, one is answered. */
  async ask(months: readonly MonthOfTeam[], reason: "scheduled" | "changed"): Promise<number> {
    let asked = 0;
    for (const { team_id: teamId, month, zone } of months) {
      const { rows } = await this.pool.query("SELECT ask_monthly_report($1, $2, $3, $4, $5, NULL) AS id", [
        createUuidV7(),
        teamId,
        month,
        zone,
        reason,
      ]);
      if (rows[0]?.id !== null) asked += 1;
    }
    return asked;
  }

  /** Those that a job has to make: also those that one was making when the queue lost it. */
  async unfinished(): Promise<{ reportId: string; tries: number }[]> {
    const { rows } = await this.pool.query(
      "SELECT id, tries FROM monthly_report WHERE state IN ('waiting', 'running') ORDER BY requested_at LIMIT 500",
    );
    return rows.map(({ id, tries }) => ({ reportId: id, tries }));
  }

  /** Null where it is made already. */
  async begin(reportId: string): Promise<ReportToMake | null> {
    const { rows } = await this.pool.query(
      `UPDATE monthly_report SET state = 'running', parts_done = 0, problem = NULL WHERE id = $1 AND content IS NULL
       RETURNING team_id, month::text AS month, time_zone, starts_at, ends_at, is_whole`,
      [reportId],
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      reportId,
      teamId: row.team_id,
      month: row.month,
      timeZone: row.time_zone,
      startsAt: row.starts_at,
      endsAt: row.ends_at,
      isWhole: row.is_whole,
    };
  }

  async notePart(reportId: string, part: (typeof monthlyReportParts)[number]): Promise<void> {
    await this.pool.query("UPDATE monthly_report SET parts_done = $2 WHERE id = $1 AND content IS NULL", [
      reportId,
      monthlyReportParts.indexOf(part) + 1,
    ]);
  }

  /** The first to finish it wins; whoever comes later changes nothing. */
  async finish(reportId: string, content: MonthlyReportContent): Promise<void> {
    await this.pool.query(
      `UPDATE monthly_report SET state = 'done', content = $2, total_pico_usd = $3, finished_at = now(), problem = NULL
       WHERE id = $1 AND content IS NULL`,
      [reportId, JSON.stringify(content), content.totals.costPicoUsd],
    );
  }

  async fail(reportId: string, problem: string): Promise<void> {
    await this.pool.query(
      "UPDATE monthly_report SET state = 'failed', problem = $2 WHERE id = $1 AND content IS NULL",
      [reportId, problem.slice(0, 500)],
    );
  }
}
