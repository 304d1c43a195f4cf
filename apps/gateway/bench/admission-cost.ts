/**
 * What admission costs one call: four rate limits and three budgets held from leases in memory, the hold's record made
 * and closed. Without the journal's write and without the database, which no call waits for.
 */
import type { Quota } from "@switchyard/metering/quota";
import type { HoldRecord } from "@switchyard/metering/usage-event";
import { AttemptHolder, rateAmount } from "../src/admission/attempt-holder.ts";
import { DatabaseReachability } from "../src/admission/database-reachability.ts";
import { HoldJournal } from "../src/admission/hold-journal.ts";
import { quotasOfCall } from "../src/admission/matching-quotas.ts";
import { OpenAttempts } from "../src/admission/open-attempts.ts";
import { QuotaLeases } from "../src/admission/quota-leases.ts";
import { LeaseDatabaseModel } from "../test/admission/lease-database-model.ts";
import { attemptOf, callOf, policyWith, quota } from "../test/admission/money-fixture.ts";

const warmUpCalls = 50_000;
const measuredCalls = 200_000;
const plenty = 10n ** 25n;

const quotas: readonly Quota[] = [
  quota("team-money", plenty),
  quota("project-money", plenty, { scopeType: "project", scopeId: "prj_1" }),
  quota("key-money", plenty, { scopeType: "virtual_key", scopeId: "vk_key" }),
  quota("team-requests", plenty, { unit: "requests", period: "minute" }),
  quota("team-tokens", plenty, { unit: "tokens", period: "minute" }),
  quota("key-requests", plenty, { unit: "requests", period: "minute", scopeType: "virtual_key", scopeId: "vk_key" }),
  quota("team-calls", plenty, { unit: "concurrent_requests", period: "concurrent" }),
];

class NoJournal extends HoldJournal {
  readonly isWritable = true;

  append(_hold: HoldRecord): Promise<void> {
    return Promise.resolve();
  }
}

/** Microseconds of one call's holds, from asking to giving back. */
export async function measureAdmission(): Promise<number> {
  const database = new LeaseDatabaseModel();
  for (const { quotaId, limit } of quotas) database.quotas.set(quotaId, { limit: BigInt(limit), periodMs: null });
  const metrics = { countAnswer: () => undefined, countRefusal: () => undefined };
  const reachability = new DatabaseReachability(1);
  const leases: QuotaLeases = new QuotaLeases({
    database: database.connect("gateway", (...recall) => leases.answerRecall(...recall)),
    reachability,
    logger: { warn: () => undefined },
    metrics,
    now: () => database.nowMs,
  });
  reachability.reportAnswer(1);
  const openAttempts = new OpenAttempts();
  const holder = new AttemptHolder({
    gatewayId: "gateway",
    leases,
    journal: new NoJournal(),
    openAttempts,
    databaseNowMs: () => database.nowMs,
    metrics,
  });
  const policy = policyWith(quotas);
  const call = callOf(policy);
  const attempt = attemptOf(policy, {});

  const admitOnce = async (): Promise<void> => {
    const matching = quotasOfCall(policy, call.attribution, call.route.routeId);
    const admitted = await leases.hold(matching.rates.map((rate) => ({ quota: rate, amount: rateAmount(rate, call) })));
    if (admitted.kind === "refused") throw new Error("a call was refused");
    const open = openAttempts.close(await holder.hold(call, matching, attempt));
    for (const held of [...open.budgets, ...admitted.held]) leases.close(held, 0n);
  };
  for (let calls = 0; calls < warmUpCalls; calls += 1) await admitOnce();
  const before = process.cpuUsage();
  for (let calls = 0; calls < measuredCalls; calls += 1) await admitOnce();
  const { user, system } = process.cpuUsage(before);
  await leases.returnEverything();
  return (user + system) / measuredCalls;
}
