import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../test/embedded-database.ts";
import { createConnectionPool, createDatabaseClient } from "./client.ts";

let server: EmbeddedDatabase;
let connectionString: string;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  connectionString = await server.createMigratedDatabase();
});
afterAll(() => server.stop());

test("amounts never become floats", async () => {
  const pool = createConnectionPool({ connectionString, poolSize: 1 });
  const { rows } = await pool.query(
    "SELECT 9223372036854775807::bigint AS big, 99999999999999999999999999999999999999::numeric(38, 0) AS sum, 7 AS small",
  );
  expect(rows).toEqual([{ big: "9223372036854775807", sum: "99999999999999999999999999999999999999", small: 7 }]);
  await pool.end();
});

test("the server ends a statement that runs too long, and the pool goes on", async () => {
  const pool = createConnectionPool({ connectionString, poolSize: 1, statementTimeoutMs: 50 });
  await expect(pool.query("SELECT pg_sleep(60)")).rejects.toMatchObject({ code: "57014" });
  expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
  await pool.end();
});

test("connections carry the name and the limits that they were given", async () => {
  const pool = createConnectionPool({ connectionString, poolSize: 1, applicationName: "switchyard-worker" });
  const { rows } = await pool.query(`
    SELECT current_setting('application_name') AS name, current_setting('statement_timeout') AS statement,
      current_setting('idle_in_transaction_session_timeout') AS idle`);
  expect(rows).toEqual([{ name: "switchyard-worker", statement: "5s", idle: "15s" }]);
  await pool.end();
});

describe("a connection that breaks between queries is reported and replaced", () => {
  async function terminate(pid: number): Promise<void> {
    const other = createConnectionPool({ connectionString, poolSize: 1 });
    await other.query("SELECT pg_terminate_backend($1)", [pid]);
    await other.end();
  }

  test("an idle one", async () => {
    const broken = Promise.withResolvers<Error>();
    const pool = createConnectionPool({ connectionString, poolSize: 1, onConnectionError: broken.resolve });
    const { rows } = await pool.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await terminate(rows[0]!.pid);
    expect(await broken.promise).toMatchObject({ code: "57P01" });
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });

  test("one that is checked out", async () => {
    const broken = Promise.withResolvers<Error>();
    const pool = createConnectionPool({ connectionString, poolSize: 1, onConnectionError: broken.resolve });
    const client = await pool.connect();
    const { rows } = await client.query<{ pid: number }>("SELECT pg_backend_pid() AS pid");
    await terminate(rows[0]!.pid);
    expect(await broken.promise).toMatchObject({ code: "57P01" });
    await expect(client.query("SELECT 1")).rejects.toThrow(/not queryable|terminated/);
    client.release(true);
    expect((await pool.query("SELECT 1 AS one")).rows).toEqual([{ one: 1 }]);
    await pool.end();
  });
});

test("the Prisma client reads and writes exact amounts, also in partitioned tables", async () => {
  const database = createDatabaseClient({ connectionString, poolSize: 2 });
  const entry = {
    attemptId: "01939d2e-0000-7000-8000-000000000001",
    startedAt: new Date(),
    kind: "settle",
    amountPicoUsd: 9_223_372_036_854_775_807n,
    requestId: "01939d2e-0000-7000-8000-000000000002",
    teamId: "team",
    projectId: "project",
    virtualKeyId: "key",
    connectionId: "connection",
    modelId: "model",
  };
  await database.ledgerEntry.create({ data: entry });
  const [stored] = await database.ledgerEntry.findMany({ select: { amountPicoUsd: true, sequence: true } });
  expect(stored).toEqual({ amountPicoUsd: entry.amountPicoUsd, sequence: 0 });
  await database.$disconnect();
});
