import { performanceFactsSchema, type PerformanceFactsSnapshot } from "@switchyard/metering/performance-facts";
import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";

/** Reads what the fleet knows of its targets, over one connection of its own, so that no call waits for it. */
export class PerformanceFactsRepository {
  readonly #pool: pg.Pool;
  readonly #bootId: string;

  constructor(databaseUrl: string, { bootId }: GatewayProcessIdentity, logger: Pick<Logger, "debug">) {
    this.#bootId = bootId;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "switchyard-gateway-performance",
      max: 1,
      idleTimeoutMillis: 5_000,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 5_000,
      query_timeout: 6_000,
    });
    this.#pool.on("error", (error) => logger.debug({ err: error }, "the connection for performance facts broke"));
  }

  /** Null until a worker has computed any. Rejects where the database does not answer. */
  async read(): Promise<PerformanceFactsSnapshot | null> {
    const { rows } = await this.#pool.query<{ facts: unknown }>("SELECT gateway_performance_facts($1) AS facts", [
      this.#bootId,
    ]);
    const facts = rows[0]?.facts ?? null;
    return facts === null ? null : performanceFactsSchema.parse(facts);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
