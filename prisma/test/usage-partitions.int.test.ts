import type { Pool } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";

const dayMs = 86_400_000;
const usageTables = ["attempt_log", "ledger_entry", "request_log"];

let server: EmbeddedDatabase;
let owner: Pool;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
});
afterAll(() => server.stop());
beforeEach(async () => {
  const pool = createConnectionPool({ connectionString: await server.createMigratedDatabase(), poolSize: 4 });
  owner = pool;
  return () => pool.end();
});

interface Action {
  readonly action: string;
  readonly name: string;
}

async function maintain(
  daysAhead: number,
  retentionDays: number | null,
  ledgerDays: number | null = null,
): Promise<Action[]> {
  const { rows } = await owner.query<Action>(
    "SELECT action, partition_name AS name FROM maintain_usage_partitions($1, $2, $3)",
    [daysAhead, retentionDays, ledgerDays],
  );
  return rows;
}

async function partitionsOf(table: string): Promise<string[]> {
  const { rows } = await owner.query<{ name: string }>(
    "SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = $1::regclass ORDER BY 1",
    [table],
  );
  return rows.map(({ name }) => name);
}

/** The database's clock decides which day it is; `offset` days from today, UTC. */
async function partitionName(table: string, offset: number): Promise<string> {
  const { rows } = await owner.query<{ day: string }>(
    "SELECT to_char((now() AT TIME ZONE 'UTC')::date + $1::int, 'YYYYMMDD') AS day",
    [offset],
  );
  return `${table}_p${rows[0]!.day}`;
}

const insertLedgerEntrySql = `
  INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, request_id, team_id, project_id,
    virtual_key_id, connection_id, model_id)
  VALUES ($1, $2, 'hold', 1, gen_random_uuid(), 't', 'p', 'k', 'c', 'm')
  RETURNING tableoid::regclass::text AS partition`;

const ledgerEntry = (startedAt: Date, attempt: number) => [
  `00000000-0000-7000-8000-${String(attempt).padStart(12, "0")}`,
  startedAt,
];

/** Answers the partition that the entry went to. */
async function insertLedgerEntry(startedAt: Date, attempt: number): Promise<string> {
  const { rows } = await owner.query<{ partition: string }>(insertLedgerEntrySql, ledgerEntry(startedAt, attempt));
  return rows[0]!.partition;
}

async function insertRequest(startedAt: Date): Promise<string> {
  const { rows } = await owner.query<{ partition: string }>(
    `INSERT INTO request_log (request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, operation,
       requested_model, policy_revision, stream, status, cache, attempts, cost_pico_usd, duration_ms,
       gateway_overhead_ms, request_bytes, response_bytes, because, gateway_id)
     VALUES (gen_random_uuid(), $1, 'o', 't', 'p', 'k', 'chat', 'm', 1, false, 200, 'miss', 1, 0, 1, 1, 1, 1, '[]', 'g')
     RETURNING tableoid::regclass::text AS partition`,
    [startedAt],
  );
  return rows[0]!.partition;
}

test("the migration creates the partitions of three days ago to seven days ahead, and the defaults", async () => {
  for (const table of usageTables) {
    const expected = [`${table}_default`];
    for (let offset = -3; offset <= 7; offset += 1) expected.push(await partitionName(table, offset));
    expect(await partitionsOf(table)).toEqual(expected.toSorted());
  }
});

