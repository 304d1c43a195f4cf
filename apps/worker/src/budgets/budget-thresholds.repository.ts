import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface RaisedAlert {
  readonly alertId: string;
  readonly budgetName: string;
  readonly thresholdPct: number;
  readonly usedPicoUsd: string;
  readonly limitPicoUsd: string;
}

// A threshold is passed when used * 100 >= limit * pct, in integers; a limit of zero is passed from the start.
const raise = `
  INSERT INTO budget_alert (id, quota_id, window_start, threshold_pct, used_pico_usd, limit_pico_usd)
  SELECT gen_random_uuid()::text, q.id, w.window_start, t.pct, w.settled + w.overrun, q.limit_amount
  FROM quota q
  JOIN quota_window w ON w.quota_id = q.id AND (w.window_end IS NULL OR w.window_end > now())
  CROSS JOIN LATERAL unnest(q.thresholds) AS t(pct)
  WHERE q.unit = 'pico_usd' AND q.archived_at IS NULL AND (w.settled + w.overrun) * 100 >= q.limit_amount * t.pct
  ON CONFLICT (quota_id, window_start, threshold_pct) DO NOTHING
  RETURNING id, quota_id, threshold_pct, used_pico_usd, limit_pico_usd`;

@Injectable()
export class BudgetThresholdsRepository {
  constructor(private readonly pool: Pool) {}

  /** Records every threshold that was passed since the last look, once per window, and returns the new ones. */
  async raiseAlerts(): Promise<RaisedAlert[]> {
    const { rows } = await this.pool.query(
      `WITH raised AS (${raise}) SELECT raised.*, q.name FROM raised JOIN quota q ON q.id = raised.quota_id`,
    );
    return rows.map((row) => ({
      alertId: row.id,
      budgetName: row.name,
      thresholdPct: row.threshold_pct,
      usedPicoUsd: row.used_pico_usd,
      limitPicoUsd: row.limit_pico_usd,
    }));
  }

  /** Alerts that no webhook delivery has finished for, so that a crash between raising and queueing loses none. */
  async undeliveredAlertIds(): Promise<string[]> {
    const { rows } = await this.pool.query(
      "SELECT id FROM budget_alert WHERE delivered_at IS NULL AND created_at > now() - interval '1 day' ORDER BY created_at LIMIT 500",
    );
    return rows.map((row) => row.id);
  }
}
