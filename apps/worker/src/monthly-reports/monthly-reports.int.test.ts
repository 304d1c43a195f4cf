import { createConnectionPool } from "@switchyard/database/client";
import { migrate } from "@switchyard/database/migrate";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { type MonthlyReportContent, monthlyReportContentSchema } from "@switchyard/metering/monthly-report";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type pg from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { RetentionOptions } from "../retention/maintain-partitions.processor.ts";
import { UsageIngestionRepository } from "../usage-ingestion/usage-ingestion.repository.ts";
import { attemptRecord, requestRecord } from "../usage-ingestion/usage-records.fixture.ts";
import { ChangedMonthRepository } from "./changed-month.repository.ts";
import { CompileMonthlyReportProcessor } from "./compile-monthly-report.processor.ts";
import { MonthFiguresRepository } from "./month-figures.repository.ts";
import { MonthlyReportRepository } from "./monthly-report.repository.ts";
import { ReportDatabase } from "../reports/report-database.repository.ts";
import { ReportDeliveryRepository } from "./report-delivery.repository.ts";

let database: EmbeddedDatabase;
let pool: pg.Pool;
let reports: MonthlyReportRepository;
let changed: ChangedMonthRepository;
let compile: CompileMonthlyReportProcessor;
let batches = 0;
const delivered: string[] = [];

beforeAll(async () => {
  database = await startEmbeddedDatabase({
    prepare: async (connectionString) => void (await migrate({ connectionString })),
  });
});

beforeEach(async () => {
  await pool?.end();
  pool = createConnectionPool({ connectionString: await database.createDatabase(), poolSize: 8 });
  const forReports = new ReportDatabase(pool);
  reports = new MonthlyReportRepository(pool);
  changed = new ChangedMonthRepository(forReports);
  compile = new CompileMonthlyReportProcessor(
    reports,
    new MonthFiguresRepository(forReports),
    new RetentionOptions(3_650),
    new ReportDeliveryRepository(pool),
    { enqueue: (_name, _payload, jobId) => Promise.resolve(void delivered.push(jobId)) },
  );
  await pool.query("INSERT INTO organisation (id, name) VALUES ('org', 'Acme')");
  await pool.query(`INSERT INTO team (id, organisation_id, name, created_at)
    VALUES ('team', 'org', 'Search', '2026-01-05'), ('idle', 'org', 'Idle', '2026-01-05')`);
  await pool.query("INSERT INTO project (id, team_id, name) VALUES ('project', 'team', '=Ranking')");
});

afterAll(async () => {
  await pool?.end();
  await database.stop();
});

async function spend(at: string, costPicoUsd: bigint, user = "ada"): Promise<void> {
  const startedAtMs = Date.parse(at);
  const requestId = createUuidV7(startedAtMs);
  const cost = costPicoUsd.toString();
  const times = { startedAtMs, endedAtMs: startedAtMs + 900 };
  const { attribution } = attemptRecord({ requestId, attemptId: requestId });
  const own = { ...times, requestId, costPicoUsd: cost, attribution: { ...attribution, user } };
  const lines = [{ meter: "output" as const, quantity: 1, unitPricePicoUsd: cost, amountPicoUsd: cost }];
  const events = [attemptRecord({ ...own, attemptId: createUuidV7(startedAtMs), lines }), requestRecord(own)];
  batches += 1;
  await new UsageIngestionRepository(pool).ingest({ batchId: `b${batches}`, gatewayId: "g", events });
}

async function makeAll(): Promise<void> {
  for (const { reportId } of await reports.unfinished()) await compile.run({ reportId });
}

interface Version {
  readonly month: string;
  readonly version: number;
  readonly reason: string;
  readonly state: string;
  readonly total: string | null;
  readonly content: MonthlyReportContent | null;
}

async function versionsOf(teamId: string): Promise<Version[]> {
  const { rows } = await pool.query<Version>(
    `SELECT month::text, version, reason, state, total_pico_usd AS total, content FROM monthly_report
     WHERE team_id = $1 ORDER BY month, version`,
    [teamId],
  );
  return rows.map(({ content, ...row }) => ({
    ...row,
    content: content === null ? null : monthlyReportContentSchema.parse(content),
  }));
}

describe("the schedule", () => {
  it("asks for one report of each team when its zone is an hour into the next month, however many workers ask", async () => {
    await pool.query("INSERT INTO report_schedule VALUES ('org', true, 'America/New_York', '{}', false)");
    expect(await reports.plan(new Date("2026-06-01T04:30:00Z"))).toBe(2);
    expect((await versionsOf("team")).map(({ month }) => month)).toEqual(["2026-04-01"]);
    const asked = await Promise.all(Array.from({ length: 6 }, () => reports.plan(new Date("2026-06-01T05:01:00Z"))));
    expect(asked.reduce((sum, count) => sum + count)).toBe(2);
    await Promise.all([makeAll(), makeAll(), makeAll()]);
    expect(await reports.plan(new Date("2026-06-20T00:00:00Z"))).toBe(0);
    expect((await versionsOf("idle")).at(-1)).toMatchObject({
      month: "2026-05-01",
      version: 1,
      state: "done",
      total: "0",
    });
  });

  it("asks for nothing while it is off, and for nothing of a team that was not there", async () => {
    await pool.query("INSERT INTO report_schedule VALUES ('org', false, 'UTC', '{}', false)");
    expect(await reports.plan(new Date("2026-06-01T05:01:00Z"))).toBe(0);
    await pool.query("UPDATE report_schedule SET enabled = true");
    await pool.query("UPDATE team SET created_at = '2026-06-02' WHERE id = 'idle'");
    expect(await reports.plan(new Date("2026-06-03T00:00:00Z"))).toBe(1);
  });
});

