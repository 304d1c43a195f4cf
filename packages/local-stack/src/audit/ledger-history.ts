/** What the database has of a team's calls: the third history. Plain SQL; nothing of the product's reading code is used. */
import pg from "pg";

export interface LedgerAttempt {
  readonly attemptId: string;
  readonly requestId: string;
  readonly projectId: string;
  readonly holds: number;
  readonly closings: number;
  readonly heldPicoUsd: bigint;
  readonly settledPicoUsd: bigint;
  readonly overrunPicoUsd: bigint;
  /** Whether it was closed by a settlement, of whatever amount. */
  readonly isSettled: boolean;
  readonly feePicoUsd: bigint;
  readonly correctedPicoUsd: bigint;
  readonly leastPicoUsd: bigint;
  readonly usageSource: string | null;
  /** The price version that it says it was priced by. */
  readonly priceVersionId: string | null;
}

export interface LedgerRequest {
  readonly requestId: string;
  readonly status: number;
  readonly cache: string;
  readonly attempts: number;
  readonly costPicoUsd: bigint;
}

export interface BudgetWindow {
  readonly projectId: string;
  readonly limitPicoUsd: bigint;
  readonly countedPicoUsd: bigint;
  readonly overrunPicoUsd: bigint;
}

export class LedgerHistory {
  readonly #pool: pg.Pool;
  readonly #teamId: string;

  constructor(databaseUrl: string, teamId: string) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 2,
      connectionTimeoutMillis: 3_000,
      query_timeout: 15_000,
    });
    // An audit that kills the database must not die of its own idle connections.
    this.#pool.on("error", () => undefined);
    this.#teamId = teamId;
  }

  async attempts(): Promise<LedgerAttempt[]> {
    const { rows } = await this.#pool.query(
      `SELECT attempt_id, min(request_id::text) AS request_id, min(project_id) AS project_id,
         count(*) FILTER (WHERE kind = 'hold')::int AS holds,
         count(*) FILTER (WHERE kind IN ('settle', 'void'))::int AS closings,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'hold'), 0)::text AS held,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'settle'), 0)::text AS settled,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'overrun'), 0)::text AS overrun,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'fee'), 0)::text AS fee,
         bool_or(kind = 'settle') AS is_settled,
         coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'correct'), 0)::text AS corrected,
         coalesce(min(amount_pico_usd) FILTER (WHERE kind <> 'correct'), 0)::text AS least,
         max(usage_source) FILTER (WHERE kind IN ('settle', 'void')) AS usage_source,
         max(price_version_id) AS price_version_id
       FROM ledger_entry LEFT JOIN (SELECT DISTINCT attempt_id, price_version_id FROM attempt_log) log USING (attempt_id)
       WHERE team_id = $1 GROUP BY attempt_id`,
      [this.#teamId],
    );
    return rows.map((row) => ({
      attemptId: row.attempt_id,
      requestId: row.request_id,
      projectId: row.project_id,
      holds: row.holds,
      closings: row.closings,
      heldPicoUsd: BigInt(row.held),
      settledPicoUsd: BigInt(row.settled),
      overrunPicoUsd: BigInt(row.overrun),
      isSettled: row.is_settled,
      feePicoUsd: BigInt(row.fee),
      correctedPicoUsd: BigInt(row.corrected),
      leastPicoUsd: BigInt(row.least),
      usageSource: row.usage_source,
      priceVersionId: row.price_version_id,
    }));
  }

  async requests(): Promise<LedgerRequest[]> {
    const { rows } = await this.#pool.query(
      `SELECT request_id, status, cache, attempts, cost_pico_usd::text AS cost FROM request_log WHERE team_id = $1`,
      [this.#teamId],
    );
    return rows.map((row) => ({
      requestId: row.request_id,
      status: row.status,
      cache: row.cache,
      attempts: row.attempts,
      costPicoUsd: BigInt(row.cost),
    }));
  }

  /** Every window of a budget of the team's projects, as it is committed right now. */
  async budgetWindows(): Promise<BudgetWindow[]> {
    const { rows } = await this.#pool.query(
      `SELECT q.scope_id, q.limit_amount::text AS limit_amount, w.overrun::text AS overrun,
         (w.settled + w.leased + w.unreconciled)::text AS counted
       FROM quota_window w JOIN quota q ON q.id = w.quota_id JOIN project p ON p.id = q.scope_id
       WHERE q.unit = 'pico_usd' AND q.scope_type = 'project' AND p.team_id = $1`,
      [this.#teamId],
    );
    return rows.map((row) => ({
      projectId: row.scope_id,
      limitPicoUsd: BigInt(row.limit_amount),
      countedPicoUsd: BigInt(row.counted),
      overrunPicoUsd: BigInt(row.overrun),
    }));
  }

  /** How much is written; it stands still when nothing is on its way any more. */
  async rowCount(): Promise<number> {
    const { rows } = await this.#pool.query(
      `SELECT (SELECT count(*) FROM ledger_entry WHERE team_id = $1) + (SELECT count(*) FROM request_log WHERE team_id = $1) AS n`,
      [this.#teamId],
    );
    return Number(rows[0].n);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
