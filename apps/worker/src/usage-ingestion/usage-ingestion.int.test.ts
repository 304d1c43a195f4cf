import { createConnectionPool } from "@switchyard/database/client";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import {
  adjustmentMeter,
  closedCorrectionMeter,
  correctionMeter,
  feeMeter,
  inputTokenMeters,
  meters,
  outputTokenMeters,
} from "@switchyard/metering/meters";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { VerifyRollUpsRepository } from "../reports/verify-roll-ups.repository.ts";
import { TeamCostReportsRepository } from "../reports/team-cost-reports.repository.ts";
import { attemptRecord, requestRecord } from "./usage-records.fixture.ts";
import { UsageIngestionRepository } from "./usage-ingestion.repository.ts";

const startedAtMs = Date.UTC(2026, 10, 21, 10, 30);
const dayStart = new Date(Date.UTC(2026, 10, 21));

let database: EmbeddedDatabase;
let pool: pg.Pool;
let repository: UsageIngestionRepository;

beforeAll(async () => {
  database = await startMigratedDatabase();
});

beforeEach(async () => {
  await pool?.end();
  pool = createConnectionPool({ connectionString: await database.createDatabase(), poolSize: 8 });
  repository = new UsageIngestionRepository(pool);
});

afterAll(async () => {
  await pool?.end();
  await database.stop();
});

function call(costPicoUsd = "700") {
  const requestId = createUuidV7(startedAtMs);
  const attemptId = createUuidV7(startedAtMs);
  const lines = [{ meter: "output" as const, quantity: 7, unitPricePicoUsd: "100", amountPicoUsd: costPicoUsd }];
  return [
    attemptRecord({ attemptId, requestId, startedAtMs, endedAtMs: startedAtMs + 900, costPicoUsd, lines }),
    requestRecord({ requestId, startedAtMs, endedAtMs: startedAtMs + 900, costPicoUsd, durationMs: 900 }),
  ] as const;
}

async function sum(query: string): Promise<string> {
  const { rows } = await pool.query(query);
  return String(rows[0]?.sum ?? "0");
}

const spend = () =>
  sum("SELECT sum(amount_pico_usd)::text FROM ledger_entry WHERE kind IN ('settle', 'overrun', 'fee', 'correct')");
const rolledUp = () => sum("SELECT sum(cost_pico_usd)::text FROM cost_rollup_hour");

const rolledUpByDay = () => sum("SELECT sum(cost_pico_usd)::text FROM cost_rollup_day");

