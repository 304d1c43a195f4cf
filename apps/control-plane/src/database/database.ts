import { Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { createConnectionPool, createDatabaseClient } from "@switchyard/database/client";
import type { Prisma, PrismaClient } from "@switchyard/database/generated/client";
import type { Pool } from "pg";
import { ControlPlaneEnv } from "../env.ts";

/** Where a repository's statement runs: the pool, or the transaction it was handed. */
export type Connection = Prisma.TransactionClient;

const statementTimeoutMs = 20_000;
const transactionTimeoutMs = 30_000;

/** The one way to PostgreSQL. Only repositories use it. */
@Injectable()
export class Database implements OnApplicationShutdown {
  readonly client: PrismaClient;
  /** For what Prisma has no words for: cursors of exports that are larger than memory. */
  readonly pool: Pool;

  constructor(env: ControlPlaneEnv) {
    const connection = { connectionString: env.databaseUrl, statementTimeoutMs };
    this.client = createDatabaseClient({ ...connection, poolSize: 15, applicationName: "switchyard-control-plane" });
    this.pool = createConnectionPool({ ...connection, poolSize: 4, applicationName: "switchyard-exports" });
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.client.$transaction(work, { maxWait: 10_000, timeout: transactionTimeoutMs });
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.client.$disconnect(), this.pool.end()]);
  }
}
