import { createHmac, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { INestApplicationContext } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createConnectionPool } from "@switchyard/database/client";
import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { generateMasterKey, parseMasterKeyring } from "@switchyard/secrets/master-key";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { sealCredential } from "@switchyard/secrets/sealed-credential";
import type pg from "pg";
import { startMailbox } from "../test/mailbox.ts";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { JobRunner } from "./queue/job-runner.service.ts";
import { attemptRecord, requestRecord } from "./usage-ingestion/usage-records.fixture.ts";
import { WorkerModule } from "./worker.module.ts";

const signingSecret = "receiver-secret";
const masterKey = generateMasterKey();
const received: { body: string; signature: string }[] = [];

let database: EmbeddedDatabase;
let pool: pg.Pool;
let receiver: Server;
let mailbox: Awaited<ReturnType<typeof startMailbox>>;
let worker: INestApplicationContext;

beforeAll(async () => {
  database = await startMigratedDatabase();
  const databaseUrl = await database.createDatabase();
  pool = createConnectionPool({ connectionString: databaseUrl, poolSize: 4 });
  receiver = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      received.push({ body, signature: String(request.headers["x-switchyard-signature"]) });
      response.end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  mailbox = await startMailbox();
  worker = await NestFactory.createApplicationContext(
    WorkerModule.for({
      databaseUrl,
      redisUrl: null,
      masterKey,
      isLocal: true,
      lifeline: null,
      host: "127.0.0.1",
      port: 0,
      logLevel: "error",
      requestRetentionDays: 90,
      smtpUrl: mailbox.url,
      alertMailFrom: "switchyard@example.com",
      alertMailTo: ["finance@example.com", "ops@example.com"],
    }),
    { logger: ["error"] },
  );
});

afterAll(async () => {
  await worker?.close();
  receiver?.close();
  mailbox?.close();
  await pool?.end();
  await database?.stop();
});

it("turns a queued batch into ledger entries, and a passed threshold into one signed alert", async () => {
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
  await pool.query("INSERT INTO organisation (id, name) VALUES ('org', 'Acme')");
  await pool.query(`INSERT INTO quota (id, name, unit, period, limit_amount, mode, scope_type, scope_id, thresholds)
    VALUES ('q', 'Acme in total', 'pico_usd', 'total', 1000, 'soft', 'organisation', 'org', '{50,100}')`);
  const sealedSecret = sealCredential(parseMasterKeyring(masterKey), signingSecret, {
    organisationId: "org",
    connectionId: "alert-webhook",
    credentialId: "w",
    origin: new URL(url).origin,
  });
  await pool.query("INSERT INTO alert_webhook (id, url, sealed_secret) VALUES ('w', $1, $2)", [url, sealedSecret]);

  const requestId = createUuidV7();
  const quotas = [
    { quotaId: "q", windowStartMs: 0, leaseId: null, heldPicoUsd: "0", chargedPicoUsd: "700", overrunPicoUsd: "0" },
  ];
  const events = [
    attemptRecord({ attemptId: createUuidV7(), requestId, startedAtMs: Date.now(), endedAtMs: Date.now(), quotas }),
    requestRecord({ requestId, startedAtMs: Date.now(), endedAtMs: Date.now() }),
  ];
  const batchId = randomUUID();
  await worker.get(JobRunner).add("ingest-usage", { batchId, gatewayId: "g", events }, batchId);

  await vi.waitFor(
    async () => {
      const { rows } = await pool.query("SELECT kind, amount_pico_usd AS amount FROM ledger_entry ORDER BY kind");
      expect(rows).toEqual([
        { kind: "hold", amount: "1000" },
        { kind: "settle", amount: "700" },
      ]);
    },
    { timeout: 20_000, interval: 100 },
  );

  await vi.waitFor(() => expect(received).toHaveLength(1), { timeout: 30_000, interval: 200 });
  const [alert] = received;
  const [, timestamp, signature] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(alert?.signature ?? "") ?? [];
  expect(signature).toBe(createHmac("sha256", signingSecret).update(`${timestamp}.${alert?.body}`).digest("hex"));
  expect(JSON.parse(alert?.body ?? "")).toMatchObject({
    thresholdPct: 50,
    usedUsd: "0.0000000007",
    budget: { id: "q" },
  });
  await vi.waitFor(() => expect(mailbox.mails).toHaveLength(1), { timeout: 10_000, interval: 100 });
  expect(mailbox.recipients).toEqual(["finance@example.com", "ops@example.com"]);
  expect(mailbox.mails[0]).toContain('The budget "Acme in total" passed 50 % of its limit.');
  expect(mailbox.mails[0]).toContain("Used:  $0.0000000007");
  await vi.waitFor(async () => {
    const { rows } = await pool.query(
      "SELECT count(*)::int AS delivered FROM budget_alert WHERE delivered_at IS NOT NULL",
    );
    expect(rows).toEqual([{ delivered: 1 }]);
  });
});

it("makes a monthly report that was asked for, and sends one that was due by webhook and mail, once", async () => {
  received.length = 0;
  mailbox.mails.length = 0;
  await pool.query("INSERT INTO team (id, organisation_id, name) VALUES ('t', 'org', 'Search')");
  await pool.query("INSERT INTO report_schedule VALUES ('org', true, 'UTC', '{cfo@example.com}', true)");
  await pool.query("SELECT ask_monthly_report('asked', 't', '2026-04-01', 'UTC', 'asked', 'Ada')");
  await pool.query("SELECT ask_monthly_report('due', 't', '2026-05-01', 'UTC', 'scheduled', NULL)");
  await vi.waitFor(
    async () => {
      const { rows } = await pool.query(
        "SELECT id, state, delivered_at IS NOT NULL AS delivered FROM monthly_report ORDER BY id",
      );
      expect(rows).toEqual([
        { id: "asked", state: "done", delivered: false },
        { id: "due", state: "done", delivered: true },
      ]);
    },
    { timeout: 45_000, interval: 200 },
  );
  expect(received.map(({ body }) => JSON.parse(body))).toMatchObject([
    { type: "monthly_report.made", reportId: "due", month: "2026-05", version: 1, totalUsd: "0" },
  ]);
  expect(mailbox.mails).toHaveLength(1);
  expect(mailbox.recipients.at(-1)).toBe("cfo@example.com");
  expect(mailbox.mails[0]).toContain("Search spent $0.00 in 2026-05 (UTC).");
});
