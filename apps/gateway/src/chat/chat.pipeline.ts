import { Injectable } from "@nestjs/common";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { writeCallOutcome } from "../idempotency/call-outcome.writer.ts";
import { IdempotencyClaims } from "../idempotency/idempotency-claims.ts";
import { carriesIdempotencyKey } from "../idempotency/idempotency-key.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { parseChatRequest } from "../parse/parse-chat-request.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { ResponseCache, type CacheLookup } from "../response-cache/response-cache.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import { RoutePlanner } from "../routing/route-planner.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import type { DispatchOrder } from "../upstream/dispatch-order.ts";
import { AttemptDispatcher } from "../upstream/dispatcher.ts";
import { chatFeatures, chatToAdmit } from "./chat-call.ts";
import { ChatStreamWriter, replayAnswer, writeCompletion } from "./chat-response.writer.ts";

/** One chat request, stage by stage. Any stage may end it by throwing a GatewayError. */
@Injectable()
export class ChatPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly claims: IdempotencyClaims,
    private readonly cache: ResponseCache,
    private readonly admission: AdmissionService,
    private readonly planner: RoutePlanner,
    private readonly dispatcher: AttemptDispatcher,
    private readonly settlement: SettlementService,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const { body, facts } = parseChatRequest(call, await this.bodies.read(call.request));
    const route = requestedRoute(call, policy, caller);
    const earlier = carriesIdempotencyKey(call) ? await this.claims.enter(call, caller, policy, body) : null;
    if (earlier !== null) return writeCallOutcome(call, earlier);
    const cached = this.cache.find(call, caller, route, body.bytes);
    if (cached.hit !== null) return replayAnswer(call, cached.hit);
    const admitted = await this.admission.admit(chatToAdmit(call, policy, attribution, route, facts));
    try {
      const plan = this.planner.plan(call, policy, route, chatFeatures(facts), () =>
        call.client.readPrompt(body.parsed),
      );
      const order = { call, operation: "chat", policy, route, plan, admitted, body, facts } as const;
      await (facts.stream ? this.stream(order, cached) : this.complete(order, cached));
      this.dispatcher.shadow(order);
    } finally {
      admitted.finish(call.tokensUsed);
    }
  }

  private async complete(order: DispatchOrder, cached: CacheLookup): Promise<void> {
    const answer = await this.dispatcher.complete(order);
    await this.settlement.written();
    writeCompletion(order.call, order.admitted, answer);
    this.cache.keepComplete(order.call, cached, answer);
  }

  private async stream(order: DispatchOrder, cached: CacheLookup): Promise<void> {
    const writer = new ChatStreamWriter(order.call, order.admitted, { keepsCopy: cached.key !== null });
    const answer = await this.dispatcher.stream(order, writer);
    this.cache.keepStream(order.call, cached, answer, writer.copy);
  }
}