describe("usage ingestion", () => {
  it("writes ledger, logs and roll-ups that add up", async () => {
    const events = [...call("700"), ...call("800"), ...call("0")];
    expect(await repository.ingest({ batchId: "b1", gatewayId: "g", events })).toEqual({ attempts: 3, requests: 3 });
    expect([await spend(), await rolledUp(), await rolledUpByDay()]).toEqual(["1500", "1500", "1500"]);
    const { rows } = await pool.query(
      "SELECT requests::int, errors::int, attempts::int, cost_pico_usd::text AS cost FROM request_rollup_hour",
    );
    expect(rows).toEqual([{ requests: 3, errors: 0, attempts: 3, cost: "1500" }]);
    const histograms = "duration_buckets AS durations, first_token_buckets AS first_tokens";
    const hourly = await pool.query(`SELECT requests::int, ${histograms} FROM service_rollup_hour`);
    const daily = await pool.query(`SELECT requests::int, ${histograms} FROM service_rollup_day`);
    expect(daily.rows).toEqual(hourly.rows);
    expect(hourly.rows).toMatchObject([{ requests: 3 }]);
    expect(await sum("SELECT sum(n)::text FROM service_rollup_hour, unnest(duration_buckets) AS n")).toBe("3");
    expect(await new VerifyRollUpsRepository(pool).findDrift(dayStart)).toEqual([]);
  });

  it("adds every call to the roll-ups of people and tags, and of what served it, until the last pico-dollar", async () => {
    const made = ["ada", "bob", null].flatMap((user, index) =>
      [[], ["env=prod"], ["env=prod", "feature=search"]].map((tags, place) => {
        const [attempt, request] = call(String(1_000 + 100 * index + place));
        const attribution = { ...request.attribution, user, tags };
        return [
          { ...attempt, attribution },
          { ...request, attribution },
        ] as const;
      }),
    );
    await repository.ingest({ batchId: "b1", gatewayId: "g", events: made.slice(0, 5).flat() });
    await repository.ingest({ batchId: "b2", gatewayId: "g", events: made.slice(3).flat() });
    // Only of a request: its attempts were recorded before, or there were none.
    const refused = requestRecord({ requestId: createUuidV7(startedAtMs), startedAtMs, status: 402, attempts: 0 });
    const nobody = { ...refused.attribution, user: null, tags: [] };
    await repository.ingest({ batchId: "b3", gatewayId: "g", events: [{ ...refused, attribution: nobody }] });
    const labels = await pool.query(
      `SELECT kind, value, requests::int, tokens::int, cost_pico_usd::int AS cost FROM attribution_rollup_day ORDER BY 1, 2`,
    );
    expect(labels.rows).toEqual([
      { kind: "tag", value: "", requests: 4, tokens: 21, cost: 3_300 },
      { kind: "tag", value: "env=prod", requests: 6, tokens: 42, cost: 6_609 },
      { kind: "tag", value: "feature=search", requests: 3, tokens: 21, cost: 3_306 },
      { kind: "user", value: "", requests: 4, tokens: 21, cost: 3_603 },
      { kind: "user", value: "ada", requests: 3, tokens: 21, cost: 3_003 },
      { kind: "user", value: "bob", requests: 3, tokens: 21, cost: 3_303 },
    ]);
    expect(await sum("SELECT sum(cost_pico_usd)::text FROM spend_rollup_hour")).toBe(await spend());
    expect(await sum("SELECT sum(cost_pico_usd)::text FROM spend_rollup_day")).toBe(await spend());
    const entries = "SELECT sum(entries)::text || ' ' || sum(amount_pico_usd)::text AS sum FROM ledger_rollup";
    expect(await sum(`${entries}_day`)).toBe(await sum(`${entries}_hour`));
    expect(await new VerifyRollUpsRepository(pool).findDriftedDays(dayStart)).toEqual([]);
  });

  it("counts as tokens what the meters count as tokens", async () => {
    const { rows } = await pool.query(
      "SELECT meter FROM unnest($1::text[]) AS meter WHERE rollup_counts_tokens(meter) ORDER BY meter",
      [[...meters, adjustmentMeter, feeMeter, correctionMeter, closedCorrectionMeter]],
    );
    expect(rows.map(({ meter }) => meter)).toEqual([...inputTokenMeters, ...outputTokenMeters].toSorted());
  });

  it("gives a call back to its own project as it was recorded, with what was corrected since", async () => {
    const [attempt, made] = call();
    const recorded = { ...attempt, expectedPicoUsd: "650" };
    const odd = String.raw`o"brien \ {,} NULL`;
    const attribution = { ...made.attribution, user: odd, session: "NULL", tags: [`who=${odd}`, ""] };
    const request = { ...made, attribution, warnings: [odd], because: [{ code: "odd", text: odd }] };
    await repository.ingest({ batchId: "b1", gatewayId: "g", events: [recorded, request] });
    await pool.query(
      `INSERT INTO ledger_entry (attempt_id, started_at, kind, sequence, amount_pico_usd, request_id, team_id, project_id,
         virtual_key_id, connection_id, model_id)
       SELECT attempt_id, started_at, 'correct', 1, -100, request_id, team_id, project_id, virtual_key_id, connection_id, model_id
       FROM ledger_entry WHERE kind = 'settle'`,
    );
    const receiptFor = async (project: string) => {
      const values = [request.requestId, new Date(startedAtMs), project];
      const { rows } = await pool.query("SELECT gateway_receipt($1, $2, $3) AS receipt", values);
      return rows[0].receipt;
    };
    expect(await receiptFor("another project")).toBeNull();
    const { attempts, corrections, request: found } = await receiptFor(request.attribution.projectId);
    expect(found).toEqual({ ...request, savedPicoUsd: "0" });
    const { attribution: _, routeName: __, ...known } = recorded;
    expect(attempts).toEqual([known]);
    expect(corrections).toMatchObject([{ attemptId: attempt.attemptId, amountPicoUsd: "-100" }]);
  });

  it("takes a batch once, however often it comes", async () => {
    const events = [...call()];
    await repository.ingest({ batchId: "b1", gatewayId: "g", events });
    expect(await repository.ingest({ batchId: "b1", gatewayId: "g", events })).toBeNull();
    expect([await spend(), await rolledUp()]).toEqual(["700", "700"]);
  });

  it("takes an event once, even in another batch and twice in one", async () => {
    const events = [...call()];
    await repository.ingest({ batchId: "b1", gatewayId: "g", events });
    expect(
      await repository.ingest({ batchId: "b2", gatewayId: "g", events: [...events, ...events, ...call("1")] }),
    ).toEqual({ attempts: 1, requests: 1 });
    expect([await spend(), await rolledUp()]).toEqual(["701", "701"]);
  });

  it("loses and doubles nothing when many jobs write the same rows at once", async () => {
    const batches = Array.from({ length: 24 }, (_, index) => ({
      batchId: `b${index % 12}`,
      gatewayId: "g",
      events: Array.from({ length: 10 }, () => call("3")).flat(),
    }));
    // Twelve batches, each delivered twice with the same content.
    for (let index = 12; index < 24; index++) batches[index] = batches[index - 12] ?? batches[index]!;
    await Promise.all(batches.map((batch) => repository.ingest(batch)));
    expect([await spend(), await rolledUp()]).toEqual(["360", "360"]);
  });

  it("writes nothing of a batch that has one event it cannot write", async () => {
    const [attempt, request] = call();
    const broken = { ...attempt, attemptId: createUuidV7(startedAtMs), costPicoUsd: "-5", lines: [] };
    await expect(
      repository.ingest({ batchId: "b1", gatewayId: "g", events: [attempt, request, broken] }),
    ).rejects.toThrow(/ledger_entry|amount/);
    expect([await spend(), await rolledUp(), await sum("SELECT count(*)::text AS sum FROM journal_batch")]).toEqual([
      "0",
      "0",
      "0",
    ]);
  });

  it("sums what came of attempts and calls by kind of task, once, to the last pico-dollar", async () => {
    const requestId = createUuidV7(startedAtMs);
    const ids = { requestId, startedAtMs, endedAtMs: startedAtMs + 900, taskClass: "code", lines: [] };
    const low = { verdict: "complete", failureClass: "invalid_answer", costPicoUsd: "333" } as const;
    const high = { role: "escalation", attemptNumber: 2, modelId: "large" } as const;
    const events = [
      attemptRecord({ ...ids, ...low, attemptId: createUuidV7(startedAtMs), holdPicoUsd: "333" }),
      // Above what a double holds exactly; a ledger entry itself is at most a bigint.
      attemptRecord({ ...ids, ...high, attemptId: createUuidV7(startedAtMs), costPicoUsd: "9007199254740993" }),
      requestRecord({
        requestId,
        startedAtMs,
        attempts: 2,
        escalations: 1,
        costPicoUsd: "9007199254741326",
        task: { taskClass: "code", complexity: 0.4 },
      }),
      ...call("700"),
    ];
    await repository.ingest({ batchId: "b1", gatewayId: "g", events });
    await repository.ingest({ batchId: "b2", gatewayId: "g", events });
    const targets = await pool.query(
      `SELECT task_class, model_id, attempts::int, successes::int, invalid::int, escalations::int, rescues::int,
         cost_pico_usd::text AS cost FROM target_outcome_hour ORDER BY 1, 2 DESC`,
    );
    const none = { invalid: 0, escalations: 0, rescues: 0 };
    expect(targets.rows).toEqual([
      { ...none, task_class: "code", model_id: "model", attempts: 1, successes: 0, invalid: 1, cost: "333" },
      {
        task_class: "code",
        model_id: "large",
        attempts: 1,
        successes: 1,
        invalid: 0,
        escalations: 1,
        rescues: 1,
        cost: "9007199254740993",
      },
      { ...none, task_class: "unknown", model_id: "model", attempts: 1, successes: 1, cost: "700" },
    ]);
    expect(await sum("SELECT sum(cost_pico_usd)::text FROM target_outcome_hour")).toBe(await spend());
    const tasks = await pool.query(
      `SELECT task_class, tasks::int, successes::int, escalated::int, rescued::int, cost_pico_usd::text AS cost,
         cost_squared::text AS squared FROM task_outcome_hour ORDER BY 1`,
    );
    const squared = (9_007_199_254_741_326n ** 2n).toString();
    expect(tasks.rows).toEqual([
      { task_class: "code", tasks: 1, successes: 1, escalated: 1, rescued: 1, cost: "9007199254741326", squared },
      { task_class: "unknown", tasks: 1, successes: 1, escalated: 0, rescued: 0, cost: "700", squared: "490000" },
    ]);
    const { rows } = await pool.query("SELECT task_class, complexity FROM request_log WHERE request_id = $1", [
      requestId,
    ]);
    expect(rows).toEqual([{ task_class: "code", complexity: 0.4 }]);
  });

  it("books a soft budget's spend without a lease", async () => {
    await pool.query(`INSERT INTO quota (id, name, unit, period, limit_amount, mode, scope_type, scope_id)
      VALUES ('q', 'soft', 'pico_usd', 'total', 1000, 'soft', 'organisation', 'org')`);
    const [attempt] = call();
    const quotas = [
      { quotaId: "q", windowStartMs: 0, leaseId: null, heldPicoUsd: "0", chargedPicoUsd: "700", overrunPicoUsd: "0" },
    ];
    await repository.ingest({ batchId: "b1", gatewayId: "g", events: [{ ...attempt, quotas }] });
    expect(await sum("SELECT settled::text AS sum FROM quota_window WHERE quota_id = 'q'")).toBe("700");
  });

  it("compiles a cost report per team and day that equals the ledger", async () => {
    await repository.ingest({ batchId: "b1", gatewayId: "g", events: [...call("700"), ...call("300")] });
    await new TeamCostReportsRepository(pool).compileSince(dayStart);
    await new TeamCostReportsRepository(pool).compileSince(dayStart);
    const { rows } = await pool.query(
      "SELECT team_id, cost_pico_usd::text AS cost, requests::int, breakdown FROM team_cost_report",
    );
    expect(rows).toEqual([
      {
        team_id: "team",
        cost: "1000",
        requests: 2,
        breakdown: [{ modelId: "model", costPicoUsd: "1000", requests: 2 }],
      },
    ]);
  });

  it("finds an hour whose roll-ups were tampered with", async () => {
    await repository.ingest({ batchId: "b1", gatewayId: "g", events: [...call()] });
    await pool.query("UPDATE cost_rollup_hour SET cost_pico_usd = cost_pico_usd + 1");
    const drift = await new VerifyRollUpsRepository(pool).findDrift(dayStart);
    expect(drift.map(({ ledgerPicoUsd, rollUpPicoUsd }) => [ledgerPicoUsd, rollUpPicoUsd])).toEqual([["700", "701"]]);
    const days = await new VerifyRollUpsRepository(pool).findDriftedDays(dayStart);
    expect(days.map(({ rollUp, finest, found }) => [rollUp, finest, found])).toEqual([
      ["attribution_rollup_day", "701", "700"],
      ["attribution_rollup_hour", "701", "700"],
      ["cost_rollup_day", "701", "700"],
      ["spend_rollup_day", "701", "700"],
      ["spend_rollup_hour", "701", "700"],
    ]);
    await pool.query("UPDATE cost_rollup_hour SET cost_pico_usd = cost_pico_usd - 1");
    await pool.query("UPDATE service_rollup_day SET requests = 7");
    const calls = await new VerifyRollUpsRepository(pool).findDriftedDays(dayStart);
    expect(calls).toMatchObject([{ rollUp: "service_rollup_day", summed: "requests", finest: "1", found: "7" }]);
  });
});
