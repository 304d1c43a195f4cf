/** A PostgreSQL server for integration tests: started in about a second, gone with the test process whatever happens. */
import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findFreePort } from "./free-port.ts";
import { openCluster, ownerConnectionString, localOwner } from "./postgres/cluster.ts";
import { createLocalDatabase, describePostgres, withClient } from "./postgres/postgres-process.ts";
import { Reaper } from "./supervisor/reaper.ts";
import { SupervisedProcess } from "./supervisor/supervised-process.ts";

export interface EmbeddedDatabaseOptions {
  /** Keep the data here, to start from it again. Without it the data lives in a temporary folder until `stop`. */
  dataDir?: string;
  /** Begin as a copy of this data folder, whose server has ended, instead of empty. */
  copyOf?: string | undefined;
  /** Default: a free one. */
  port?: number;
  /** True writes through to the disk as in production. Default false: the data dies with the test anyway. */
  durable?: boolean;
  /** Prepares the database that `connectionString` names: runs migrations, for example. Copies start from its result. */
  prepare?: (connectionString: string) => Promise<void>;
}

export interface EmbeddedDatabase {
  /** The prepared database, as its owner (a superuser). */
  readonly connectionString: string;
  /** Creates a copy of the prepared database, which must have no other connection meanwhile, and returns its address. */
  createDatabase(): Promise<string>;
  /** Ends the server as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again after `kill`, and waits until it has recovered. */
  start(): Promise<void>;
  /** Shuts the server down, and deletes the data unless `dataDir` was given. */
  stop(): Promise<void>;
}

const password = "embedded";
const readyTimeoutMs = 60_000;

/** Starts a server of the caller's own and waits until it accepts connections. */
export async function startEmbeddedDatabase(options: EmbeddedDatabaseOptions = {}): Promise<EmbeddedDatabase> {
  const scratch = await mkdtemp(join(tmpdir(), "switchyard-database-"));
  // PostgreSQL may run as another account, which has to pass through.
  await chmod(scratch, 0o711);
  const reaper = new Reaper();
  reaper.deleteAtEnd(scratch);
  const durability = { durable: options.durable ?? false };
  const dataDir = options.dataDir ?? join(scratch, "data");
  const cluster = await openCluster(dataDir, password, { ...durability, copyOf: options.copyOf });
  const port = options.port ?? (await findFreePort());
  const definition = describePostgres(cluster, { port, ...durability }, password, join(scratch, "postgres.log"));
  const server = new SupervisedProcess(definition, reaper, () => undefined);
  const start = async () => {
    server.start();
    await server.waitUntilReady(readyTimeoutMs);
  };
  const stop = async () => {
    await server.stop();
    reaper.close();
    await rm(scratch, { recursive: true, force: true });
  };
  const connectionString = ownerConnectionString(port, password);
  try {
    await start();
    await createLocalDatabase(port, password);
    await options.prepare?.(connectionString);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    connectionString,
    createDatabase: async () => {
      const name = `copy_${randomBytes(6).toString("hex")}`;
      await withClient(ownerConnectionString(port, password, "postgres"), (client) =>
        client.query(`CREATE DATABASE ${name} TEMPLATE ${localOwner}`),
      );
      return ownerConnectionString(port, password, name);
    },
    kill: () => server.destroy(),
    start,
    stop,
  };
}
