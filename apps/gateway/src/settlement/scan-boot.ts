/** Reads what an earlier boot left: which of its attempts were never closed, and which of its requests never ended. */
import { picoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import {
  usageEventVersion,
  type AttemptRecord,
  type HoldRecord,
  type RequestRecord,
} from "@switchyard/metering/usage-event";
import { closeLostAttempt } from "./close-attempt.ts";
import type { JournalSegment, SegmentHeader } from "./journal-segment.ts";
import { readSegment } from "./segment-reader.ts";

export interface ScannedBoot {
  /** Null when not even a header is left. */
  readonly header: SegmentHeader | null;
  /** What closes the boot's journal: the lost attempts at their holds, then the requests that they belonged to. */
  readonly closings: readonly (AttemptRecord | RequestRecord)[];
}

/** A request that has attempts and, so far, no end. */
interface OpenRequest {
  readonly first: HoldRecord;
  readonly openHolds: Map<string, HoldRecord>;
  readonly closedCosts: bigint[];
  hasSettled: boolean;
  last: HoldRecord;
}

/** In memory is only what is open, however long the journal is. */
export async function scanBoot(segments: readonly JournalSegment[], nowMs: number): Promise<ScannedBoot> {
  let header: SegmentHeader | null = null;
  const requests = new Map<string, OpenRequest>();
  for (const segment of segments) {
    for await (const { record } of readSegment(segment.path, 0, segment.writtenBytes)) {
      if (record === null) continue;
      if (record.type === "segment") header ??= record;
      else if (record.type === "hold") noteHold(requests, record);
      else if (record.type === "attempt") noteAttempt(requests, record);
      else if (record.type === "request") requests.delete(record.requestId);
    }
  }
  return { header, closings: [...requests.values()].flatMap((request) => closeRequest(request, nowMs)) };
}

function noteHold(requests: Map<string, OpenRequest>, hold: HoldRecord): void {
  let request = requests.get(hold.requestId);
  if (request === undefined) {
    request = { first: hold, last: hold, openHolds: new Map(), closedCosts: [], hasSettled: false };
    requests.set(hold.requestId, request);
  }
  request.openHolds.set(hold.attemptId, hold);
  request.last = hold;
}

function noteAttempt(requests: Map<string, OpenRequest>, attempt: AttemptRecord): void {
  const request = requests.get(attempt.requestId);
  if (request === undefined || !request.openHolds.delete(attempt.attemptId)) return;
  request.closedCosts.push(BigInt(attempt.costPicoUsd));
  request.hasSettled ||= attempt.closing === "settle";
}

function closeRequest(request: OpenRequest, nowMs: number): (AttemptRecord | RequestRecord)[] {
  const lost = [...request.openHolds.values()].map((hold, index) =>
    closeLostAttempt(hold, nowMs, index === 0 && !request.hasSettled),
  );
  const costs = [...request.closedCosts, ...lost.map((attempt) => BigInt(attempt.costPicoUsd))].map(picoUsd);
  return [...lost, lostRequest(request, costs.length, sumPicoUsd(costs).toString(), nowMs)];
}

/** A request whose process died before it ended. What only the process knew (bytes, latency) stays unknown. */
function lostRequest(
  { first, last }: OpenRequest,
  attempts: number,
  costPicoUsd: string,
  nowMs: number,
): RequestRecord {
  return {
    type: "request",
    version: usageEventVersion,
    requestId: first.requestId,
    operation: first.operation,
    startedAtMs: first.startedAtMs,
    endedAtMs: nowMs,
    gatewayId: first.gatewayId,
    attribution: first.attribution,
    routeId: first.routeId,
    routeName: first.routeName,
    requestedModel: first.routeName,
    connectionId: last.connectionId,
    providerKind: last.providerKind,
    modelId: last.modelId,
    providerModel: last.providerModel,
    policyRevision: first.policyRevision,
    stream: false,
    status: 500,
    errorCode: "internal_error",
    verdict: "errored",
    cache: "bypass",
    attempts,
    costPicoUsd,
    timeToFirstTokenMs: null,
    durationMs: 0,
    gatewayOverheadMs: 0,
    // How hard it was only the process knew.
    ...(first.taskClass === undefined ? {} : { task: { taskClass: first.taskClass, complexity: null } }),
    requestBytes: 0,
    responseBytes: 0,
    warnings: [],
    because: [{ code: "process_lost", text: "the gateway process ended before the call did" }],
  };
}
