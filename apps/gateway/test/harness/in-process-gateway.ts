/** The traffic path with everything real except admission and settlement, which only write down what they are told. */
import type { AddressInfo } from "node:net";
import { parsePicoUsd } from "@switchyard/metering/pico-usd";
import type { AttemptRecord, FeedbackRecord, HoldRecord, RequestRecord } from "@switchyard/metering/usage-event";
import { createAddressPolicy } from "@switchyard/outbound/address-policy";
import { deriveKey, deriveKeys } from "@switchyard/secrets/derive-key";
import { createLogger } from "@switchyard/telemetry/logger";
import { createMetrics } from "@switchyard/telemetry/metrics";
import { CallRunner } from "../../src/accept/call-runner.ts";
import { DataPlaneServer } from "../../src/accept/data-plane-server.ts";
import { createHttpServer } from "../../src/accept/http-server.ts";
import { InFlightCalls } from "../../src/accept/in-flight-calls.ts";
import type { AdmissionService } from "../../src/admission/admission.service.ts";
import type {
  AdmittedCall,
  AttemptOutcome,
  AttemptToHold,
  CallToAdmit,
  HeldAttempt,
} from "../../src/admission/admission.ts";
import { ChatPipeline } from "../../src/chat/chat.pipeline.ts";
import { ChatRoutes } from "../../src/chat/chat.routes.ts";
import { AccessLog } from "../../src/closing/access-log.ts";
import { CallCloser } from "../../src/closing/call-closer.ts";
import { CallMetrics } from "../../src/closing/call-metrics.ts";
import { CostEstimator } from "../../src/estimate/cost-estimator.ts";
import { EstimatePipeline } from "../../src/estimate/estimate.pipeline.ts";
import { EstimateRoutes } from "../../src/estimate/estimate.routes.ts";
import { TokenCounter } from "../../src/estimate/token-counter.ts";
import { GatewayErrorHandler } from "../../src/errors/gateway-error.handler.ts";
import { ClaimEnds } from "../../src/idempotency/claim-ends.ts";
import { ClaimWatch } from "../../src/idempotency/claim-watch.ts";
import type { ClaimStore } from "../../src/idempotency/claim.repository.ts";
import { IdempotencyClaims } from "../../src/idempotency/idempotency-claims.ts";
import { CallerIdentifier } from "../../src/identity/caller-identifier.ts";
import { ConversationCount } from "../../src/messages/conversation-count.ts";
import { CountTokensPipeline } from "../../src/messages/count-tokens.pipeline.ts";
import { CountTokensRoutes } from "../../src/messages/count-tokens.routes.ts";
import { ProviderCount } from "../../src/messages/provider-count.ts";
import { ModelPipeline } from "../../src/models/model.pipeline.ts";
import { ModelsPipeline } from "../../src/models/models.pipeline.ts";
import { ModelsRoutes } from "../../src/models/models.routes.ts";
import { OperationsRoutes } from "../../src/operations/operations.routes.ts";
import { BodyReader } from "../../src/parse/body-reader.ts";
import { activateRevision } from "../../src/policies/activate-revision.ts";
import { PolicyStore } from "../../src/policies/policy.store.ts";
import { ReceiptFinder } from "../../src/receipts/receipt-finder.ts";
import type { LedgerRecords } from "../../src/receipts/receipt.repository.ts";
import { ReceiptsPipeline } from "../../src/receipts/receipts.pipeline.ts";
import { ReceiptsRoutes } from "../../src/receipts/receipts.routes.ts";
import { RecentCalls } from "../../src/receipts/recent-calls.ts";
import { AnswerMemory } from "../../src/response-cache/answer-memory.ts";
import { ResponseCache } from "../../src/response-cache/response-cache.ts";
import { HealthMap } from "../../src/routing/health-map.ts";
import { TaskPerformance } from "../../src/performance/task-performance.ts";
import { OutlierWatch } from "../../src/routing/outlier-watch.ts";
import { RoutePlanner } from "../../src/routing/route-planner.ts";
import { SetAsideMemory } from "../../src/routing/set-aside.memory.ts";
import type { CallRecord } from "../../src/settlement/recent-records.ts";
import type { SettlementService } from "../../src/settlement/settlement.service.ts";
import { AttemptMetrics } from "../../src/upstream/attempt-metrics.ts";
import { AttemptSender } from "../../src/upstream/attempt-sender.ts";
import { AttemptTargets } from "../../src/upstream/attempt-targets.ts";
import { CredentialVault } from "../../src/upstream/credential-vault.ts";
import { exchangeCredential } from "../../src/upstream/credentials/exchange-credential.ts";
import type { Exchange } from "../../src/upstream/credentials/issued-credentials.ts";
import { FeedbackPipeline } from "../../src/feedback/feedback.pipeline.ts";
import { FeedbackRoutes } from "../../src/feedback/feedback.routes.ts";
import { PassthroughRoutes } from "../../src/passthrough/passthrough.routes.ts";
import { TokenEndpoint } from "../../src/upstream/credentials/token-endpoint.ts";
import { AttemptDispatcher } from "../../src/upstream/dispatcher.ts";
import { ProviderLimits } from "../../src/upstream/provider-limits.ts";
import { ShadowSender } from "../../src/upstream/shadow-sender.ts";
import { UpstreamClient } from "../../src/upstream/upstream-client.ts";
import { InMemoryClaims } from "./in-memory-claims.ts";
import { masterKeyring, publish, type PolicyFixture } from "./policy-fixture.ts";

