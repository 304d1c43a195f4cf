import type { GatewayFee, GatewayFeeScopeType } from "@switchyard/metering/gateway-fee";
import type { Quota, QuotaScopeType } from "@switchyard/metering/quota";
import type {
  PolicyConnection,
  PolicyModel,
  PolicyRevision,
  PolicyVirtualKey,
} from "@switchyard/policy-engine/policy/policy-revision";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { ProviderCodec } from "@switchyard/providers/provider-codec";

/** One policy revision with the look-ups that the hot path needs; immutable, pinned by a request from start to end. */
export interface ActivePolicy {
  readonly number: number;
  readonly revision: PolicyRevision;
  readonly keysByPublicId: ReadonlyMap<string, PolicyVirtualKey>;
  readonly projectTeams: ReadonlyMap<string, string>;
  /** Projects of which no answer may be kept, not even for a retry. */
  readonly zeroRetentionProjects: ReadonlySet<string>;
  readonly routesByName: ReadonlyMap<string, Route>;
  readonly routesById: ReadonlyMap<string, Route>;
  readonly connectionsById: ReadonlyMap<string, PolicyConnection>;
  /** What speaks to each connection: one object for a kind, except where a connection has quirks. */
  readonly codecsByConnectionId: ReadonlyMap<string, ProviderCodec>;
  readonly modelsById: ReadonlyMap<string, PolicyModel>;
  /** Quotas by scope type, then scope id: a request looks up only the scopes it is in. */
  readonly quotasByScope: ReadonlyMap<QuotaScopeType, ReadonlyMap<string, readonly Quota[]>>;
  /** The gateway's fees by scope type, then scope id. */
  readonly feesByScope: ReadonlyMap<GatewayFeeScopeType, ReadonlyMap<string, GatewayFee>>;
}
