/** The smallest set of rows that compiles to a valid policy. */
import { defaultRouteTimeouts } from "@switchyard/policy-engine/policy/route";
import type { PolicyRows, PriceVersionRow, QuotaRow, VirtualKeyRow } from "../src/policy-revisions/policy-rows.ts";

export function virtualKeyRow(changes: Partial<VirtualKeyRow> = {}): VirtualKeyRow {
  return {
    id: "key",
    projectId: "project",
    name: "Key",
    publicId: "AAAAAAAAAAAA",
    digest: new Uint8Array(32),
    allowedRouteIds: null,
    passthroughConnectionIds: null,
    expiresAt: null,
    overlapEndsAt: null,
    ...changes,
  };
}

export function priceVersionRow(
  id: string,
  effectiveFrom: string,
  connectionId: string | null = null,
): PriceVersionRow {
  const line = { meter: "input", aboveInputTokens: null, windowStart: null, windowEnd: null, serviceTier: null };
  return {
    id,
    connectionId,
    effectiveFrom: new Date(effectiveFrom),
    free: false,
    lines: [{ ...line, unitPricePicoUsd: 2_500_000n }],
  };
}

export function quotaRow(changes: Partial<QuotaRow> = {}): QuotaRow {
  return {
    id: "quota",
    name: "Quota",
    unit: "pico_usd",
    period: "month",
    timeZone: "UTC",
    limit: { toFixed: () => "100000000000000" },
    mode: "hard",
    whenShort: "refuse",
    scopeType: "team",
    scopeId: "team",
    eachOf: null,
    ...changes,
  };
}

export function policyRows(changes: Partial<PolicyRows> = {}): PolicyRows {
  const target = {
    id: "target",
    connectionId: "connection",
    modelId: "model",
    weight: 1,
    enabled: true,
    groupId: null,
  };
  return {
    organisation: { id: "organisation", name: "Organisation" },
    teams: [{ id: "team", name: "Team" }],
    projects: [
      { id: "project", teamId: "team", name: "Project", zeroRetention: false, passthroughConnectionIds: null },
    ],
    virtualKeys: [virtualKeyRow()],
    connections: [
      {
        id: "connection",
        name: "Connection",
        kind: "openai-compatible",
        baseUrl: "https://one.example/v1",
        enabled: true,
        drained: false,
        region: null,
        jurisdiction: null,
        zeroRetention: false,
        noTraining: false,
        abortBilling: "runs_on",
        quirks: null,
        probe: null,
        credentials: [
          { id: "c3", sealed: "sealed three", state: "void" },
          { id: "c2", sealed: "sealed two", state: "retiring" },
          { id: "c1", sealed: "sealed one", state: "active" },
        ],
      },
    ],
    models: [
      {
        id: "model",
        providerKind: "openai-compatible",
        providerModel: "model-1",
        contextWindow: 8_192,
        maxOutputTokens: null,
        capabilities: { operations: ["chat"], tools: true, vision: false, jsonSchema: false, streaming: true },
        prices: [priceVersionRow("price", "2026-01-01T00:00:00Z")],
      },
    ],
    routes: [
      {
        id: "route",
        name: "route-1",
        enabled: true,
        strategy: { type: "weighted" },
        fallbackRouteIds: [],
        allowedProjectIds: null,
        maxAttempts: 3,
        timeouts: defaultRouteTimeouts,
        responseCache: { enabled: false, ttlSeconds: 300 },
        groups: null,
        guards: null,
        resilience: null,
        validation: null,
        shadow: null,
        targets: [target],
      },
    ],
    gatewayFees: [],
    quotas: [quotaRow()],
    ...changes,
  };
}