interface SettledAttempt {
  readonly hold: HoldRecord;
  readonly outcome: AttemptOutcome;
}

export interface InProcessGateway {
  readonly url: string;
  readonly settled: SettledAttempt[];
  readonly held: HoldRecord[];
  readonly requests: RequestRecord[];
  readonly feedback: FeedbackRecord[];
  /** Set it, and no feedback is kept. */
  isJournalFull: boolean;
  /** Calls whose rate and concurrency holds were given back. */
  readonly finished: number[];
  readonly inFlight: InFlightCalls;
  /** Compares targets with their peers, as a running gateway does every second. */
  lookForOutliers(): void;
  /** Puts other policy in force, as a publication does. */
  publish(revision: PolicyFixture["revision"]): void;
  /** What the ledger has, by request id; null while it is away. */
  ledger: Map<string, LedgerRecords> | null;
  close(): Promise<void>;
}

export interface GatewayOptions {
  readonly bodyLimitBytes?: number;
  readonly mostCalls?: number;
  /** Refuses attempts at a connection as its own limit would; null lets them pass. */
  readonly refuseAttempt?: (attempt: AttemptToHold) => Error | null;
  /** When what was settled is in the journal; at once unless told otherwise. */
  readonly written?: () => Promise<void>;
  /** Shared by gateways that are processes of one fleet. */
  readonly claims?: ClaimStore;
}

export async function startInProcessGateway(
  policy: PolicyFixture,
  options: GatewayOptions = {},
): Promise<InProcessGateway> {
  const logger = createLogger({ service: "gateway-test", level: "silent" });
  const metrics = createMetrics({ processMetrics: false });
  const held: HoldRecord[] = [];
  const settled: SettledAttempt[] = [];
  const requests: RequestRecord[] = [];
  const feedback: FeedbackRecord[] = [];
  const finished: number[] = [];
  /** The newest first. */
  const journalled: CallRecord[] = [];

  const admit = (call: CallToAdmit): AdmittedCall => ({
    forShadow: () => ({ ...admit(call), finish: () => undefined }),
    holdAttempt: async (attempt) => {
      const refusal = options.refuseAttempt?.(attempt) ?? null;
      if (refusal !== null) throw refusal;
      const hold = holdRecord(call, attempt);
      held.push(hold);
      return { hold, outputTokensCap: null };
    },
    rateLimitHeaders: () => ({ "x-ratelimit-limit-requests": "100" }),
    finish: (tokensUsed) => void finished.push(tokensUsed),
  });
  const admission = { admit } as unknown as AdmissionService;
  const settlement = {
    settle: ({ hold }: HeldAttempt, outcome: AttemptOutcome): AttemptRecord => {
      if (settled.some((earlier) => earlier.hold.attemptId === hold.attemptId)) throw new Error("settled twice");
      settled.push({ hold, outcome });
      const record = attemptRecord(hold, outcome);
      journalled.unshift(record);
      return record;
    },
    written: options.written ?? (() => Promise.resolve()),
    ofCall: (requestId: string) => journalled.filter((record) => record.requestId === requestId),
    recordRequest: (record: RequestRecord) => {
      requests.push(record);
      journalled.unshift(record);
    },
    recordFeedback: async (record: FeedbackRecord) => {
      if (gateway.isJournalFull) throw new Error("the journal is full");
      feedback.push(record);
    },
  } as unknown as SettlementService;

  const store = new PolicyStore();
  const activation = activateRevision(publish(1, policy.revision));
  if (activation.kind === "refused") throw new Error(activation.problems.join("; "));
  store.swap(activation.policy);
  let newest = 1;

  const inFlight = new InFlightCalls(options.mostCalls ?? 1_000);
  const performance = new TaskPerformance();
  const log = new AccessLog(logger);
  const closer = new CallCloser(settlement, new CallMetrics(metrics), log, performance, "gateway-test-0");
  const runner = new CallRunner(inFlight, new GatewayErrorHandler(logger), closer);
  const isAllowed = createAddressPolicy({ allowLoopback: true, allowedRanges: [] });
  const client = new UpstreamClient(isAllowed);
  const tokenEndpoint = new TokenEndpoint(isAllowed);
  const exchange: Exchange = (credential, nowMs) => exchangeCredential(credential, tokenEndpoint, nowMs);
  const setAside = new SetAsideMemory();
  const health = new HealthMap();
  const outliers = new OutlierWatch(health);
  store.onSwap((active) => outliers.watch(active));
  const targets = new AttemptTargets(new CredentialVault(masterKeyring, logger, exchange), setAside);
  const sender = new AttemptSender(client, health, settlement, new AttemptMetrics(metrics));
  const dispatcher = new AttemptDispatcher(
    sender,
    new ShadowSender(sender, targets, inFlight, performance, logger),
    targets,
    setAside,
    health,
    new ProviderLimits(health, metrics),
    logger,
  );
  const identity = new CallerIdentifier(deriveKeys(masterKeyring, "virtual-key-pepper"));
  const bodies = new BodyReader(
    { json: options.bodyLimitBytes ?? 1024 * 1024, multipart: 4 * 1024 * 1024, any: 4 * 1024 * 1024 },
    16 * 1024 * 1024,
  );
  const cache = new ResponseCache(deriveKey(masterKeyring.active, "cache-key"), new AnswerMemory(1024 * 1024), metrics);
  const planner = new RoutePlanner(health, performance, null);
  const claimStore = options.claims ?? new InMemoryClaims();
  const ends = new ClaimEnds(claimStore, logger);
  const claims = new IdempotencyClaims(masterKeyring, claimStore, ends, new ClaimWatch(claimStore));

  const dataPlane = new DataPlaneServer();
  const stages = [store, identity, bodies, claims, cache, admission, planner, dispatcher, settlement] as const;
  new ChatRoutes(dataPlane, runner, new ChatPipeline(...stages)).onModuleInit();
  new OperationsRoutes(dataPlane, runner, ...stages).onModuleInit();
  new PassthroughRoutes(dataPlane, runner, store, identity, bodies, admission, dispatcher).onModuleInit();
  new ModelsRoutes(
    dataPlane,
    runner,
    new ModelsPipeline(store, identity),
    new ModelPipeline(store, identity),
  ).onModuleInit();
  const receipts = new ReceiptFinder(new RecentCalls(settlement), {
    find: async (requestId, _madeAtMs, projectId) => {
      if (gateway.ledger === null) throw new Error("the database is away");
      const records = gateway.ledger.get(requestId);
      return records?.request.attribution.projectId === projectId ? records : null;
    },
  });
  new ReceiptsRoutes(dataPlane, runner, new ReceiptsPipeline(store, identity, receipts)).onModuleInit();
  new FeedbackRoutes(
    dataPlane,
    runner,
    new FeedbackPipeline(store, identity, bodies, receipts, settlement),
  ).onModuleInit();
  const counter = new TokenCounter();
  const estimator = new CostEstimator(counter);
  new EstimateRoutes(dataPlane, runner, new EstimatePipeline(store, identity, bodies, estimator)).onModuleInit();
  const counting = [new ProviderCount(client, targets), new ConversationCount(counter)] as const;
  const countTokens = new CountTokensPipeline(store, identity, bodies, admission, planner, ...counting);
  new CountTokensRoutes(dataPlane, runner, countTokens).onModuleInit();
  await dataPlane.ready();
  const server = createHttpServer(dataPlane, (_request, response) => void response.writeHead(404).end());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  const gateway: InProcessGateway = {
    url,
    settled,
    held,
    requests,
    feedback,
    isJournalFull: false,
    publish: (revision) => {
      const next = activateRevision(publish((newest += 1), revision));
      if (next.kind === "refused") throw new Error(next.problems.join("; "));
      store.swap(next.policy);
    },
    finished,
    inFlight,
    lookForOutliers: () => outliers.look(),
    ledger: new Map(),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await client.close();
      await tokenEndpoint.close();
      await counter.close();
    },
  };
  return gateway;
}

