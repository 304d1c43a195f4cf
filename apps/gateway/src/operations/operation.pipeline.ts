import type { ClientOperation } from "@switchyard/providers/operations/client-operation";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import type { AdmissionService } from "../admission/admission.service.ts";
import type { CallerIdentifier } from "../identity/caller-identifier.ts";
import { writeCallOutcome } from "../idempotency/call-outcome.writer.ts";
import type { IdempotencyClaims } from "../idempotency/idempotency-claims.ts";
import { carriesIdempotencyKey } from "../idempotency/idempotency-key.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import type { BodyReader } from "../parse/body-reader.ts";
import { parseOperationRequest } from "../parse/parse-operation-request.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import type { PolicyStore } from "../policies/policy.store.ts";
import type { CacheLookup, ResponseCache } from "../response-cache/response-cache.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import type { RoutePlanner } from "../routing/route-planner.ts";
import type { SettlementService } from "../settlement/settlement.service.ts";
import type { DispatchOrder } from "../upstream/dispatch-order.ts";
import type { AttemptDispatcher } from "../upstream/dispatcher.ts";
import { operationFeatures, operationToAdmit } from "./operation-call.ts";
import { RelayWriter } from "./relay.writer.ts";

/** The stages that every operation passes. */
export interface OperationStages {
  readonly policies: PolicyStore;
  readonly identity: CallerIdentifier;
  readonly bodies: BodyReader;
  readonly claims: IdempotencyClaims;
  readonly cache: ResponseCache;
  readonly admission: AdmissionService;
  readonly planner: RoutePlanner;
  readonly dispatcher: AttemptDispatcher;
  readonly settlement: SettlementService;
}

const noCache: CacheLookup = { hit: null, key: null };

/** One request for anything but an answer, stage by stage. Any stage may end it by throwing a GatewayError. */
export class OperationPipeline implements CallPipeline {
  readonly #operation: ClientOperation;
  readonly #stages: OperationStages;

  constructor(operation: ClientOperation, stages: OperationStages) {
    this.#operation = operation;
    this.#stages = stages;
  }

  async run(call: Call): Promise<void> {
    const { policies, identity, bodies, claims, cache, admission, planner } = this.#stages;
    const { operation, form, delivery } = this.#operation;
    const policy = pinPolicy(call, policies);
    const caller = identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const { body, facts } = parseOperationRequest(call, this.#operation, await bodies.read(call.request, form));
    const route = requestedRoute(call, policy, caller);
    const earlier = carriesIdempotencyKey(call) ? await claims.enter(call, caller, policy, body) : null;
    if (earlier !== null) return writeCallOutcome(call, earlier);
    const cached = delivery === "complete" ? cache.find(call, caller, route, body.bytes) : noCache;
    if (cached.hit !== null) {
      return writeCompleteAnswer(call, cached.hit.body, {}, this.#operation.answerType(body.parsed));
    }
    const admitted = await admission.admit(operationToAdmit(call, operation, policy, attribution, route, facts));
    try {
      const plan = planner.plan(call, policy, route, operationFeatures(operation, facts));
      const orderFacts = { ...facts, stream: false, includeUsage: false };
      await this.#answer({ call, operation, policy, route, plan, admitted, body, facts: orderFacts }, cached);
    } finally {
      admitted.finish(call.tokensUsed);
    }
  }

  async #answer(order: DispatchOrder, cached: CacheLookup): Promise<void> {
    const { dispatcher, settlement, cache } = this.#stages;
    const { call, admitted, body } = order;
    if (this.#operation.delivery === "relayed") {
      await dispatcher.relay(order, new RelayWriter(call, admitted));
      return;
    }
    const answer = await dispatcher.complete(order);
    await settlement.written();
    const type = this.#operation.answerType(body.parsed);
    writeCompleteAnswer(call, answer.body, admitted.rateLimitHeaders(), type);
    cache.keepComplete(call, cached, answer);
  }
}
