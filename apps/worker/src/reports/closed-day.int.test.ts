import { createConnectionPool } from "@switchyard/database/client";
import { migrate } from "@switchyard/database/migrate";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import type { RequestRecord } from "@switchyard/metering/usage-event";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { UsageIngestionRepository } from "../usage-ingestion/usage-ingestion.repository.ts";
import { attemptRecord, requestRecord } from "../usage-ingestion/usage-records.fixture.ts";
import { ClosedDayRepository } from "./closed-day.repository.ts";
import { ReportDatabase } from "./report-database.repository.ts";
import { type RollUp, rollUpsToCompare } from "./roll-ups.ts";

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

async function call(at: string, fields: Partial<RequestRecord> = {}): Promise<void> {
  const startedAtMs = Date.parse(at);
  const requestId = createUuidV7(startedAtMs);
  const times = { requestId, startedAtMs, endedAtMs: startedAtMs + 900 };
  const { attribution = attemptRecord({ ...times, attemptId: requestId }).attribution } = fields;
  const attempt = attemptRecord({ ...times, attemptId: createUuidV7(startedAtMs), attribution });
  const events = [attempt, requestRecord({ ...times, ...fields })];
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

const day = "2026-11-02";

/** Calls of two hours and of the days around them, with whatever roll-ups tell apart. */
async function makeDay(): Promise<void> {
  const nobody = { organisationId: "org", teamId: "team", projectId: "project", virtualKeyId: "key" };
  await call("2026-11-01T23:59:59.999Z");
  await call("2026-11-02T00:00:00Z", { durationMs: 2_000, timeToFirstTokenMs: 0 });
  await call("2026-11-02T11:00:00Z", { status: 200, verdict: "refused", cache: "bypass", timeToFirstTokenMs: null });
  await call("2026-11-02T11:10:00Z", {
    status: 502,
    verdict: "errored",
    durationMs: 2_000.5,
    warnings: ["empty_answer"],
  });
  await call("2026-11-02T11:20:00Z", {
    attribution: { ...nobody, user: null, session: null, tags: [] },
    durationMs: 5_000_000,
    task: { taskClass: "code", complexity: 0.5 },
  });
  await call("2026-11-02T23:59:59.999Z", { routeId: null, connectionId: null, providerKind: null, modelId: null });
  await call("2026-11-03T00:00:00Z");
}

const rowsOf = async (table: string) => (await pool.query(`SELECT * FROM ${table} ORDER BY ${table}::text`)).rows;

/** Adds to every group of the day. */
async function spoil({ table, time, sums: [column] }: RollUp, by: number): Promise<void> {
  const { rowCount } = await pool.query(
    `UPDATE ${table} SET ${column} = ${column} + $2::integer
     WHERE ${time} >= $1::timestamptz AND ${time} < $1::timestamptz + interval '1 day'`,
    [`${day}T00:00:00Z`, by],
  );
  if (rowCount === 0) throw new Error(`${table} has nothing of that day`);
}

it("knows every roll-up there is", async () => {
  const { rows } = await pool.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
     AND relname ~ '(_rollup_|_hour$)' ORDER BY 1`,
  );
  const known = new Set(rollUpsToCompare(true).map(({ table }) => table));
  expect(rows.map(({ name }) => name)).toEqual([...known].toSorted());
});

it.each([true, false])(
  "finds what was changed in any of them, and writes it anew (log kept: %s)",
  async (isLogKept) => {
    await makeDay();
    expect(await days.check(day, true)).toEqual([]);
    if (!isLogKept) await pool.query("TRUNCATE request_log, attempt_log");
    for (const rollUp of rollUpsToCompare(isLogKept)) {
      const { table, remadeFrom } = rollUp;
      const before = await rowsOf(table);
      await spoil(rollUp, 1);
      const found = await days.check(day, isLogKept);
      expect(found).toContainEqual({
        rollUp: table,
        differing: expect.any(Number),
        repaired: remadeFrom !== null,
      });
      // What is made from a roll-up that is wrong, and cannot be mended, stays as it is.
      expect(found.filter((other) => other.rollUp !== table && other.repaired)).toEqual([]);
      const { rows } = await pool.query("SELECT differences FROM roll_up_check");
      expect(rows).toEqual([{ differences: found }]);
      if (remadeFrom === null) await spoil(rollUp, -1);
      expect([table, await days.check(day, isLogKept)]).toEqual([table, []]);
      expect(await rowsOf(table)).toEqual(before);
    }
  },
);

it("writes a group anew that is gone, and takes one away that should not be", async () => {
  await makeDay();
  await pool.query("DELETE FROM service_rollup_day WHERE day = $1", [`${day}T00:00:00Z`]);
  await pool.query("UPDATE service_rollup_hour SET first_token_buckets = duration_buckets");
  await pool.query("UPDATE attribution_rollup_hour SET value = 'grace' WHERE value = 'ada'");
  const found = await days.check(day, true);
  expect(found).toEqual([
    { rollUp: "service_rollup_hour", differing: 3, repaired: true },
    { rollUp: "service_rollup_day", differing: 2, repaired: true },
    { rollUp: "attribution_rollup_hour", differing: 6, repaired: true },
  ]);
  expect(await days.check(day, true)).toEqual([]);
});
