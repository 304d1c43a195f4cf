import { isLookUp, type Call } from "../accept/call.ts";
import type { TaskPerformance } from "../performance/task-performance.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import type { AccessLog } from "./access-log.ts";
import type { CallMetrics } from "./call-metrics.ts";
import { requestRecord } from "./request-record.ts";

/** The last stage: whatever became of a call is recorded, counted and logged, once. */
export class CallCloser {
  readonly #settlement: SettlementService;
  readonly #metrics: CallMetrics;
  readonly #accessLog: AccessLog;
  readonly #performance: TaskPerformance;
  readonly #gatewayId: string;

  constructor(
    settlement: SettlementService,
    metrics: CallMetrics,
    accessLog: AccessLog,
    performance: TaskPerformance,
    gatewayId: string,
  ) {
    this.#settlement = settlement;
    this.#metrics = metrics;
    this.#accessLog = accessLog;
    this.#performance = performance;
    this.#gatewayId = gatewayId;
  }

  close(call: Call): void {
    const durationMs = performance.now() - call.startedAt;
    // A call of nobody we know has nobody to be recorded for.
    if (call.attribution !== null && !isLookUp(call.kind)) {
      const record = requestRecord(call, call.kind, call.attribution, this.#gatewayId, durationMs);
      this.#settlement.recordRequest(record);
    }
    call.claim?.end(call);
    if (call.task !== null) this.#performance.note(call.task, call.closedAttempts);
    this.#metrics.count(call, durationMs);
    this.#accessLog.write(call, durationMs);
  }
}