function holdRecord(call: CallToAdmit, attempt: AttemptToHold): HoldRecord {
  return {
    type: "hold",
    version: 1,
    attemptId: attempt.attemptId,
    requestId: call.requestId,
    attemptNumber: attempt.attemptNumber,
    role: attempt.role,
    operation: call.operation,
    startedAtMs: Date.now(),
    gatewayId: "gateway-test-0",
    attribution: call.attribution,
    routeId: call.route.routeId,
    routeName: call.route.name,
    connectionId: attempt.connection.connectionId,
    providerKind: attempt.connection.kind,
    modelId: attempt.model.modelId,
    providerModel: attempt.model.providerModel,
    policyRevision: call.policy.number,
    priceVersionId: null,
    holdPicoUsd: "1000000",
    ...(attempt.taskClass === undefined ? {} : { taskClass: attempt.taskClass }),
    quotas: [],
  };
}

/** Costs one pico-dollar per token, so that a test can tell what was settled from what was not. */
function attemptRecord({ type: _type, quotas: _quotas, ...hold }: HoldRecord, outcome: AttemptOutcome): AttemptRecord {
  const usage = outcome.usage ?? {};
  const tokens = Object.values(usage).reduce((sum, quantity) => sum + quantity, 0);
  return {
    ...hold,
    type: "attempt",
    endedAtMs: Date.now(),
    closing: outcome.mayBeBilled ? "settle" : "void",
    verdict: outcome.verdict,
    failureClass: outcome.failureClass,
    upstreamStatus: outcome.upstreamStatus,
    costPicoUsd: parsePicoUsd(String(tokens)).toString(),
    usage,
    usageSource: outcome.usageSource,
    lines: [],
    quotas: [],
    timeToFirstTokenMs: outcome.timeToFirstTokenMs,
  };
}
