import {
  grantedLeases,
  releaseEarlierBoot,
  returnLeases,
  takeLeases,
  type LeaseAnswer,
  type LeaseAsk,
  type LeaseReturn,
  type LeaseTotal,
} from "@switchyard/database/lease-protocol";
import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import type { GatewayProcessIdentity } from "./admission-options.ts";

export type { LeaseAnswer, LeaseAsk, LeaseReturn, LeaseTotal };

/** The database as the leases see it: each call is one round trip and throws when its outcome is not known. */
export interface LeaseDatabase {
  take(asks: readonly LeaseAsk[]): Promise<readonly LeaseAnswer[]>;
  giveBack(returns: readonly LeaseReturn[]): Promise<void>;
  /** All that was granted to this process, whether it heard of it or not. */
  granted(): Promise<readonly LeaseTotal[]>;
}

export interface LeaseRepositoryOptions {
  readonly identity: GatewayProcessIdentity;
  readonly databaseUrl: string;
  readonly logger: Pick<Logger, "warn">;
}

/**
 * Leases in PostgreSQL, over two connections of its own so that nothing else makes a call wait. The server's limit is the
 * shorter one: a statement that takes too long fails there and leases nothing, instead of leasing what nobody learns of.
 */
export class LeaseRepository implements LeaseDatabase {
  readonly #identity: GatewayProcessIdentity;
  readonly #pool: pg.Pool;

  constructor({ identity, databaseUrl, logger }: LeaseRepositoryOptions) {
    this.#identity = identity;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "switchyard-gateway-leases",
      max: 2,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 1_000,
      query_timeout: 1_500,
      keepAlive: true,
    });
    // An idle connection breaks when the database restarts; without a listener that would end the process.
    this.#pool.on("error", (error) => logger.warn({ err: error }, "an idle lease connection was lost"));
  }

  async take(asks: readonly LeaseAsk[]): Promise<LeaseAnswer[]> {
    return takeLeases(this.#pool, this.#identity, asks);
  }

  async giveBack(returns: readonly LeaseReturn[]): Promise<void> {
    await returnLeases(this.#pool, this.#identity, returns);
  }

  async granted(): Promise<LeaseTotal[]> {
    return grantedLeases(this.#pool, this.#identity);
  }

  /** Gives back what an earlier boot of this gateway had left; only once all of its journal is in the ledger. */
  async releaseEarlierBoot(earlierBootId: string): Promise<void> {
    await releaseEarlierBoot(this.#pool, this.#identity.gatewayId, earlierBootId);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
