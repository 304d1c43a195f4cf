/** Records for tests, with everything that a test does not care about filled in. */
import type { AttemptRecord, FeedbackRecord, HoldRecord, RequestRecord } from "@switchyard/metering/usage-event";

const attribution = {
  organisationId: "org",
  teamId: "team",
  projectId: "project",
  virtualKeyId: "key",
  user: null,
  session: null,
  tags: [],
};

export function holdRecord(attemptId: string, more: Partial<HoldRecord> = {}): HoldRecord {
  return {
    type: "hold",
    version: 1,
    attemptId,
    requestId: `request of ${attemptId}`,
    attemptNumber: 1,
    role: "first",
    operation: "chat",
    startedAtMs: 1_800_000_000_000,
    gatewayId: "gateway",
    attribution,
    routeId: "route",
    routeName: "fast",
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    providerModel: "gpt-x",
    policyRevision: 1,
    priceVersionId: "p1",
    holdPicoUsd: "1000",
    quotas: [],
    ...more,
  };
}

export function attemptRecord(attemptId: string, more: Partial<AttemptRecord> = {}): AttemptRecord {
  return {
    ...holdRecord(attemptId),
    type: "attempt",
    endedAtMs: 1_800_000_001_000,
    closing: "settle",
    verdict: "complete",
    failureClass: null,
    upstreamStatus: 200,
    costPicoUsd: "400",
    usage: { input: 4 },
    usageSource: "provider_final",
    lines: [{ meter: "input", quantity: 4, unitPricePicoUsd: "100", amountPicoUsd: "400" }],
    quotas: [],
    timeToFirstTokenMs: null,
    ...more,
  };
}

export function requestRecord(requestId: string, more: Partial<RequestRecord> = {}): RequestRecord {
  return {
    type: "request",
    version: 1,
    requestId,
    operation: "chat",
    startedAtMs: 1_800_000_000_000,
    endedAtMs: 1_800_000_001_000,
    gatewayId: "gateway",
    attribution,
    routeId: "route",
    routeName: "fast",
    requestedModel: "fast",
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    providerModel: "gpt-x",
    policyRevision: 1,
    stream: false,
    status: 200,
    errorCode: null,
    verdict: "complete",
    cache: "bypass",
    attempts: 1,
    costPicoUsd: "400",
    timeToFirstTokenMs: null,
    durationMs: 10,
    gatewayOverheadMs: 0.2,
    requestBytes: 100,
    responseBytes: 200,
    warnings: [],
    because: [],
    ...more,
  };
}

export function feedbackRecord(requestId: string): FeedbackRecord {
  return {
    type: "feedback",
    version: 1,
    requestId,
    madeAtMs: 1_800_000_000_000,
    givenAtMs: 1_800_000_002_000,
    projectId: "project",
    virtualKeyId: "key",
    scorePermille: 1_000,
    value: null,
    tags: [],
    comment: null,
  };
}
