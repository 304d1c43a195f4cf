import type { GatewayFee, GatewayFeeScopeType } from "@switchyard/metering/gateway-fee";
import type { Quota, QuotaScopeType } from "@switchyard/metering/quota";
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { validatePolicyRevision } from "@switchyard/policy-engine/policy/validate-policy";
import { codecOfConnection, providerKindRules } from "@switchyard/providers/registry";
import { sha256Hex } from "@switchyard/secrets/content-key";
import type { ActivePolicy } from "./active-policy.ts";

/** A revision as the control plane published it: the exact bytes, and what they must hash to. */
export interface PublishedRevision {
  readonly number: number;
  readonly content: string;
  readonly sha256: string;
}

export type Activation =
  | { readonly kind: "active"; readonly policy: ActivePolicy }
  | { readonly kind: "refused"; readonly problems: readonly string[] };

const mostContentBytes = 64 * 1024 * 1024;
const mostProblems = 20;

/**
 * Checks a published revision as if it came from a stranger and builds what the hot path looks up. Whatever is wrong
 * with it becomes a refusal: this never throws, because a bad revision must not stop a running gateway.
 */
export function activateRevision(published: PublishedRevision): Activation {
  try {
    if (Buffer.byteLength(published.content) > mostContentBytes) return refused(["the revision is larger than 64 MiB"]);
    if (sha256Hex(published.content) !== published.sha256) return refused(["the content does not match its SHA-256"]);
    const validation = validatePolicyRevision(JSON.parse(published.content), providerKindRules);
    if (!validation.ok)
      return refused(validation.problems.map(({ path, code, message }) => `${path}: ${code}: ${message}`));
    return { kind: "active", policy: index(published.number, validation.revision) };
  } catch (error) {
    return refused([error instanceof Error ? error.message : "the revision cannot be applied"]);
  }
}

function refused(problems: readonly string[]): Activation {
  return { kind: "refused", problems: problems.slice(0, mostProblems).map((problem) => problem.slice(0, 300)) };
}

function index(number: number, revision: PolicyRevision): ActivePolicy {
  return {
    number,
    revision,
    keysByPublicId: new Map(revision.virtualKeys.map((key) => [key.publicId, key])),
    projectTeams: new Map(revision.projects.map((project) => [project.projectId, project.teamId])),
    zeroRetentionProjects: new Set(
      revision.projects.flatMap(({ projectId, zeroRetention }) => (zeroRetention ? [projectId] : [])),
    ),
    routesByName: new Map(revision.routes.map((route) => [route.name, route])),
    routesById: new Map(revision.routes.map((route) => [route.routeId, route])),
    connectionsById: new Map(revision.connections.map((connection) => [connection.connectionId, connection])),
    codecsByConnectionId: new Map(
      revision.connections.flatMap(({ connectionId, kind, quirks, baseUrl }) => {
        const codec = codecOfConnection(kind, quirks, baseUrl);
        return codec === undefined ? [] : [[connectionId, codec] as const];
      }),
    ),
    modelsById: new Map(revision.models.map((model) => [model.modelId, model])),
    quotasByScope: indexQuotas(revision.quotas),
    feesByScope: indexFees(revision.gatewayFees ?? []),
  };
}

function indexFees(fees: readonly GatewayFee[]): ReadonlyMap<GatewayFeeScopeType, ReadonlyMap<string, GatewayFee>> {
  const byScope = Map.groupBy(fees, ({ scopeType }) => scopeType);
  return new Map([...byScope].map(([type, ofType]) => [type, new Map(ofType.map((fee) => [fee.scopeId, fee]))]));
}

function indexQuotas(quotas: readonly Quota[]): ReadonlyMap<QuotaScopeType, ReadonlyMap<string, readonly Quota[]>> {
  const byScope = new Map<QuotaScopeType, Map<string, Quota[]>>();
  for (const quota of quotas) {
    const byId = byScope.get(quota.scopeType) ?? new Map<string, Quota[]>();
    byScope.set(quota.scopeType, byId);
    const ofScope = byId.get(quota.scopeId);
    if (ofScope === undefined) byId.set(quota.scopeId, [quota]);
    else ofScope.push(quota);
  }
  return byScope;
}
