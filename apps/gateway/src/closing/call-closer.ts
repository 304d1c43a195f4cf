import type { Logger } from "@switchyard/telemetry/logger";
import type { Call } from "../accept/call.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import type { CallMetrics } from "./call-metrics.ts";
import { overheadMs, requestRecord } from "./request-record.ts";

/** The last stage: whatever became of a call is recorded, counted and logged, once. */
export class CallCloser {
  readonly #settlement: SettlementService;
  readonly #metrics: CallMetrics;
  readonly #logger: Logger;
  readonly #gatewayId: string;

  constructor(settlement: SettlementService, metrics: CallMetrics, logger: Logger, gatewayId: string) {
    this.#settlement = settlement;
    this.#metrics = metrics;
    this.#logger = logger;
    this.#gatewayId = gatewayId;
  }

  close(call: Call): void {
    const durationMs = performance.now() - call.startedAt;
    // A call of nobody we know has nobody to be recorded for.
    if (call.attribution !== null && call.kind !== "models") {
      this.#settlement.recordRequest(requestRecord(call, call.kind, call.attribution, this.#gatewayId, durationMs));
    }
    this.#metrics.count(call, durationMs);
    this.#log(call, durationMs);
  }

  // Ids, numbers and names from policy: nothing that a client or a provider wrote.
  #log(call: Call, durationMs: number): void {
    this.#logger.info(
      {
        requestId: call.requestId,
        operation: call.kind,
        status: call.status,
        errorCode: call.errorCode,
        verdict: call.verdict,
        projectId: call.attribution?.projectId ?? null,
        virtualKeyId: call.attribution?.virtualKeyId ?? null,
        route: call.route?.name ?? null,
        connectionId: call.connection?.connectionId ?? null,
        model: call.model?.providerModel ?? null,
        policyRevision: call.policy?.number ?? null,
        stream: call.isStream,
        cache: call.cache,
        attempts: call.attempts,
        costPicoUsd: call.costPicoUsd.toString(),
        durationMs: rounded(durationMs),
        firstTokenMs: call.firstByteAt === null ? null : rounded(call.firstByteAt - call.startedAt),
        overheadMs: rounded(overheadMs(call, durationMs)),
        requestBytes: call.requestBytes,
        responseBytes: call.responseBytes,
      },
      "request",
    );
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
