import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";

/** Which batches have reached the ledger. */
export interface IngestedBatches {
  /** Of the given batches, those that the ledger has. Throws while the database is away. */
  among(batchIds: readonly string[]): Promise<readonly string[]>;
  close(): Promise<void>;
}

export class IngestedBatchesRepository implements IngestedBatches {
  readonly #pool: pg.Pool;

  constructor(databaseUrl: string, logger: Pick<Logger, "warn">) {
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "switchyard-gateway-journal",
      max: 1,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 5_000,
      query_timeout: 6_000,
      keepAlive: true,
    });
    // An idle connection breaks when the database restarts; without a listener that would end the process.
    this.#pool.on("error", (error) => logger.warn({ err: error }, "an idle journal connection was lost"));
  }

  async among(batchIds: readonly string[]): Promise<string[]> {
    const { rows } = await this.#pool.query<{ batch_id: string }>(
      "SELECT batch_id FROM journal_batch WHERE batch_id = ANY ($1::text[])",
      [batchIds],
    );
    return rows.map((row) => row.batch_id);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
