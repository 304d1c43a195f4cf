import { Injectable } from "@nestjs/common";
import { monthlyReportContentSchema, type MonthlyReportContent } from "@switchyard/metering/monthly-report";
import { Pool } from "pg";

export interface ReportToDeliver {
  readonly reportId: string;
  readonly teamId: string;
  /** YYYY-MM. */
  readonly month: string;
  readonly version: number;
  readonly reason: string;
  readonly timeZone: string;
  readonly content: MonthlyReportContent;
  readonly mailTo: readonly string[];
  readonly postsToWebhooks: boolean;
}

/** One delivery of each report, whoever asks for it. */
export function deliveryJobId(reportId: string): string {
  return `monthly-${reportId}`;
}

const withReceivers = `monthly_report AS report CROSS JOIN report_schedule AS schedule
  WHERE report.state = 'done' AND report.reason <> 'asked' AND report.delivered_at IS NULL
    AND (cardinality(schedule.mail_to) > 0 OR schedule.posts_to_webhooks)`;

/** Reports that were made by themselves are sent to whoever is named in the schedule; who asks for one is looking at it. */
@Injectable()
export class ReportDeliveryRepository {
  constructor(private readonly pool: Pool) {}

  /** What is older than a week is not sent any more: it is in the dashboard. */
  async undelivered(): Promise<string[]> {
    const { rows } = await this.pool.query(
      `SELECT report.id FROM ${withReceivers} AND report.finished_at > now() - interval '7 days' ORDER BY 1 LIMIT 500`,
    );
    return rows.map(({ id }) => id);
  }

  /** Null where it was delivered already, or nobody is to get it. */
  async find(reportId: string): Promise<ReportToDeliver | null> {
    const { rows } = await this.pool.query(
      `SELECT report.*, to_char(report.month, 'YYYY-MM') AS month_name, schedule.mail_to, schedule.posts_to_webhooks
       FROM ${withReceivers} AND report.id = $1`,
      [reportId],
    );
    const row = rows[0];
    if (row === undefined) return null;
    return {
      reportId,
      teamId: row.team_id,
      month: row.month_name,
      version: row.version,
      reason: row.reason,
      timeZone: row.time_zone,
      content: monthlyReportContentSchema.parse(row.content),
      mailTo: row.mail_to,
      postsToWebhooks: row.posts_to_webhooks,
    };
  }

  async noteDelivered(reportId: string): Promise<void> {
    await this.pool.query("UPDATE monthly_report SET delivered_at = now(), delivery_problem = NULL WHERE id = $1", [
      reportId,
    ]);
  }

  async noteFailed(reportId: string, problem: string): Promise<void> {
    await this.pool.query("UPDATE monthly_report SET delivery_problem = $2 WHERE id = $1", [
      reportId,
      problem.slice(0, 500),
    ]);
  }
}
