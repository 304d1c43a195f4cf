/** Builds small, valid policy revisions for tests: one team, one project, one key, and what a test adds. */
import { randomBytes } from "node:crypto";
import type { GatewayFee } from "@switchyard/metering/gateway-fee";
import type { PriceVersion } from "@switchyard/metering/price-version";
import type { Quota } from "@switchyard/metering/quota";
import type { Operation } from "@switchyard/metering/usage-event";
import { defaultRouteTimeouts, type Route, type RouteTimeouts } from "@switchyard/policy-engine/policy/route";
import type { PolicyConnection, PolicyModel, PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { sha256Hex } from "@switchyard/secrets/content-key";
import { deriveKey } from "@switchyard/secrets/derive-key";
import { parseMasterKeyring } from "@switchyard/secrets/master-key";
import { sealCredential } from "@switchyard/secrets/sealed-credential";
import { issueVirtualKey } from "@switchyard/secrets/virtual-key";
import type { PublishedRevision } from "../../src/policies/activate-revision.ts";

export const masterKeyText = randomBytes(32).toString("base64");
export const masterKeyring = parseMasterKeyring(masterKeyText);
const pepper = deriveKey(masterKeyring.active, "virtual-key-pepper");

export const organisationId = "org_1";

interface TargetFixture {
  readonly baseUrl: string;
  readonly providerModel?: string;
  readonly weight?: number;
  readonly kind?: string;
  readonly abortBilling?: "stops" | "runs_on";
  readonly quirks?: PolicyConnection["quirks"];
  readonly credential?: string;
  readonly unpriced?: boolean;
  readonly region?: string;
  readonly zeroRetention?: boolean;
  readonly groupId?: string;
  readonly contextWindow?: number;
  /** Instead of prices for input and output. */
  readonly prices?: Pick<PriceVersion, "free" | "lines">;
}

export interface RouteFixture {
  readonly name: string;
  readonly targets: readonly TargetFixture[];
  readonly operations?: readonly Operation[];
  readonly timeouts?: Partial<RouteTimeouts>;
  readonly cacheTtlSeconds?: number;
  readonly maxAttempts?: number;
  readonly strategy?: Route["strategy"];
  readonly groups?: Route["groups"];
  readonly guards?: Route["guards"];
  readonly resilience?: Route["resilience"];
  readonly validation?: Route["validation"];
  /** A target of its own beside the others, and the share of calls that it gets a copy of. */
  readonly shadow?: { readonly target: TargetFixture; readonly percent: number; readonly groupId?: string };
  /** Names of routes that are tried when no target of this one answers. */
  readonly fallbacks?: readonly string[];
  readonly allowedProjectIds?: readonly string[];
}

export interface PolicyFixture {
  readonly revision: PolicyRevision;
  /** Virtual keys, in full, by the name they were asked for. */
  readonly keys: Readonly<Record<string, string>>;
}

export interface KeyFixture {
  readonly name: string;
  readonly projectId?: string;
  /** Of its project. */
  readonly zeroRetention?: boolean;
  readonly notAfterMs?: number;
  readonly allowedRoutes?: readonly string[];
  readonly passthroughConnections?: readonly string[];
}

export function createPolicy(options: {
  readonly routes: readonly RouteFixture[];
  readonly keys?: readonly KeyFixture[];
  readonly quotas?: readonly Quota[];
  readonly gatewayFees?: readonly GatewayFee[];
}): PolicyFixture {
  const connections: PolicyConnection[] = [];
  const models: PolicyModel[] = [];
  const routes = options.routes.map((fixture) => createRoute(fixture, connections, models));
  const keys: Record<string, string> = {};
  const virtualKeys = (options.keys ?? [{ name: "key" }]).map((fixture) => {
    const issued = issueVirtualKey(pepper);
    keys[fixture.name] = issued.token;
    return {
      virtualKeyId: `vk_${fixture.name}`,
      publicId: issued.publicId,
      digest: issued.digest.toString("base64"),
      projectId: fixture.projectId ?? "prj_1",
      name: fixture.name,
      notAfterMs: fixture.notAfterMs ?? null,
      allowedRouteIds: fixture.allowedRoutes?.map((name) => `rt_${name}`) ?? null,
      ...(fixture.passthroughConnections === undefined
        ? {}
        : { passthroughConnectionIds: [...fixture.passthroughConnections] }),
    };
  });
  const isDiscreet = (id: string): boolean =>
    (options.keys ?? []).some(({ projectId = "prj_1", zeroRetention }) => projectId === id && zeroRetention === true);
  const revision: PolicyRevision = {
    schemaVersion: 1,
    organisation: { organisationId, name: "Test organisation" },
    teams: [{ teamId: "team_1", name: "Team" }],
    projects: [
      { projectId: "prj_1", teamId: "team_1", name: "Project", zeroRetention: isDiscreet("prj_1") },
      { projectId: "prj_2", teamId: "team_1", name: "Other project", zeroRetention: isDiscreet("prj_2") },
    ],
    virtualKeys,
    connections,
    models,
    routes,
    quotas: [...(options.quotas ?? [])],
    ...(options.gatewayFees === undefined ? {} : { gatewayFees: [...options.gatewayFees] }),
  };
  return { revision, keys };
}

export function publish(number: number, revision: PolicyRevision): PublishedRevision {
  const content = JSON.stringify(revision);
  return { number, content, sha256: sha256Hex(content) };
}

function createRoute(fixture: RouteFixture, connections: PolicyConnection[], models: PolicyModel[]): Route {
  const targets = fixture.targets.map((target, position) => {
    const suffix = `${fixture.name}_${position}`;
    connections.push(createConnection(`con_${suffix}`, target));
    return {
      targetId: `tgt_${suffix}`,
      connectionId: `con_${suffix}`,
      modelId: findOrCreateModel(models, target, fixture.operations ?? ["chat"]).modelId,
      weight: target.weight ?? 1,
      enabled: true,
      ...(target.groupId === undefined ? {} : { groupId: target.groupId }),
    };
  });
  if (fixture.shadow !== undefined)
    connections.push(createConnection(`con_${fixture.name}_shadow`, fixture.shadow.target));
  return {
    routeId: `rt_${fixture.name}`,
    name: fixture.name,
    enabled: true,
    strategy: fixture.strategy ?? { type: "weighted" },
    targets,
    ...(fixture.groups === undefined ? {} : { groups: fixture.groups }),
    ...(fixture.guards === undefined ? {} : { guards: fixture.guards }),
    fallbackRouteIds: (fixture.fallbacks ?? []).map((name) => `rt_${name}`),
    allowedProjectIds: fixture.allowedProjectIds === undefined ? null : [...fixture.allowedProjectIds],
    maxAttempts: fixture.maxAttempts ?? 3,
    timeouts: { ...defaultRouteTimeouts, ...fixture.timeouts },
    responseCache: { enabled: fixture.cacheTtlSeconds !== undefined, ttlSeconds: fixture.cacheTtlSeconds ?? 60 },
    ...(fixture.resilience === undefined ? {} : { resilience: fixture.resilience }),
    ...(fixture.validation === undefined ? {} : { validation: fixture.validation }),
    ...(fixture.shadow === undefined
      ? {}
      : {
          shadow: {
            connectionId: `con_${fixture.name}_shadow`,
            modelId: findOrCreateModel(models, fixture.shadow.target, fixture.operations ?? ["chat"]).modelId,
            percent: fixture.shadow.percent,
            ...(fixture.shadow.groupId === undefined ? {} : { groupId: fixture.shadow.groupId }),
          },
        }),
  };
}

function createConnection(connectionId: string, target: TargetFixture): PolicyConnection {
  const credentialId = `${connectionId}_cred`;
  const context = { organisationId, connectionId, credentialId, origin: target.baseUrl };
  const sealed = target.credential === undefined ? null : sealCredential(masterKeyring, target.credential, context);
  return {
    connectionId,
    name: connectionId,
    kind: target.kind ?? "openai-compatible",
    baseUrl: target.baseUrl,
    enabled: true,
    attributes: {
      region: target.region ?? null,
      jurisdiction: null,
      zeroRetention: target.zeroRetention ?? false,
      noTraining: false,
    },
    abortBilling: target.abortBilling ?? "runs_on",
    ...(target.quirks === undefined ? {} : { quirks: target.quirks }),
    credentials: sealed === null ? [] : [{ credentialId, sealed }],
  };
}

function findOrCreateModel(
  models: PolicyModel[],
  {
    kind = "openai-compatible",
    providerModel = "simulated-model",
    unpriced = false,
    prices,
    contextWindow = 128_000,
  }: TargetFixture,
  operations: readonly Operation[],
): PolicyModel {
  const known = models.find((model) => model.providerKind === kind && model.providerModel === providerModel);
  if (known !== undefined) return known;
  const modelId = `mod_${models.length + 1}`;
  const lines = [
    { meter: "input" as const, unitPricePicoUsd: "150000" },
    { meter: "output" as const, unitPricePicoUsd: "600000" },
  ];
  const model: PolicyModel = {
    modelId,
    providerKind: kind,
    providerModel,
    contextWindow,
    maxOutputTokens: 16_384,
    capabilities: { operations: [...operations], tools: true, vision: true, jsonSchema: true, streaming: true },
    prices: [
      {
        priceVersionId: `${modelId}_p1`,
        connectionId: null,
        effectiveFromMs: 0,
        free: prices?.free ?? false,
        lines: unpriced ? [] : (prices?.lines ?? lines),
      },
    ],
  };
  models.push(model);
  return model;
}
