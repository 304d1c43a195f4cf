/**
 * One gateway process with nothing but its money: real leases, a real journal, the real queue, and calls of a cent each
 * whose "provider" is a line on standard output. Told what to do by its arguments; ends by a signal.
 */
import { randomUUID } from "node:crypto";
import { writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Attribution } from "@switchyard/metering/usage-event";
import { createMetrics } from "@switchyard/telemetry/metrics";
import type { CallToAdmit } from "../../src/admission/admission.ts";
import { AttemptHolder } from "../../src/admission/attempt-holder.ts";
import { DatabaseReachability } from "../../src/admission/database-reachability.ts";
import { GatewayHeartbeat } from "../../src/admission/gateway-heartbeat.ts";
import { openHeartbeatConnection } from "../../src/admission/heartbeat-connection.repository.ts";
import { LeaseRepository } from "../../src/admission/lease.repository.ts";
import { quotasOfCall } from "../../src/admission/matching-quotas.ts";
import { OpenAttempts } from "../../src/admission/open-attempts.ts";
import { QuotaLeases } from "../../src/admission/quota-leases.ts";
import { AttemptCloser } from "../../src/settlement/attempt-closer.ts";
import { JournalPipeline } from "../../src/settlement/journal-pipeline.ts";
import type { MoneyProcessOptions } from "./money-process-control.ts";
import { attemptOf, callOf, centPerRequest, policyWith } from "../admission/money-fixture.ts";

const options = JSON.parse(process.argv[2] ?? "{}") as MoneyProcessOptions;
const silent = () => undefined;
const logger = { info: silent, warn: silent, error: silent } as never;
const identity = { gatewayId: options.gatewayId, bootId: randomUUID(), region: null, startedAtMs: Date.now() };
const tell = (line: string): void => void writeSync(1, `${line}\n`);

const reachability = new DatabaseReachability(1);
const repository = new LeaseRepository({ identity, databaseUrl: options.gatewayUrl, logger });
const leases = new QuotaLeases({ database: repository, reachability, logger, metrics: { countAnswer: silent } });
const heartbeat = new GatewayHeartbeat({
  identity,
  reachability,
  logger,
  retryMs: 50,
  open: (onRecall) => openHeartbeatConnection(options.gatewayUrl, onRecall),
  onRecall: ({ quotaId, windowStartMs, recall }) => leases.answerRecall(quotaId, windowStartMs, recall),
  onReconnect: () => leases.answerAllRecalls(),
});
await heartbeat.start();
const pipeline = new JournalPipeline({
  identity,
  databaseUrl: options.gatewayUrl,
  redisUrl: null,
  journalDirectory: options.directory,
  journalSync: { everyMs: 50 },
  journalMaxBytes: 1024 ** 3,
  logger,
  metrics: createMetrics({ processMetrics: false }),
});
pipeline.start((bootId) => repository.releaseEarlierBoot(bootId));
const openAttempts = new OpenAttempts();
const holder = new AttemptHolder({
  gatewayId: identity.gatewayId,
  leases,
  journal: pipeline.journal,
  openAttempts,
  databaseNowMs: () => heartbeat.databaseNowMs(),
  metrics: { countRefusal: silent },
});
const closer = new AttemptCloser(openAttempts, leases, pipeline.journal);
const policy = policyWith(options.quotas);

async function call(): Promise<void> {
  const requestId = randomUUID();
  const attemptId = randomUUID();
  const toAdmit: CallToAdmit = callOf(policy, { requestId });
  const quotas = quotasOfCall(policy, toAdmit.attribution as Attribution, toAdmit.route.routeId);
  let held;
  try {
    held = await holder.hold(toAdmit, quotas, attemptOf(policy, { prices: centPerRequest }, attemptId));
  } catch (error) {
    tell(`refused ${(error as { code?: string }).code}`);
    return;
  }
  tell(`dispatched ${attemptId}`);
  await sleep(1 + Math.random() * 8);
  closer.settle(held, {
    verdict: "complete",
    failureClass: null,
    upstreamStatus: 200,
    timeToFirstTokenMs: null,
    usageSource: "provider_final",
    usage: { input: 5, output: 7 },
    mayBeBilled: true,
    serviceTier: null,
  });
}

let left = options.calls;
async function lane(): Promise<void> {
  while (left > 0) {
    left -= 1;
    await call();
  }
}

process.once("SIGTERM", () => void drain());
await Promise.all(Array.from({ length: options.lanes }, lane));
tell("finished");
while (!pipeline.status().isReplayDone) await sleep(20);
tell("replayed");
setInterval(silent, 1_000);

async function drain(): Promise<void> {
  await pipeline.flush();
  const isEverythingReturned = await leases.returnEverything();
  await pipeline.drain(20_000, isEverythingReturned);
  await heartbeat.stop();
  await repository.close();
  process.exit(0);
}
