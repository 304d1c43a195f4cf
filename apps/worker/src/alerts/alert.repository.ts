import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

export interface BudgetAlert {
  readonly alertId: string;
  readonly budgetId: string;
  readonly budgetName: string;
  readonly scopeType: string;
  readonly scopeId: string;
  readonly thresholdPct: number;
  readonly usedPicoUsd: string;
  readonly limitPicoUsd: string;
  readonly createdAt: Date;
}

export interface AlertWebhook {
  readonly webhookId: string;
  readonly url: string;
  readonly sealedSecret: string;
}

@Injectable()
export class AlertRepository {
  constructor(private readonly pool: Pool) {}

  /** Null when it was delivered already. */
  async findUndelivered(alertId: string): Promise<BudgetAlert | null> {
    const { rows } = await this.pool.query(
      `SELECT a.*, q.name, q.scope_type, q.scope_id FROM budget_alert a JOIN quota q ON q.id = a.quota_id
       WHERE a.id = $1 AND a.delivered_at IS NULL`,
      [alertId],
    );
    const row = rows[0];
    if (!row) return null;
    return {
      alertId: row.id,
      budgetId: row.quota_id,
      budgetName: row.name,
      scopeType: row.scope_type,
      scopeId: row.scope_id,
      thresholdPct: row.threshold_pct,
      usedPicoUsd: row.used_pico_usd,
      limitPicoUsd: row.limit_pico_usd,
      createdAt: row.created_at,
    };
  }

  async enabledWebhooks(): Promise<AlertWebhook[]> {
    const { rows } = await this.pool.query(
      "SELECT id, url, sealed_secret FROM alert_webhook WHERE enabled ORDER BY id",
    );
    return rows.map((row) => ({ webhookId: row.id, url: row.url, sealedSecret: row.sealed_secret }));
  }

  async organisationId(): Promise<string> {
    const { rows } = await this.pool.query("SELECT id FROM organisation LIMIT 1");
    return rows[0]?.id ?? "";
  }

  async markDelivered(alertId: string): Promise<void> {
    await this.pool.query("UPDATE budget_alert SET delivered_at = now(), delivery_error = NULL WHERE id = $1", [
      alertId,
    ]);
  }

  async markFailed(alertId: string, problem: string): Promise<void> {
    await this.pool.query("UPDATE budget_alert SET delivery_error = $2 WHERE id = $1", [
      alertId,
      problem.slice(0, 500),
    ]);
  }
}
