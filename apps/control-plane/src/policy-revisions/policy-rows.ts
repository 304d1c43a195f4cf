/** The rows that policy is compiled from, as the database gives them. */
export interface PolicyRows {
  readonly organisation: { readonly id: string; readonly name: string };
  readonly teams: readonly { readonly id: string; readonly name: string }[];
  readonly projects: readonly {
    readonly id: string;
    readonly teamId: string;
    readonly name: string;
    readonly zeroRetention: boolean;
    readonly passthroughConnectionIds: unknown;
  }[];
  readonly virtualKeys: readonly VirtualKeyRow[];
  readonly connections: readonly ConnectionRow[];
  readonly models: readonly ModelRow[];
  readonly routes: readonly RouteRow[];
  readonly quotas: readonly QuotaRow[];
  readonly gatewayFees: readonly GatewayFeeRow[];
}

export interface VirtualKeyRow {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly publicId: string;
  readonly digest: Uint8Array;
  readonly allowedRouteIds: unknown;
  readonly passthroughConnectionIds: unknown;
  readonly expiresAt: Date | null;
  readonly overlapEndsAt: Date | null;
}

export interface ConnectionRow {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly baseUrl: string;
  readonly enabled: boolean;
  readonly drained: boolean;
  readonly region: string | null;
  readonly jurisdiction: string | null;
  readonly zeroRetention: boolean;
  readonly noTraining: boolean;
  readonly abortBilling: string;
  readonly quirks: unknown;
  readonly probe: unknown;
  readonly credentials: readonly { readonly id: string; readonly sealed: string; readonly state: string }[];
}

export interface PriceVersionRow {
  readonly id: string;
  readonly connectionId: string | null;
  readonly effectiveFrom: Date;
  readonly free: boolean;
  readonly lines: readonly PriceLineRow[];
}

export interface PriceLineRow {
  readonly meter: string;
  readonly unitPricePicoUsd: bigint;
  readonly aboveInputTokens: number | null;
  readonly windowStart: number | null;
  readonly windowEnd: number | null;
  readonly serviceTier: string | null;
}

export interface ModelRow {
  readonly id: string;
  readonly providerKind: string;
  readonly providerModel: string;
  readonly contextWindow: number | null;
  readonly maxOutputTokens: number | null;
  readonly capabilities: unknown;
  readonly prices: readonly PriceVersionRow[];
}

export interface RouteRow {
  readonly id: string;
  readonly name: string;
  readonly enabled: boolean;
  readonly strategy: unknown;
  readonly fallbackRouteIds: unknown;
  readonly allowedProjectIds: unknown;
  readonly maxAttempts: number;
  readonly timeouts: unknown;
  readonly responseCache: unknown;
  readonly groups: unknown;
  readonly guards: unknown;
  readonly resilience: unknown;
  readonly validation: unknown;
  readonly shadow: unknown;
  readonly targets: readonly {
    readonly id: string;
    readonly connectionId: string;
    readonly modelId: string;
    readonly weight: number;
    readonly enabled: boolean;
    readonly groupId: string | null;
  }[];
}

export interface GatewayFeeRow {
  readonly id: string;
  readonly scopeType: string;
  readonly scopeId: string;
  readonly perRequestPicoUsd: bigint;
  readonly shareOfCostPpm: number;
}

export interface QuotaRow {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly period: string;
  readonly timeZone: string;
  readonly limit: { toFixed(): string };
  readonly mode: string;
  readonly whenShort: string;
  readonly scopeType: string;
  readonly scopeId: string;
  readonly eachOf: string | null;
}
