/** Records as a gateway ships them, for tests. */
import type { AttemptRecord, FeedbackRecord, RequestRecord } from "@switchyard/metering/usage-event";

const attribution = {
  organisationId: "org",
  teamId: "team",
  projectId: "project",
  virtualKeyId: "key",
  user: "ada",
  session: null,
  tags: ["env=prod", "feature=search"],
} as const;

export function attemptRecord(
  fields: Partial<AttemptRecord> & Pick<AttemptRecord, "attemptId" | "requestId">,
): AttemptRecord {
  return {
    type: "attempt",
    version: 1,
    attemptNumber: 1,
    role: "first",
    operation: "chat",
    startedAtMs: Date.UTC(2026, 10, 21, 10, 59, 59),
    endedAtMs: Date.UTC(2026, 10, 21, 11, 0, 1),
    gatewayId: "gateway-0",
    attribution,
    routeId: "route",
    routeName: "demo-chat",
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    providerModel: "gpt-5-mini",
    policyRevision: 1,
    priceVersionId: "price",
    holdPicoUsd: "1000",
    closing: "settle",
    verdict: "complete",
    failureClass: null,
    upstreamStatus: 200,
    costPicoUsd: "700",
    usage: { input: 10, output: 20 },
    usageSource: "provider_final",
    lines: [
      { meter: "input", quantity: 10, unitPricePicoUsd: "10", amountPicoUsd: "100" },
      { meter: "output", quantity: 20, unitPricePicoUsd: "30", amountPicoUsd: "600" },
    ],
    quotas: [],
    timeToFirstTokenMs: 120,
    ...fields,
  };
}

export function requestRecord(fields: Partial<RequestRecord> & Pick<RequestRecord, "requestId">): RequestRecord {
  return {
    type: "request",
    version: 1,
    operation: "chat",
    startedAtMs: Date.UTC(2026, 10, 21, 10, 59, 59),
    endedAtMs: Date.UTC(2026, 10, 21, 11, 0, 1),
    gatewayId: "gateway-0",
    attribution,
    routeId: "route",
    routeName: "demo-chat",
    requestedModel: "demo-chat",
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    providerModel: "gpt-5-mini",
    policyRevision: 1,
    stream: false,
    status: 200,
    errorCode: null,
    verdict: "complete",
    cache: "miss",
    attempts: 1,
    costPicoUsd: "700",
    timeToFirstTokenMs: 120,
    durationMs: 2_000,
    gatewayOverheadMs: 1.5,
    requestBytes: 500,
    responseBytes: 800,
    warnings: [],
    because: [{ code: "weighted", text: "Chose openai / gpt-5-mini." }],
    ...fields,
  };
}

export function feedbackRecord(
  fields: Partial<FeedbackRecord> & Pick<FeedbackRecord, "requestId" | "madeAtMs" | "scorePermille">,
): FeedbackRecord {
  return {
    type: "feedback",
    version: 1,
    givenAtMs: fields.madeAtMs + 5_000,
    projectId: "project",
    virtualKeyId: "key",
    value: null,
    tags: [],
    comment: null,
    ...fields,
  };
}
