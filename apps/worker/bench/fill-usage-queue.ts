/**
 * Fills the usage queue with batches as gateways ship them: `node fill-usage-queue.ts LABEL BATCHES CALLS`, CALLS calls a
 * batch, each a request and its attempt; LABEL begins the batches' ids. `npm run scale` times how long the worker takes to put them into the ledger.
 */
import type { AttemptRecord, RequestRecord } from "@switchyard/metering/usage-event";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { createPostgresBackend, Queue } from "bullmq";

const [label = "scale", ...counts] = process.argv.slice(2);
const [batches = 0, calls = 0] = counts.map(Number);
const connection = { connectionString: process.env["DATABASE_URL"] ?? "", migrate: false };
const queue = new Queue("usage", { connection, skipMetasUpdate: true }, createPostgresBackend);

for (let batch = 0; batch < batches; batch += 1) {
  const batchId = `${label}.${batch}`;
  const events = Array.from({ length: calls }, (_, call) => eventsOf(batch * calls + call)).flat();
  await queue.add("ingest-usage", { batchId, gatewayId: "gateway-0", events }, { jobId: batchId, attempts: 5 });
}
await queue.close();

function eventsOf(index: number): [AttemptRecord, RequestRecord] {
  const startedAtMs = Date.now() - (index % 60_000);
  const requestId = createUuidV7(startedAtMs);
  const team = index % 10;
  const common = {
    version: 1,
    requestId,
    operation: "chat",
    startedAtMs,
    endedAtMs: startedAtMs + 900,
    gatewayId: "gateway-0",
    attribution: {
      organisationId: "scale",
      teamId: `scale-team-${team}`,
      projectId: `scale-project-${team}`,
      virtualKeyId: `scale-key-${index % 50}`,
      user: `person-${index % 50}-${Math.floor(index / 50) % 20}`,
      session: null,
      tags: ["env=prod", "feature=search"],
    },
    routeId: "route",
    routeName: "route",
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    providerModel: "model",
    policyRevision: 1,
    verdict: "complete",
    costPicoUsd: "75000000",
    timeToFirstTokenMs: 120,
  } as const;
  const attempt: AttemptRecord = {
    ...common,
    type: "attempt",
    attemptId: createUuidV7(startedAtMs),
    attemptNumber: 1,
    role: "first",
    priceVersionId: "scale-price",
    holdPicoUsd: "500000000",
    expectedPicoUsd: "80000000",
    closing: "settle",
    failureClass: null,
    upstreamStatus: 200,
    usage: { input: 300, output: 50 },
    usageSource: "provider_final",
    lines: [
      { meter: "input", quantity: 300, unitPricePicoUsd: "150000", amountPicoUsd: "45000000" },
      { meter: "output", quantity: 50, unitPricePicoUsd: "600000", amountPicoUsd: "30000000" },
    ],
    quotas: [],
  };
  const request: RequestRecord = {
    ...common,
    type: "request",
    requestedModel: "route",
    stream: false,
    status: 200,
    errorCode: null,
    cache: "bypass",
    attempts: 1,
    durationMs: 900,
    gatewayOverheadMs: 0.5,
    requestBytes: 600,
    responseBytes: 900,
    warnings: [],
    because: [{ code: "weighted", text: "Chose the first target by weight." }],
  };
  return [attempt, request];
}
