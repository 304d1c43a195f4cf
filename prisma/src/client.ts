/**
 * How every process reaches PostgreSQL: one pool configuration, so that nothing can hang on a server that has stopped
 * answering, and no amount of money can become a float.
 */
import { PrismaPg } from "@prisma/adapter-pg";
import { Pool, types, type PoolConfig } from "pg";
import { PrismaClient } from "../generated/client.ts";

export interface ConnectionPoolOptions {
  readonly connectionString: string;
  /** Largest number of connections. */
  readonly poolSize: number;
  /** Shown in pg_stat_activity, to tell the planes apart. */
  readonly applicationName?: string;
  /** Longest time a statement may run; 5 s unless told. */
  readonly statementTimeoutMs?: number;
  /** Told when a connection breaks between queries; the pool drops it and opens another when needed. */
  readonly onConnectionError?: (error: Error) => void;
}

/** Time for a new connection and for a free one. */
const connectTimeoutMs = 2_000;
const defaultStatementTimeoutMs = 5_000;
/** The server ends a statement itself; this much later the client stops waiting for a server that does not. */
const unresponsiveServerMs = 1_000;
/** Ends a transaction whose process stopped in the middle, before it holds a window's lock for long. */
const idleInTransactionTimeoutMs = 15_000;
const closeIdleAfterMs = 30_000;

/**
 * Opens connections on demand, at most `poolSize`. `bigint` and `numeric` arrive as decimal strings, never as floats;
 * `timestamptz` as Date. The caller ends the pool.
 */
export function createConnectionPool(options: ConnectionPoolOptions): Pool {
  const pool = new Pool(poolConfig(options));
  const { onConnectionError } = options;
  // Without listeners a connection that breaks would end the process: the pool's covers idle ones, the connection's own
  // those that somebody has checked out.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", (error) => onConnectionError?.(error)));
  return pool;
}

/** A Prisma client over a pool of its own; `$disconnect()` ends the pool. Nothing is opened before the first query. */
export function createDatabaseClient(options: ConnectionPoolOptions): PrismaClient {
  return new PrismaClient({ adapter: new PrismaPg(createConnectionPool(options), { disposeExternalPool: true }) });
}

function poolConfig(options: ConnectionPoolOptions): PoolConfig {
  const statementTimeoutMs = options.statementTimeoutMs ?? defaultStatementTimeoutMs;
  return {
    connectionString: options.connectionString,
    max: options.poolSize,
    application_name: options.applicationName ?? "switchyard",
    connectionTimeoutMillis: connectTimeoutMs,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + unresponsiveServerMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    idleTimeoutMillis: closeIdleAfterMs,
    keepAlive: true,
    types: { getTypeParser },
  };
}

const exactNumbers: ReadonlySet<number> = new Set([types.builtins.INT8, types.builtins.NUMERIC]);
const asText = (value: string) => value;

const getTypeParser: typeof types.getTypeParser = (oid: number, format?: "text" | "binary") =>
  exactNumbers.has(oid) ? asText : types.getTypeParser(oid, format as "text");
