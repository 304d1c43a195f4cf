import { Injectable } from "@nestjs/common";
import { readCountFacts } from "@switchyard/providers/clients/anthropic-messages/read-facts";
import type { ChatFacts } from "@switchyard/providers/openai/request-facts";
import { parameterWarning } from "@switchyard/providers/parameters/parameter-rules";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { writeCompleteAnswer } from "../accept/complete-answer.writer.ts";
import { AdmissionService } from "../admission/admission.service.ts";
import { chatFeatures, chatToAdmit } from "../chat/chat-call.ts";
import { GatewayError } from "../errors/gateway-error.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { parseJsonObject, type JsonBody } from "../parse/parse-json-object.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import { RoutePlanner } from "../routing/route-planner.ts";
import { ConversationCount } from "./conversation-count.ts";
import { ProviderCount } from "./provider-count.ts";

/** How many tokens a Messages request is: asked of the provider that would answer it, or estimated, and then said so. */
@Injectable()
export class CountTokensPipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly admission: AdmissionService,
    private readonly planner: RoutePlanner,
    private readonly providers: ProviderCount,
    private readonly conversations: ConversationCount,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const { body, facts } = parseCount(call, await this.bodies.read(call.request));
    const route = requestedRoute(call, policy, caller);
    // It counts as a request; nothing is generated, so there are no tokens to count and no money to hold.
    const nothing = { ...facts, inputTokensAtMost: 0, outputTokensAsked: 0 };
    const admitted = await this.admission.admit(chatToAdmit(call, policy, attribution, route, nothing));
    try {
      const [first] = this.planner.plan(call, policy, route, chatFeatures(facts)).attempts;
      if (first === undefined) throw new GatewayError("no_target_available", "No target is left to ask.");
      const told = await this.providers.ask(call, policy, first, body);
      const tokens = told ?? (await this.conversations.estimate(call, body, facts));
      if (told === null) call.warnings.push(parameterWarning("input_tokens", "estimated", call.connection?.kind ?? ""));
      writeCompleteAnswer(call, JSON.stringify({ input_tokens: tokens }), admitted.rateLimitHeaders());
    } finally {
      admitted.finish(0);
    }
  }
}

function parseCount(call: Call, bytes: Buffer): { readonly body: JsonBody; readonly facts: ChatFacts } {
  call.requestBytes = bytes.length;
  const body = parseJsonObject(bytes);
  const reading = readCountFacts(body.parsed, body.members);
  if (!reading.ok) throw new GatewayError("invalid_request", reading.message, { param: reading.param });
  call.requestedModel = reading.facts.model;
  return { body, facts: reading.facts };
}