test("a second run has nothing to do, and a longer horizon adds only what is missing", async () => {
  expect(await maintain(7, null)).toEqual([]);
  const added = await maintain(9, null);
  const expected: Action[] = [];
  for (const table of usageTables) {
    for (const offset of [8, 9]) expected.push({ action: "created", name: await partitionName(table, offset) });
  }
  expect(added.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(expected);
});

test("an event goes to the partition of its day, in UTC and to the millisecond", async () => {
  const midnight = new Date(Math.floor(Date.now() / dayMs) * dayMs);
  const justBefore = new Date(midnight.getTime() - 1);
  const dayOf = (date: Date) => date.toISOString().slice(0, 10).replaceAll("-", "");
  expect(await insertLedgerEntry(midnight, 1)).toBe(`ledger_entry_p${dayOf(midnight)}`);
  expect(await insertLedgerEntry(justBefore, 2)).toBe(`ledger_entry_p${dayOf(justBefore)}`);
});

test("an event of an unexpected day is kept, and stays findable when its day's partition is due", async () => {
  const farAhead = new Date(Date.now() + 20 * dayMs);
  expect(await insertLedgerEntry(farAhead, 1)).toBe("ledger_entry_default");
  const actions = await maintain(21, null);
  expect(actions).toContainEqual({ action: "kept_in_default", name: await partitionName("ledger_entry", 20) });
  expect(actions).toContainEqual({ action: "created", name: await partitionName("ledger_entry", 21) });
  expect((await owner.query("SELECT started_at FROM ledger_entry")).rows).toEqual([{ started_at: farAhead }]);
  expect(await insertLedgerEntry(farAhead, 2)).toBe("ledger_entry_default");
});

test("the same event arrives once, whatever partition it is in", async () => {
  for (const startedAt of [new Date(), new Date(Date.now() - 400 * dayMs)]) {
    await insertLedgerEntry(startedAt, 1);
    await expect(insertLedgerEntry(startedAt, 1)).rejects.toMatchObject({ code: "23505" });
  }
});

test("retention drops logs past it, and the ledger only when asked", async () => {
  const yesterday = new Date(Date.now() - dayMs);
  const longAgo = new Date(Date.now() - 90 * dayMs);
  await insertRequest(yesterday);
  expect(await insertRequest(longAgo)).toBe("request_log_default");
  await insertLedgerEntry(longAgo, 1);
  await insertLedgerEntry(yesterday, 2);

  const dropped = await maintain(7, 1);
  const expected: Action[] = [];
  for (const table of ["attempt_log", "request_log"]) {
    for (const offset of [-3, -2]) expected.push({ action: "dropped", name: await partitionName(table, offset) });
  }
  expected.push({ action: "deleted_from", name: "request_log_default" });
  expect(dropped.toSorted((a, b) => a.name.localeCompare(b.name))).toEqual(
    expected.toSorted((a, b) => a.name.localeCompare(b.name)),
  );
  expect((await owner.query("SELECT started_at FROM request_log")).rows).toEqual([{ started_at: yesterday }]);
  expect((await owner.query("SELECT count(*)::int AS count FROM ledger_entry")).rows).toEqual([{ count: 2 }]);

  const ledgerDropped = await maintain(7, null, 0);
  expect(ledgerDropped.filter(({ action }) => action === "dropped").map(({ name }) => name)).toEqual([
    await partitionName("ledger_entry", -3),
    await partitionName("ledger_entry", -2),
    await partitionName("ledger_entry", -1),
  ]);
  // What lies in the default partition is nobody's day to drop: the ledger is append-only.
  expect((await owner.query("SELECT started_at FROM ledger_entry")).rows).toEqual([{ started_at: longAgo }]);
});

test("two runs at once do not trip over each other", async () => {
  const runs = await Promise.all([maintain(12, null), maintain(12, null), maintain(12, null)]);
  expect(runs.map((actions) => actions.length).toSorted((a, b) => a - b)).toEqual([0, 0, 15]);
});

test("ingestion goes on while partitions are added", async () => {
  const ingestion = await owner.connect();
  await ingestion.query("BEGIN");
  await ingestion.query(insertLedgerEntrySql, ledgerEntry(new Date(), 1));
  expect(await maintain(8, null)).toHaveLength(3);
  await ingestion.query(insertLedgerEntrySql, ledgerEntry(new Date(), 2));
  await ingestion.query("COMMIT");
  ingestion.release();
});
