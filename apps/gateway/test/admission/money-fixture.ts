/** Quotas, prices, calls and attempts for tests, with everything that a test does not care about filled in. */
import type { GatewayFee } from "@switchyard/metering/gateway-fee";
import type { Quota } from "@switchyard/metering/quota";
import type { PriceLine, PriceVersion } from "@switchyard/metering/price-version";
import type { PolicyConnection, PolicyModel } from "@switchyard/policy-engine/policy/policy-revision";
import type { AttemptToHold, CallToAdmit } from "../../src/admission/admission.ts";
import { activateRevision } from "../../src/policies/activate-revision.ts";
import type { ActivePolicy } from "../../src/policies/active-policy.ts";
import { createPolicy, publish } from "../harness/policy-fixture.ts";

export const cent = 10_000_000_000n;

export function quota(quotaId: string, limit: bigint, more: Partial<Quota> = {}): Quota {
  return {
    quotaId,
    name: quotaId,
    unit: "pico_usd",
    period: "total",
    timeZone: "UTC",
    limit: limit.toString(),
    mode: "hard",
    whenShort: "refuse",
    scopeType: "team",
    scopeId: "team_1",
    ...more,
  };
}

export function prices(lines: readonly PriceLine[], more: Partial<PriceVersion> = {}): PriceVersion[] {
  return [{ priceVersionId: "p1", connectionId: null, effectiveFromMs: 0, free: false, lines: [...lines], ...more }];
}

/** One pico-dollar a token of input, ten a token of output. */
export const tokenPrices = prices([
  { meter: "input", unitPricePicoUsd: "1" },
  { meter: "output", unitPricePicoUsd: "10" },
]);

export const centPerRequest = prices([{ meter: "requests", unitPricePicoUsd: cent.toString() }]);

export function policyWith(quotas: readonly Quota[], gatewayFees: readonly GatewayFee[] = []): ActivePolicy {
  const { revision } = createPolicy({
    routes: [{ name: "fast", targets: [{ baseUrl: "http://127.0.0.1:1" }] }],
    quotas,
    gatewayFees,
  });
  const activation = activateRevision(publish(7, revision));
  if (activation.kind === "refused") throw new Error(activation.problems.join("; "));
  return activation.policy;
}

export function attemptOf(policy: ActivePolicy, model: Partial<PolicyModel>, attemptId = "attempt-1"): AttemptToHold {
  const [connection] = policy.connectionsById.values();
  const [anyModel] = policy.modelsById.values();
  if (connection === undefined || anyModel === undefined) throw new Error("the policy has no target");
  return { attemptId, attemptNumber: 1, role: "first", connection, model: { ...anyModel, ...model } };
}

export function connectionIdOf(policy: ActivePolicy): PolicyConnection["connectionId"] {
  const [connectionId] = policy.connectionsById.keys();
  if (connectionId === undefined) throw new Error("the policy has no connection");
  return connectionId;
}

export function callOf(policy: ActivePolicy, more: Partial<CallToAdmit> = {}): CallToAdmit {
  const route = policy.routesByName.get("fast");
  if (route === undefined) throw new Error("the policy has no route");
  return {
    requestId: "request-1",
    operation: "chat",
    policy,
    attribution: {
      organisationId: policy.revision.organisation.organisationId,
      teamId: "team_1",
      projectId: "prj_1",
      virtualKeyId: "vk_key",
      user: "ada",
      session: "s-1",
      tags: ["env=prod", "feature=search"],
    },
    route,
    inputTokensAtMost: 100,
    outputTokensAsked: 20,
    answers: 1,
    ...more,
  };
}
