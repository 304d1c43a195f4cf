import { Injectable } from "@nestjs/common";
import type { Attribution } from "@switchyard/metering/usage-event";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { RequestFeatures } from "@switchyard/policy-engine/routing/request-features";
import type { EmbeddingsFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import type { CallToAdmit } from "../admission/admission.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { parseEmbeddingsRequest } from "../parse/parse-embeddings-request.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { ResponseCache } from "../response-cache/response-cache.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import { RoutePlanner } from "../routing/route-planner.ts";
import { AttemptDispatcher } from "../upstream/dispatcher.ts";
import { replayEmbeddings, writeEmbeddings } from "./embeddings-response.writer.ts";

/** One embeddings request, stage by stage. Any stage may end it by throwing a GatewayError. */
@Injectable()
export class EmbeddingsPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly cache: ResponseCache,
    private readonly admission: AdmissionService,
    private readonly planner: RoutePlanner,
    private readonly dispatcher: AttemptDispatcher,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const { body, facts } = parseEmbeddingsRequest(call, await this.bodies.read(call.request));
    const route = requestedRoute(call, policy, caller);
    const cached = this.cache.find(call, caller, route, body.bytes);
    if (cached.hit !== null) return replayEmbeddings(call, cached.hit);
    const admitted = await this.admission.admit(embeddingsToAdmit(call, policy, attribution, route, facts));
    try {
      const plan = this.planner.plan(call, policy, route, embeddingsFeatures(facts));
      const orderFacts = { ...facts, stream: false, includeUsage: false };
      const order = { call, operation: "embeddings", policy, route, plan, admitted, body, facts: orderFacts } as const;
      const answer = await this.dispatcher.complete(order);
      writeEmbeddings(call, admitted, answer);
      this.cache.keepComplete(call, cached, answer);
    } finally {
      admitted.finish(call.tokensUsed);
    }
  }
}

function embeddingsToAdmit(
  call: Call,
  policy: ActivePolicy,
  attribution: Attribution,
  route: Route,
  { inputTokensAtMost }: EmbeddingsFacts,
): CallToAdmit {
  const { requestId } = call;
  // Vectors are not billed by output tokens: none are asked for.
  const output = { outputTokensAsked: 0, answers: 1 };
  return { requestId, operation: "embeddings", policy, attribution, route, inputTokensAtMost, ...output };
}

function embeddingsFeatures({ inputTokensAtLeast, inputTokensAtMost }: EmbeddingsFacts): RequestFeatures {
  const none = { outputTokensAsked: null, answers: 1, stream: false, tools: false, images: false, jsonSchema: false };
  const inputTokensExpected = Math.min(2 * inputTokensAtLeast, inputTokensAtMost);
  return { operation: "embeddings", inputTokensAtLeast, inputTokensExpected, inputTokensAtMost, ...none };
}
