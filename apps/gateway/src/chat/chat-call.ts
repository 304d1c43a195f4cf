import type { RequestFeatures } from "@switchyard/policy-engine/routing/plan-route";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { ChatFacts } from "@switchyard/providers/openai/request-facts";
import type { Call } from "../accept/call.ts";
import type { CallToAdmit } from "../admission/admission.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { Attribution } from "@switchyard/metering/usage-event";

/** What admission must know of a chat request. */
export function chatToAdmit(
  call: Call,
  policy: ActivePolicy,
  attribution: Attribution,
  route: Route,
  facts: ChatFacts,
): CallToAdmit {
  const { inputTokensAtMost, outputTokensAsked, answers } = facts;
  return {
    requestId: call.requestId,
    operation: "chat",
    policy,
    attribution,
    route,
    inputTokensAtMost,
    outputTokensAsked,
    answers,
  };
}

/** What planning may know of it. */
export function chatFeatures(facts: ChatFacts): RequestFeatures {
  return {
    operation: "chat",
    inputTokensAtLeast: facts.inputTokensAtLeast,
    inputTokensExpected: Math.min(2 * facts.inputTokensAtLeast, facts.inputTokensAtMost),
    inputTokensAtMost: facts.inputTokensAtMost,
    outputTokensAsked: facts.outputTokensAsked,
    answers: facts.answers,
    stream: facts.stream,
    tools: facts.hasTools,
    images: facts.hasImages,
    jsonSchema: facts.wantsJsonSchema,
  };
}
