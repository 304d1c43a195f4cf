import "reflect-metadata";
import { randomUUID } from "node:crypto";
import { readdirSync } from "node:fs";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { createLogger } from "@switchyard/telemetry/logger";
import { createMetrics } from "@switchyard/telemetry/metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { attemptOf, callOf, cent, centPerRequest, policyWith } from "../../test/admission/money-fixture.ts";
import { makeJournalFolder } from "../../test/settlement/journal-folder.ts";
import { TestIngester } from "../../test/settlement/test-ingester.ts";
import { AdmissionModule } from "../admission/admission.module.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { SettlementModule } from "./settlement.module.ts";
import { SettlementService } from "./settlement.service.ts";
import { soon } from "../../test/soon.ts";

@Module({})
class MoneyModule {}

let database: MoneyDatabase;
let ingester: TestIngester;

beforeAll(async () => {
  database = await MoneyDatabase.start();
  ingester = new TestIngester(database.ownerUrl);
});

afterAll(async () => {
  await ingester.stop();
  await database.stop();
});

async function startModules(directory: string) {
  const identity = { gatewayId: randomUUID(), bootId: randomUUID(), region: null, startedAtMs: Date.now() };
  const logger = createLogger({ service: "gateway-test", level: "silent" });
  const metrics = createMetrics({ processMetrics: false });
  const databaseUrl = database.gatewayUrl;
  const imports = [
    AdmissionModule.with({ identity, databaseUrl, assumedLiveGateways: 1, logger, metrics }),
    SettlementModule.with({
      identity,
      databaseUrl,
      redisUrl: null,
      journalDirectory: directory,
      journalSync: "always",
      journalMaxBytes: 1024 ** 3,
      logger,
      metrics,
    }),
  ];
  const app = await NestFactory.createApplicationContext({ module: MoneyModule, imports }, { logger: false });
  return { admission: app.get(AdmissionService), settlement: app.get(SettlementService) };
}

describe("the money modules", () => {
  it("hold, settle, ship and give everything back", async () => {
    const budget = await database.addQuota(5n * cent, { scopeId: "team_1" });
    const directory = makeJournalFolder();
    const { admission, settlement } = await startModules(directory);
    const policy = policyWith([budget]);
    for (let call = 0; call < 5; call += 1) {
      const admitted = await admission.admit(callOf(policy, { requestId: randomUUID() }));
      const held = await admitted.holdAttempt(attemptOf(policy, { prices: centPerRequest }, randomUUID()));
      settlement.settle(held, {
        verdict: "complete",
        failureClass: null,
        upstreamStatus: 200,
        timeToFirstTokenMs: null,
        usageSource: "provider_final",
        usage: { input: 3, output: 4 },
        mayBeBilled: true,
        serviceTier: null,
      });
      admitted.finish(7);
    }
    const sixth = await admission.admit(callOf(policy));
    await expect(sixth.holdAttempt(attemptOf(policy, { prices: centPerRequest }))).rejects.toMatchObject({
      code: "budget_exceeded",
    });
    await expect.poll(() => settlement.status().unshippedRecords, soon).toBe(0);
    expect(settlement.status()).toMatchObject({ isWritable: true, isReplayDone: true });
    await settlement.drain(10_000);
    expect(await database.committed(budget)).toEqual({ settled: 5n * cent, leased: 0n, unreconciled: 0n, overrun: 0n });
    expect(readdirSync(directory)).toEqual([]);
  });
});
