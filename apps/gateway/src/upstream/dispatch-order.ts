import type { UnitQuantities } from "@switchyard/metering/meters";
import type { Operation } from "@switchyard/metering/usage-event";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { RoutePlan } from "@switchyard/policy-engine/routing/plan-route";
import type { Call } from "../accept/call.ts";
import type { AdmittedCall } from "../admission/admission.ts";
import type { RequestBody } from "../parse/parse-json-object.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import type { LiveAttempt } from "./live-attempt.ts";
import type { UpstreamRequest } from "./upstream-client.ts";

/** Everything that is needed to get a call answered; the same for every attempt of it. */
export interface DispatchOrder {
  readonly call: Call;
  /** What a codec is asked for. */
  readonly operation: Operation;
  readonly policy: ActivePolicy;
  readonly route: Route;
  readonly plan: RoutePlan;
  readonly admitted: AdmittedCall;
  readonly body: RequestBody;
  readonly facts: OrderFacts;
  /** What is sent for an attempt, where that is not what the codec makes of the body. Throws like `attemptRequest`. */
  readonly createRequest?: (attempt: LiveAttempt) => UpstreamRequest;
}

/** What the way out must know of a request, whatever its operation. */
interface OrderFacts {
  readonly stream: boolean;
  /** Whether the client asked for usage at the end of its stream. */
  readonly includeUsage: boolean;
  readonly inputTokensAtLeast: number;
  readonly inputTokensAtMost: number;
  /** The client's own cap on the tokens of its answer. */
  readonly outputTokensAsked?: number | null;
  /** What the request alone decides of the usage, where the answer tells none. */
  readonly counted?: UnitQuantities;
}
