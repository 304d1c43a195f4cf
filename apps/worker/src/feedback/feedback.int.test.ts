import { createConnectionPool } from "@switchyard/database/client";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { UsageIngestionRepository } from "../usage-ingestion/usage-ingestion.repository.ts";
import { attemptRecord, feedbackRecord, requestRecord } from "../usage-ingestion/usage-records.fixture.ts";
import { FeedbackRepository } from "./feedback.repository.ts";

const hourMs = 3_600_000;
const madeAtMs = Math.floor(Date.now() / hourMs) * hourMs - hourMs;

let database: EmbeddedDatabase;
let pool: pg.Pool;
let usage: UsageIngestionRepository;
let feedback: FeedbackRepository;
let batches = 0;

beforeAll(async () => {
  database = await startMigratedDatabase();
});

beforeEach(async () => {
  await pool?.end();
  pool = createConnectionPool({ connectionString: await database.createDatabase(), poolSize: 8 });
  usage = new UsageIngestionRepository(pool);
  feedback = new FeedbackRepository(pool);
});

afterAll(async () => {
  await pool?.end();
  await database.stop();
});

function made(verdict: "complete" | "refused" = "complete") {
  const requestId = createUuidV7(madeAtMs);
  const times = { startedAtMs: madeAtMs, endedAtMs: madeAtMs + 900 };
  const events = [
    attemptRecord({ requestId, attemptId: createUuidV7(madeAtMs), verdict, ...times }),
    requestRecord({ requestId, verdict, ...times }),
  ];
  return { requestId, events };
}

async function ingest(...events: Parameters<UsageIngestionRepository["ingest"]>[0]["events"]): Promise<void> {
  await usage.ingest({ batchId: `b${(batches += 1)}`, gatewayId: "g", events });
}

async function counted() {
  await feedback.count();
  const target = await pool.query(
    `SELECT coalesce(sum(ratings), 0)::int AS ratings, coalesce(sum(rating_permille), 0)::int AS score,
       coalesce(sum(disliked), 0)::int AS disliked FROM target_outcome_hour`,
  );
  const task = await pool.query(
    "SELECT coalesce(sum(disliked), 0)::int AS disliked, coalesce(sum(disliked_cost_pico_usd), 0)::int AS cost FROM task_outcome_hour",
  );
  const [{ ratings, score, disliked }] = target.rows;
  expect(task.rows[0].disliked).toBe(disliked);
  return [ratings, score, disliked, task.rows[0].cost];
}

it("counts the last word on each call once, however it comes", async () => {
  const { requestId, events } = made();
  const down = feedbackRecord({ requestId, madeAtMs, scorePermille: -1_000, comment: "wrong" });
  const up = { ...down, scorePermille: 400, givenAtMs: down.givenAtMs + 1, comment: null };
  await ingest(...events, down);
  expect(await counted()).toEqual([1, -1_000, 1, 700]);
  await ingest(down, up, down);
  expect(await counted()).toEqual([1, 400, 0, 0]);
  await ingest(down, up);
  expect(await counted()).toEqual([1, 400, 0, 0]);
  expect((await pool.query("SELECT score_permille, comment FROM call_feedback")).rows).toEqual([
    { score_permille: 400, comment: null },
  ]);
  await ingest({ ...down, givenAtMs: up.givenAtMs + 1 });
  expect(await counted()).toEqual([1, -1_000, 1, 700]);
});

it("waits for a call that is not in the log yet, and counts nothing of another project's", async () => {
  const { requestId, events } = made();
  await ingest(feedbackRecord({ requestId, madeAtMs, scorePermille: -500 }));
  await ingest(feedbackRecord({ requestId, madeAtMs, scorePermille: 1_000, projectId: "stranger" }));
  expect(await counted()).toEqual([0, 0, 0, 0]);
  await ingest(...events);
  expect(await counted()).toEqual([1, -500, 1, 700]);
});

it("takes a call that was refused for no lost success", async () => {
  const { requestId, events } = made("refused");
  await ingest(...events, feedbackRecord({ requestId, madeAtMs, scorePermille: -1_000 }));
  expect(await counted()).toEqual([1, -1_000, 0, 0]);
});

it("counts each word once when several workers count at the same time", async () => {
  const calls = Array.from({ length: 30 }, () => made());
  await ingest(...calls.flatMap(({ events }) => events));
  await ingest(...calls.map(({ requestId }) => feedbackRecord({ requestId, madeAtMs, scorePermille: -10 })));
  await Promise.all(Array.from({ length: 6 }, () => feedback.count()));
  expect(await counted()).toEqual([30, -300, 30, 21_000]);
});

it("forgets what belongs to calls that are forgotten, and what belongs to none", async () => {
  const old = Date.now() - 40 * 24 * hourMs;
  const { requestId, events } = made();
  await ingest(...events, feedbackRecord({ requestId, madeAtMs, scorePermille: 1_000 }));
  await ingest(feedbackRecord({ requestId: createUuidV7(madeAtMs), madeAtMs, scorePermille: 1, givenAtMs: old }));
  await ingest(feedbackRecord({ requestId: createUuidV7(old), madeAtMs: old, scorePermille: 1 }));
  await feedback.count();
  expect(await feedback.drop(30)).toBe(false);
  expect((await pool.query("SELECT request_id FROM call_feedback")).rows).toEqual([{ request_id: requestId }]);
});
