import { createConnectionPool } from "@switchyard/database/client";
import { migrate } from "@switchyard/database/migrate";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { UsageIngestionRepository } from "../usage-ingestion/usage-ingestion.repository.ts";
import { attemptRecord, requestRecord } from "../usage-ingestion/usage-records.fixture.ts";
import { ClosedDayRepository } from "./closed-day.repository.ts";
import { ReportDatabase } from "./report-database.repository.ts";

let database: EmbeddedDatabase;
let pool: pg.Pool;
let days: ClosedDayRepository;

beforeAll(async () => {
  database = await startEmbeddedDatabase({
    prepare: async (connectionString) => void (await migrate({ connectionString })),
  });
});

beforeEach(async () => {
  await pool?.end();
  pool = createConnectionPool({ connectionString: await database.createDatabase(), poolSize: 4 });
  days = new ClosedDayRepository(new ReportDatabase(pool));
});

afterAll(async () => {
  await pool?.end();
  await database.stop();
});

async function call(at: string): Promise<void> {
  const startedAtMs = Date.parse(at);
  const requestId = createUuidV7(startedAtMs);
  const times = { requestId, startedAtMs, endedAtMs: startedAtMs + 900 };
  const events = [attemptRecord({ ...times, attemptId: createUuidV7(startedAtMs) }), requestRecord(times)];
  await new UsageIngestionRepository(pool).ingest({ batchId: requestId, gatewayId: "g", events });
}

it("looks at every day that is over, newest first, and then at the one that it saw longest ago", async () => {
  const at = new Date("2026-11-04T09:00:00Z");
  expect(await days.next(at)).toBeNull();
  await call("2026-11-01T23:59:59Z");
  await call("2026-11-04T08:00:00Z");
  const seen: (string | null)[] = [];
  for (let day = await days.next(at); day !== null; day = await days.next(at)) {
    expect(await days.check(day, true)).toEqual([]);
    seen.push(day);
  }
  expect(seen).toEqual(["2026-11-03", "2026-11-02", "2026-11-01"]);
  await pool.query(
    "UPDATE roll_up_check SET checked_at = now() - day_age FROM (VALUES (date '2026-11-02', interval '2 hours'), ('2026-11-01', '3 hours')) AS aged(of_day, day_age) WHERE day = of_day",
  );
  expect(await days.next(at)).toBe("2026-11-01");
});

it("finds whatever group of whatever roll-up was changed, and repairs what triggers write", async () => {
  await call("2026-11-02T10:00:00Z");
  await call("2026-11-02T11:00:00Z");
  expect(await days.check("2026-11-02", true)).toEqual([]);
  // Sums that stay the same: only a group by itself gives them away.
  await pool.query(`UPDATE ledger_rollup_hour SET amount_pico_usd = amount_pico_usd
    + CASE WHEN hour < '2026-11-02T11:00:00Z' THEN 1 ELSE -1 END WHERE kind = 'settle'`);
  await pool.query("UPDATE ledger_rollup_day SET entries = entries + 1 WHERE kind = 'hold'");
  await pool.query("UPDATE caller_rollup_day SET requests = requests + 1");
  await pool.query("DELETE FROM cost_rollup_day");
  await pool.query("UPDATE request_rollup_hour SET requests = 0 WHERE hour < '2026-11-02T11:00:00Z'");
  const found = await days.check("2026-11-02", true);
  expect(found).toEqual([
    { rollUp: "ledger_rollup_hour", differing: 2, repaired: true },
    { rollUp: "ledger_rollup_day", differing: 1, repaired: true },
    { rollUp: "cost_rollup_day", differing: 2, repaired: false },
    { rollUp: "request_rollup_day", differing: 1, repaired: false },
    { rollUp: "request_rollup_hour", differing: 1, repaired: false },
    { rollUp: "caller_rollup_day", differing: 1, repaired: true },
  ]);
  const { rows } = await pool.query("SELECT differences FROM roll_up_check");
  expect(rows).toEqual([{ differences: found }]);
  const left = await days.check("2026-11-02", true);
  expect(left.map(({ rollUp }) => rollUp)).toEqual(["cost_rollup_day", "request_rollup_day", "request_rollup_hour"]);
  // Without the log there is nothing to compare calls with.
  await pool.query("TRUNCATE request_log");
  const unlogged = await days.check("2026-11-02", false);
  expect(unlogged.map(({ rollUp }) => rollUp)).toEqual(["cost_rollup_day", "request_rollup_day"]);
});
