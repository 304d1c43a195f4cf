import { zeroPicoUsd } from "@switchyard/metering/pico-usd";
import {
  usageEventVersion,
  type Attribution,
  type RecordedOperation,
  type RequestRecord,
} from "@switchyard/metering/usage-event";
import type { Call } from "../accept/call.ts";

/** The durable record of a call that has ended. */
export function requestRecord(
  call: Call,
  operation: RecordedOperation,
  attribution: Attribution,
  gatewayId: string,
  durationMs: number,
): RequestRecord {
  // A remembered answer was given by nobody: its cost and its attempts are zero, and no provider may be charged with it.
  const isAnswered = call.cache !== "hit";
  return {
    type: "request",
    version: usageEventVersion,
    requestId: call.requestId,
    operation,
    startedAtMs: call.startedAtMs,
    endedAtMs: call.startedAtMs + Math.round(durationMs),
    gatewayId,
    attribution,
    routeId: call.route?.routeId ?? null,
    routeName: call.route?.name ?? null,
    requestedModel: call.requestedModel.slice(0, longestModel),
    connectionId: (isAnswered && call.connection?.connectionId) || null,
    providerKind: (isAnswered && call.connection?.kind) || null,
    modelId: (isAnswered && call.model?.modelId) || null,
    providerModel: (isAnswered && call.model?.providerModel) || null,
    policyRevision: call.policy?.number ?? 0,
    stream: call.isStream,
    status: call.status,
    errorCode: call.errorCode,
    verdict: call.verdict,
    cache: call.cache,
    attempts: call.attempts,
    costPicoUsd: call.costPicoUsd.toString(),
    ...(call.savedPicoUsd === zeroPicoUsd ? {} : { savedPicoUsd: call.savedPicoUsd.toString() }),
    ...taskFields(call),
    timeToFirstTokenMs: call.firstByteAt === null ? null : call.firstByteAt - call.startedAt,
    durationMs,
    gatewayOverheadMs: overheadMs(call, durationMs),
    requestBytes: call.requestBytes,
    responseBytes: call.responseBytes,
    warnings: call.warnings,
    because: call.because,
  };
}

const longestModel = 200;

/** Only where there is something to say: most routes neither classify nor escalate. */
function taskFields({ task, closedAttempts }: Call): Pick<RequestRecord, "task" | "escalations"> {
  const escalations = closedAttempts.reduce((count, { role }) => count + Number(role === "escalation"), 0);
  return {
    ...(task === null ? {} : { task: { taskClass: task.taskClass, complexity: task.complexity } }),
    ...(escalations === 0 ? {} : { escalations }),
  };
}

/** What the gateway itself took: everything that was not waiting for a provider. */
export function overheadMs(call: Call, durationMs: number): number {
  return Math.max(0, durationMs - call.upstreamMs);
}
