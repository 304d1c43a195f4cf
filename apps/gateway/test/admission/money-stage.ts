/** Admission and settlement as one process has them, around a model of the database and a journal in memory. */
import type { GatewayFee } from "@switchyard/metering/gateway-fee";
import type { Quota } from "@switchyard/metering/quota";
import type { HoldRecord, JournalRecord, UsageEvent } from "@switchyard/metering/usage-event";
import { createMetrics } from "@switchyard/telemetry/metrics";
import { onTestFinished } from "vitest";
import { AdmissionService } from "../../src/admission/admission.service.ts";
import { AttemptHolder } from "../../src/admission/attempt-holder.ts";
import { DatabaseReachability } from "../../src/admission/database-reachability.ts";
import { HoldJournal } from "../../src/admission/hold-journal.ts";
import { OpenAttempts } from "../../src/admission/open-attempts.ts";
import { QuotaLeases } from "../../src/admission/quota-leases.ts";
import { QuotaMetrics } from "../../src/admission/quota-metrics.ts";
import { LeaseDatabaseModel } from "./lease-database-model.ts";
import { policyWith } from "./money-fixture.ts";

class JournalInMemory extends HoldJournal {
  readonly records: JournalRecord[] = [];
  isWritable = true;
  /** Refuses the next hold as a full disk would. */
  failure: Error | null = null;

  async append(hold: HoldRecord): Promise<void> {
    await Promise.resolve();
    if (this.failure !== null) throw this.failure;
    this.records.push(hold);
  }

  appendEvent(event: UsageEvent): void {
    this.records.push(event);
  }
}

export function startMoneyStage(quotas: readonly Quota[], fees: readonly GatewayFee[] = []) {
  const database = new LeaseDatabaseModel();
  for (const { quotaId, limit, period, mode } of quotas) {
    if (mode === "hard") {
      database.quotas.set(quotaId, { limit: BigInt(limit), periodMs: period === "minute" ? 60_000 : null });
    }
  }
  const exposed = createMetrics({ processMetrics: false });
  const metrics = new QuotaMetrics(exposed);
  const reachability = new DatabaseReachability(1);
  const connected = database.connect("gateway", (...recall) => leases.answerRecall(...recall));
  const leases = new QuotaLeases({
    database: connected,
    reachability,
    logger: { warn: () => undefined },
    metrics,
    now: () => database.nowMs,
  });
  reachability.reportAnswer(1);
  onTestFinished(async () => void (await leases.returnEverything()));
  const journal = new JournalInMemory();
  const openAttempts = new OpenAttempts();
  const holder = new AttemptHolder({
    gatewayId: "gateway",
    leases,
    journal,
    openAttempts,
    databaseNowMs: () => database.nowMs,
    metrics,
  });
  const admission = new AdmissionService(leases, holder, metrics);
  return {
    database,
    reachability,
    leases,
    journal,
    openAttempts,
    admission,
    exposed,
    policy: policyWith(quotas, fees),
  };
}