describe("a report", () => {
  it("is the month's spend by the calendar of its zone, and every ranking adds up to it", async () => {
    await pool.query("INSERT INTO report_schedule VALUES ('org', true, 'Europe/Berlin', '{}', false)");
    await spend("2026-04-30T21:30:00Z", 5n);
    await spend("2026-04-30T22:30:00Z", 70n);
    for (let index = 0; index < 12; index += 1)
      await spend("2026-05-10T12:00:00Z", BigInt(100 + index), `user ${index}`);
    await spend("2026-05-31T21:59:00Z", 900n);
    await spend("2026-05-31T22:00:00Z", 4_000n);
    await reports.plan(new Date("2026-06-05T00:00:00Z"));
    await makeAll();
    const [made] = await versionsOf("team");
    const total = 70n + 1_266n + 900n;
    expect(made).toMatchObject({ version: 1, reason: "scheduled", state: "done", total: total.toString() });
    const content = made!.content!;
    expect(content.totals).toMatchObject({ costPicoUsd: total.toString(), requests: 14, tokens: "14" });
    expect(content.previous).toMatchObject({ costPicoUsd: "5", requests: 1 });
    expect(content.days).toHaveLength(31);
    expect(content.days.filter(({ costPicoUsd }) => costPicoUsd !== "0").map(({ day }) => day)).toEqual([
      "2026-05-01",
      "2026-05-10",
      "2026-05-31",
    ]);
    for (const { top, others } of [content.projects, content.models, content.virtualKeys, content.users]) {
      const sum = top.reduce((part, { costPicoUsd }) => part + BigInt(costPicoUsd), BigInt(others.costPicoUsd));
      expect(sum).toBe(total);
    }
    expect(content.users).toMatchObject({ others: { count: 3 } });
    expect(content.projects.top[0]?.name).toBe("=Ranking");
  });

  it("stands as it was made; a late record makes another version", async () => {
    await spend("2026-05-10T12:00:00Z", 100n);
    await pool.query("SELECT ask_monthly_report('r1', 'team', '2026-05-01', 'UTC', 'asked', 'Ada')");
    await makeAll();
    expect(await changed.find("0 seconds")).toEqual([]);
    // Of the months looked at is only the present time's; the figures are those of a month that is over.
    await pool.query(
      `SELECT ask_monthly_report('r2', 'team', (date_trunc('month', now()) - interval '1 month')::date, 'UTC', 'scheduled', NULL)`,
    );
    await makeAll();
    const { rows } = await pool.query("SELECT starts_at FROM monthly_report WHERE id = 'r2'");
    await spend(rows[0].starts_at.toISOString(), 33n);
    expect(await changed.find("1 hour")).toEqual([]);
    expect(await reports.ask(await changed.find("0 seconds"), "changed")).toBe(1);
    await makeAll();
    expect(await changed.find("0 seconds")).toEqual([]);
    expect((await versionsOf("team")).map(({ version, reason, total }) => [version, reason, total])).toEqual([
      [1, "asked", "100"],
      [1, "scheduled", "0"],
      [2, "changed", "33"],
    ]);
    await expect(pool.query("UPDATE monthly_report SET total_pico_usd = 1 WHERE id = 'r2'")).rejects.toThrow(
      /stands as/,
    );
    await expect(pool.query("DELETE FROM monthly_report WHERE id = 'r2'")).rejects.toThrow(/stands as/);
  });

  it("says why it could not be made, and is made when it is tried again", async () => {
    await pool.query("SELECT ask_monthly_report('r1', 'team', '2026-05-01', 'UTC', 'asked', 'Ada')");
    await pool.query("ALTER TABLE request_rollup_hour RENAME TO hidden");
    await expect(compile.run({ reportId: "r1" })).rejects.toThrow(/request_rollup_hour/);
    expect((await pool.query("SELECT state, problem, parts_done FROM monthly_report")).rows[0]).toMatchObject({
      state: "failed",
      problem: expect.stringContaining("request_rollup_hour"),
      parts_done: 2,
    });
    await pool.query("ALTER TABLE hidden RENAME TO request_rollup_hour");
    await compile.run({ reportId: "r1" });
    expect((await versionsOf("team"))[0]).toMatchObject({ state: "done", total: "0" });
  });

  it("is delivered to whoever the schedule names, unless somebody asked for it", async () => {
    const deliveries = new ReportDeliveryRepository(pool);
    await pool.query("SELECT ask_monthly_report('r1', 'team', '2026-05-01', 'UTC', 'scheduled', NULL)");
    await pool.query("SELECT ask_monthly_report('r2', 'idle', '2026-05-01', 'UTC', 'asked', 'Ada')");
    await makeAll();
    expect(await deliveries.undelivered()).toEqual([]);
    expect(delivered).toEqual([]);
    await pool.query("INSERT INTO report_schedule VALUES ('org', true, 'UTC', '{finance@example.com}', false)");
    expect(await deliveries.undelivered()).toEqual(["r1"]);
    expect(await deliveries.find("r1")).toMatchObject({ month: "2026-05", mailTo: ["finance@example.com"] });
    await deliveries.noteDelivered("r1");
    await pool.query("SELECT ask_monthly_report('r3', 'team', '2026-05-01', 'UTC', 'changed', NULL)");
    await makeAll();
    expect(delivered).toEqual(["monthly-r3"]);
    await deliveries.noteDelivered("r3");
    expect(await deliveries.undelivered()).toEqual([]);
    expect(await deliveries.find("r2")).toBeNull();
  });
});
