/** A small policy that is valid as it stands, for tests to bend. */
import type { PolicyConnection, PolicyModel, PolicyRevision } from "../policy/policy-revision.ts";
import { defaultRouteTimeouts, type Route, type Target } from "../policy/route.ts";

export function sampleConnection(id: string, changes: Partial<PolicyConnection> = {}): PolicyConnection {
  return {
    connectionId: id,
    name: `name of ${id}`,
    kind: "openai",
    baseUrl: "https://api.example.com/v1",
    enabled: true,
    attributes: { region: null, jurisdiction: null, zeroRetention: false, noTraining: false },
    abortBilling: "runs_on",
    credentials: [{ credentialId: `credential of ${id}`, sealed: "sealed" }],
    ...changes,
  };
}

export function sampleModel(id: string, changes: Partial<PolicyModel> = {}): PolicyModel {
  return {
    modelId: id,
    providerKind: "openai",
    providerModel: `model ${id}`,
    contextWindow: 100_000,
    maxOutputTokens: 8_000,
    capabilities: { operations: ["chat"], tools: true, vision: true, jsonSchema: true, streaming: true },
    prices: [
      {
        priceVersionId: `price of ${id}`,
        connectionId: null,
        effectiveFromMs: 0,
        free: false,
        lines: [{ meter: "requests", unitPricePicoUsd: "1" }],
      },
    ],
    ...changes,
  };
}

/** A target `t1` is connection `c1` with model `m1`. */
export function sampleTarget(suffix: string, changes: Partial<Target> = {}): Target {
  return {
    targetId: `t${suffix}`,
    connectionId: `c${suffix}`,
    modelId: `m${suffix}`,
    weight: 1,
    enabled: true,
    ...changes,
  };
}

export function sampleRoute(id: string, targets: readonly Target[], changes: Partial<Route> = {}): Route {
  return {
    routeId: id,
    name: `name-of-${id}`,
    enabled: true,
    strategy: { type: "weighted" },
    targets: [...targets],
    fallbackRouteIds: [],
    allowedProjectIds: null,
    maxAttempts: 3,
    timeouts: { ...defaultRouteTimeouts },
    responseCache: { enabled: false, ttlSeconds: 60 },
    ...changes,
  };
}

export function sampleRevision(): PolicyRevision {
  return {
    schemaVersion: 1,
    organisation: { organisationId: "o1", name: "Acme" },
    teams: [{ teamId: "team1", name: "Search" }],
    projects: [{ projectId: "p1", teamId: "team1", name: "Web", zeroRetention: false }],
    virtualKeys: [
      {
        virtualKeyId: "k1",
        publicId: "abcdefghijkl",
        digest: `${"A".repeat(43)}=`,
        projectId: "p1",
        name: "backend",
        notAfterMs: null,
        allowedRouteIds: ["r1"],
      },
    ],
    connections: [sampleConnection("c1"), sampleConnection("c2")],
    models: [sampleModel("m1"), sampleModel("m2")],
    routes: [
      sampleRoute("r1", [sampleTarget("1", { weight: 70 })], { fallbackRouteIds: ["r2"], allowedProjectIds: ["p1"] }),
      sampleRoute("r2", [sampleTarget("2", { weight: 30 })]),
    ],
    quotas: [
      {
        quotaId: "q1",
        name: "Search, a month",
        unit: "pico_usd",
        period: "month",
        timeZone: "Europe/Berlin",
        limit: "1000000000000",
        mode: "hard",
        whenShort: "clamp",
        scopeType: "team",
        scopeId: "team1",
      },
    ],
  };
}
