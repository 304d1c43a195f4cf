import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import type { ReceiptCorrection } from "@switchyard/metering/receipt";
import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";

/** What the ledger says of one call. */
export interface LedgerRecords {
  readonly request: RequestRecord;
  readonly attempts: readonly AttemptRecord[];
  readonly corrections: readonly ReceiptCorrection[];
}

/** Where receipts come from that are not in memory. */
export interface ReceiptSource {
  /** Null where this project has made no such call. Throws while the database is away. */
  find(requestId: string, madeAtMs: number, projectId: string): Promise<LedgerRecords | null>;
}

/** Reads one call by its id, on connections that no billable request ever waits for. */
export class ReceiptRepository implements ReceiptSource {
  readonly #pool: pg.Pool;

  constructor(connectionString: string, logger: Pick<Logger, "debug">) {
    this.#pool = new pg.Pool({
      connectionString,
      application_name: "switchyard-gateway-receipts",
      max: 2,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 2_000,
      query_timeout: 3_000,
      keepAlive: true,
    });
    // Without a listener, an idle connection that breaks when the database restarts would end the process.
    this.#pool.on("error", (error) => logger.debug({ err: error }, "an idle receipt connection was lost"));
  }

  async find(requestId: string, madeAtMs: number, projectId: string): Promise<LedgerRecords | null> {
    const { rows } = await this.#pool.query<{ receipt: LedgerRecords | null }>(
      "SELECT gateway_receipt($1, $2, $3) AS receipt",
      [requestId, new Date(madeAtMs), projectId],
    );
    return rows[0]?.receipt ?? null;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
