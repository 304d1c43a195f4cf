import { Injectable } from "@nestjs/common";
import type { Route } from "@switchyard/policy-engine/policy/route";
import { clientOperations } from "@switchyard/providers/operations/registry";
import type { Call } from "../accept/call.ts";
import type { CallPipeline } from "../accept/call-runner.ts";
import { feeOfCall } from "../admission/fee-of-call.ts";
import type { CallSize } from "../admission/estimate.ts";
import { CallerIdentifier } from "../identity/caller-identifier.ts";
import { readAttribution } from "../identity/read-attribution.ts";
import { BodyReader } from "../parse/body-reader.ts";
import { parseChatRequest } from "../parse/parse-chat-request.ts";
import { parseJsonObject } from "../parse/parse-json-object.ts";
import { parseOperationRequest } from "../parse/parse-operation-request.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { pinPolicy } from "../policies/pin-policy.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { requestedRoute } from "../routing/requested-route.ts";
import { CostEstimator, type TargetToEstimate } from "./cost-estimator.ts";
import { writeEstimate } from "./estimate-response.writer.ts";
import { promptTexts, type PromptTexts } from "./prompt-texts.ts";

/** Says what a chat or embeddings request would cost, without sending it: the body is the request itself. */
@Injectable()
export class EstimatePipeline implements CallPipeline {
  constructor(
    private readonly policies: PolicyStore,
    private readonly identity: CallerIdentifier,
    private readonly bodies: BodyReader,
    private readonly estimator: CostEstimator,
  ) {}

  async run(call: Call): Promise<void> {
    const policy = pinPolicy(call, this.policies);
    const caller = this.identity.identify(call.request, policy, call.startedAtMs);
    const attribution = readAttribution(call, caller);
    const bytes = await this.bodies.read(call.request);
    const { size, prompt } = read(call, bytes);
    const route = requestedRoute(call, policy, caller);
    const targets = targetsOf(route, policy);
    const fee = feeOfCall(policy, attribution, route.routeId);
    const estimates = await this.estimator.estimate(size, prompt, targets, call.startedAtMs);
    writeEstimate(call, route, size, estimates, fee);
  }
}

interface RequestToEstimate {
  readonly size: CallSize;
  readonly prompt: PromptTexts;
}

function read(call: Call, bytes: Buffer): RequestToEstimate {
  const { parsed } = parseJsonObject(bytes);
  const prompt = promptTexts(parsed);
  if ("input" in parsed && !("messages" in parsed)) {
    const { inputTokensAtMost } = parseOperationRequest(call, clientOperations.embeddings, bytes).facts;
    return { size: { operation: "embeddings", inputTokensAtMost, outputTokensAsked: null, answers: 1 }, prompt };
  }
  const { inputTokensAtMost, outputTokensAsked, answers } = parseChatRequest(call, bytes).facts;
  return { size: { operation: "chat", inputTokensAtMost, outputTokensAsked, answers }, prompt };
}

function targetsOf(route: Route, policy: ActivePolicy): TargetToEstimate[] {
  return route.targets.flatMap(({ enabled, connectionId, modelId }) => {
    const connection = policy.connectionsById.get(connectionId);
    const model = policy.modelsById.get(modelId);
    return enabled && connection?.enabled === true && model !== undefined ? [{ connection, model }] : [];
  });
}
