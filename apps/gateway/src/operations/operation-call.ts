import type { Attribution } from "@switchyard/metering/usage-event";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { RequestFeatures } from "@switchyard/policy-engine/routing/request-features";
import type { OperationFacts, PlainOperation } from "@switchyard/providers/operations/client-operation";
import type { Call } from "../accept/call.ts";
import type { CallToAdmit } from "../admission/admission.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";

/** What admission must know of a request for anything but an answer. */
export function operationToAdmit(
  call: Call,
  operation: PlainOperation,
  policy: ActivePolicy,
  attribution: Attribution,
  route: Route,
  facts: OperationFacts,
): CallToAdmit {
  const { inputTokensAtMost, outputTokensAsked, answers, unitsAtMost } = facts;
  const size = { inputTokensAtMost, outputTokensAsked, answers, unitsAtMost };
  return { requestId: call.requestId, operation, policy, attribution, route, ...size };
}

/** What planning may know of it. */
export function operationFeatures(operation: PlainOperation, facts: OperationFacts): RequestFeatures {
  const { inputTokensAtLeast, inputTokensAtMost, answers } = facts;
  const inputTokensExpected = Math.min(2 * inputTokensAtLeast, inputTokensAtMost);
  const none = { outputTokensAsked: null, stream: false, tools: false, images: false, jsonSchema: false };
  return { operation, inputTokensAtLeast, inputTokensExpected, inputTokensAtMost, answers, ...none };
}
