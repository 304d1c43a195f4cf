/** PostgreSQL as a supervised process: how to start it, when it is ready, how it stops. */
import { Client } from "pg";
import { OperatorError } from "../operator-error.ts";
import type { ProcessDefinition } from "../supervisor/supervised-process.ts";
import { localOwner, ownerConnectionString, serverArguments, type Cluster, type ServerSettings } from "./cluster.ts";
import { clearOrphanServer } from "./orphan-server.ts";

const invalidPassword = "28P01";
/** Codes of the server itself, but for class 57 (starting, stopping) and 53 (out of connections), which pass. */
const isRefusal = /^(?!57|53)[0-9A-Z]{5}$/;

/** Describes the server of an opened cluster. SIGINT is PostgreSQL's fast shutdown: it ends sessions, then writes. */
export function describePostgres(
  cluster: Cluster,
  settings: ServerSettings,
  password: string,
  logFile: string,
): ProcessDefinition {
  return {
    name: "PostgreSQL",
    command: cluster.binaries.postgres,
    args: serverArguments(cluster.dataFolder, settings),
    env: { PATH: process.env["PATH"], LC_ALL: "C", TZ: "UTC" },
    account: cluster.account,
    logFile,
    stopSignal: "SIGINT",
    stopTimeoutMs: 30_000,
    beforeStart: () => clearOrphanServer(cluster.dataFolder),
    isReady: () => isAccepting(ownerConnectionString(settings.port, password, "postgres")),
  };
}

/** False while the server starts or recovers. @throws OperatorError when it runs and yet will never let us in. */
async function isAccepting(connectionString: string): Promise<boolean> {
  try {
    return await withClient(connectionString, () => Promise.resolve(true));
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code === invalidPassword) {
      throw new OperatorError(
        "PostgreSQL refuses our password. Restore the file database-password that belongs to its data.",
      );
    }
    if (code !== undefined && isRefusal.test(code))
      throw new OperatorError(`PostgreSQL runs but cannot be used: ${message}.`);
    return false;
  }
}

/** Whether a server there lets us in. */
export async function canConnect(connectionString: string): Promise<boolean> {
  return await withClient(connectionString, () => Promise.resolve(true)).catch(() => false);
}

/** Creates the application's database unless it exists. */
export async function createLocalDatabase(port: number, password: string): Promise<void> {
  await withClient(ownerConnectionString(port, password, "postgres"), async (client) => {
    const found = await client.query("SELECT 1 FROM pg_database WHERE datname = $1", [localOwner]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${localOwner}`);
  });
}

/** Runs `work` with a connection of its own. */
export async function withClient<T>(connectionString: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString, connectionTimeoutMillis: 5_000 });
  // A server that goes away breaks the query in flight; the event itself carries no more news.
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
