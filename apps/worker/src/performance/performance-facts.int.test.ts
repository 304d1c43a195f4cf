import { createConnectionPool } from "@switchyard/database/client";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { journalBatchId } from "@switchyard/metering/journal-batch";
import { performanceFactsSchema } from "@switchyard/metering/performance-facts";
import type { AttemptRecord } from "@switchyard/metering/usage-event";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { UsageIngestionRepository } from "../usage-ingestion/usage-ingestion.repository.ts";
import { attemptRecord } from "../usage-ingestion/usage-records.fixture.ts";
import { PerformanceFactsRepository } from "./performance-facts.repository.ts";

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const bootId = "00000000-0000-4000-8000-000000000001";

let database: EmbeddedDatabase;
let pool: pg.Pool;
let batches = 0;

beforeAll(async () => {
  database = await startMigratedDatabase();
});

beforeEach(async () => {
  await pool?.end();
  pool = createConnectionPool({ connectionString: await database.createDatabase(), poolSize: 2 });
});

afterAll(async () => {
  await pool?.end();
  await database.stop();
});

const code = { taskClass: "code" };

function attempts(count: number, madeAtMs: number, fields: Partial<AttemptRecord> = code) {
  return Array.from({ length: count }, () => {
    const ids = { requestId: createUuidV7(madeAtMs), attemptId: createUuidV7(madeAtMs) };
    return attemptRecord({ ...ids, startedAtMs: madeAtMs, endedAtMs: madeAtMs + 900, ...fields });
  });
}

async function ingest(events: ReturnType<typeof attempts>, boot = bootId): Promise<void> {
  const batchId = journalBatchId(boot, 1, (batches += 1), batches + 1);
  await new UsageIngestionRepository(pool).ingest({ batchId, gatewayId: "g", events });
}

async function facts(boot = bootId) {
  await new PerformanceFactsRepository(pool).refresh();
  const { rows } = await pool.query("SELECT gateway_performance_facts($1) AS facts", [boot]);
  return performanceFactsSchema.parse(rows[0].facts);
}

it("knows nothing before there is anything to know", async () => {
  expect((await pool.query("SELECT gateway_performance_facts('boot') AS facts")).rows).toEqual([{ facts: null }]);
  expect(await facts()).toMatchObject({ evidence: [], included: [] });
});

it("counts what is a week old half, and what nobody liked as a failure", async () => {
  const now = Date.now();
  await ingest(attempts(8, now));
  await ingest(attempts(2, now, { ...code, verdict: "refused" }));
  await ingest(attempts(16, now - 7 * dayMs));
  await ingest(attempts(100, now - 60 * dayMs));
  await pool.query("UPDATE target_outcome_hour SET ratings = 3, disliked = 3 WHERE hour > now() - interval '2 hours'");
  const [known] = (await facts()).evidence;
  // Within the hour that evidence is kept by.
  expect(known?.successes).toBeGreaterThan(12.9);
  expect(known?.successes).toBeLessThan(13.1);
  expect(known?.failures).toBeGreaterThan(4.95);
  expect(known?.failures).toBeLessThanOrEqual(5);
  expect((known?.outputTokens ?? 0) / 20).toBeCloseTo(18, 0);
});

it("tells each process how much of its own is in it, once, and only what it has counted itself", async () => {
  const now = Date.now();
  const mine = attempts(3, now);
  await ingest(mine);
  await ingest([...mine, ...attempts(1, now, { ...code, verdict: "invalid" })]);
  await ingest(attempts(5, now), "another-boot");
  await ingest(attempts(4, now, {}));
  await ingest(attempts(2, now, { ...code, verdict: "errored", failureClass: "server_error" }));
  const { evidence, included } = await facts();
  expect(included).toMatchObject([{ taskClass: "code", successes: 3, failures: 1, outputTokens: 80 }]);
  expect(evidence.map(({ taskClass }) => taskClass).toSorted()).toEqual(["code", "unknown"]);
  expect((await facts("a-new-boot")).included).toEqual([]);
});

it("forgets what processes had seen that are gone, and nothing of those that are there", async () => {
  await ingest(attempts(1, Date.now()));
  await ingest(attempts(1, Date.now()), "gone");
  await pool.query("UPDATE boot_evidence SET updated_at = now() - interval '2 hours'");
  await pool.query(
    "INSERT INTO gateway_process (gateway_id, boot_id, started_at, heartbeat_at) VALUES ('g', $1, now(), now())",
    [bootId],
  );
  expect((await facts()).included).toHaveLength(1);
  expect((await facts("gone")).included).toEqual([]);
});
