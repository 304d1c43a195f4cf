/**
 * Compiles all policy from its rows, in one fixed order. Pure, so that a preview, a test and a publication agree.
 * What can no longer apply is left out: revoked and expired keys, prices that newer ones have replaced, limits of things
 * that are gone. Allow-lists lose ids that are gone, which never widens what they allow.
 */
import { policySchemaVersion } from "@switchyard/policy-engine/policy/policy-revision";
import type { RouteShadow } from "@switchyard/policy-engine/policy/route";
import type {
  ConnectionRow,
  GatewayFeeRow,
  ModelRow,
  PolicyRows,
  PriceLineRow,
  PriceVersionRow,
  QuotaRow,
  RouteRow,
  VirtualKeyRow,
} from "./policy-rows.ts";

/** A candidate for `validatePolicyRevision`, which says whether it may run. */
export function compilePolicy(rows: PolicyRows, now: Date): object {
  const projectIds = new Set(rows.projects.map(({ id }) => id));
  const routeIds = new Set(rows.routes.map(({ id }) => id));
  const connectionIds = new Set(rows.connections.map(({ id }) => id));
  const passthroughOf = new Map(
    rows.projects.map(({ id, passthroughConnectionIds }) => [id, keepKnown(passthroughConnectionIds, connectionIds)]),
  );
  const usedModelIds = new Set(rows.routes.flatMap(modelIdsOf));
  const virtualKeys = rows.virtualKeys
    .filter((key) => projectIds.has(key.projectId) && (notAfter(key)?.getTime() ?? Infinity) > now.getTime())
    .map((key) => compileVirtualKey(key, routeIds, passthroughOf.get(key.projectId)));
  const scopes: Readonly<Record<string, ReadonlySet<string>>> = {
    organisation: new Set([rows.organisation.id]),
    team: new Set(rows.teams.map(({ id }) => id)),
    project: projectIds,
    virtual_key: new Set(virtualKeys.map(({ virtualKeyId }) => virtualKeyId)),
    route: routeIds,
    connection: connectionIds,
  };
  const gatewayFees = rows.gatewayFees.filter(({ scopeType, scopeId }) => scopes[scopeType]?.has(scopeId));
  return {
    schemaVersion: policySchemaVersion,
    organisation: { organisationId: rows.organisation.id, name: rows.organisation.name },
    teams: rows.teams.map(({ id, name }) => ({ teamId: id, name })),
    projects: rows.projects.map(({ id, teamId, name, zeroRetention }) => ({
      projectId: id,
      teamId,
      name,
      ...(zeroRetention ? { zeroRetention } : {}),
    })),
    virtualKeys,
    connections: rows.connections.map(compileConnection),
    models: rows.models
      .filter(({ id }) => usedModelIds.has(id))
      .map((model) => compileModel(model, connectionIds, now)),
    routes: rows.routes.map((route) => compileRoute(route, projectIds)),
    quotas: rows.quotas.filter(({ scopeType, scopeId }) => scopes[scopeType]?.has(scopeId) ?? true).map(compileQuota),
    // Left out where there are none: gateways of the version before do not know them.
    ...(gatewayFees.length === 0 ? {} : { gatewayFees: gatewayFees.map(compileFee) }),
  };
}

function modelIdsOf({ targets, shadow }: RouteRow): string[] {
  const ofTargets = targets.map(({ modelId }) => modelId);
  return shadow === null ? ofTargets : [...ofTargets, (shadow as RouteShadow).modelId];
}

/** When a key stops working by itself: its expiry or the end of its rotation's overlap, whichever comes first. */
export function notAfter(key: Pick<VirtualKeyRow, "expiresAt" | "overlapEndsAt">): Date | null {
  const { expiresAt, overlapEndsAt } = key;
  if (expiresAt === null || overlapEndsAt === null) return expiresAt ?? overlapEndsAt;
  return expiresAt < overlapEndsAt ? expiresAt : overlapEndsAt;
}

/** The versions that apply now or later, oldest first, for each connection and for all of them. */
export function applicablePrices<Version extends Pick<PriceVersionRow, "connectionId" | "effectiveFrom">>(
  versions: readonly Version[],
  now: Date,
): Version[] {
  const oldestFirst = versions.toSorted((a, b) => a.effectiveFrom.getTime() - b.effectiveFrom.getTime());
  const currentOf = new Map<string | null, Version>();
  for (const version of oldestFirst) {
    if (version.effectiveFrom <= now) currentOf.set(version.connectionId, version);
  }
  const current = new Set(currentOf.values());
  return oldestFirst.filter((version) => version.effectiveFrom > now || current.has(version));
}

/** `passthrough` is what its project allows: a key is left with what both of them do. */
function compileVirtualKey(
  key: VirtualKeyRow,
  routeIds: ReadonlySet<string>,
  passthrough: readonly string[] | null | undefined,
) {
  const passthroughConnectionIds = keepKnown(key.passthroughConnectionIds, new Set(passthrough)) ?? [];
  return {
    virtualKeyId: key.id,
    publicId: key.publicId,
    digest: Buffer.from(key.digest).toString("base64"),
    projectId: key.projectId,
    name: key.name,
    notAfterMs: notAfter(key)?.getTime() ?? null,
    allowedRouteIds: keepKnown(key.allowedRouteIds, routeIds),
    // Left out where there are none: gateways of the version before do not know it.
    ...(passthroughConnectionIds.length === 0 ? {} : { passthroughConnectionIds }),
  };
}

function compileConnection(connection: ConnectionRow) {
  const { region, jurisdiction, zeroRetention, noTraining, quirks, probe } = connection;
  const usable = connection.credentials.filter(({ state }) => state !== "void");
  return {
    connectionId: connection.id,
    name: connection.name,
    kind: connection.kind,
    baseUrl: connection.baseUrl,
    enabled: connection.enabled,
    // Left out while it is in service: gateways of the version before do not know it.
    ...(connection.drained ? { drained: true } : {}),
    attributes: { region, jurisdiction, zeroRetention, noTraining },
    abortBilling: connection.abortBilling,
    ...(quirks === null ? {} : { quirks }),
    ...(probe === null ? {} : { probe }),
    credentials: [
      ...usable.filter(({ state }) => state === "active"),
      ...usable.filter(({ state }) => state !== "active"),
    ].map(({ id, sealed }) => ({ credentialId: id, sealed })),
  };
}

function compileModel(model: ModelRow, connectionIds: ReadonlySet<string>, now: Date) {
  const prices = model.prices.filter(({ connectionId }) => connectionId === null || connectionIds.has(connectionId));
  return {
    modelId: model.id,
    providerKind: model.providerKind,
    providerModel: model.providerModel,
    contextWindow: model.contextWindow,
    maxOutputTokens: model.maxOutputTokens,
    capabilities: model.capabilities,
    prices: applicablePrices(prices, now).map((version) => ({
      priceVersionId: version.id,
      connectionId: version.connectionId,
      effectiveFromMs: Math.max(0, version.effectiveFrom.getTime()),
      free: version.free,
      lines: version.lines.map(compilePriceLine),
    })),
  };
}

function compilePriceLine(line: PriceLineRow) {
  return {
    meter: line.meter,
    unitPricePicoUsd: line.unitPricePicoUsd.toString(),
    ...(line.aboveInputTokens !== null && { aboveInputTokens: line.aboveInputTokens }),
    ...(line.windowStart !== null &&
      line.windowEnd !== null && { timeWindow: { startMinute: line.windowStart, endMinute: line.windowEnd } }),
    ...(line.serviceTier !== null && { serviceTier: line.serviceTier }),
  };
}

function compileRoute(route: RouteRow, projectIds: ReadonlySet<string>) {
  return {
    routeId: route.id,
    name: route.name,
    enabled: route.enabled,
    strategy: route.strategy,
    targets: route.targets.map(({ id, connectionId, modelId, weight, enabled, groupId }) => ({
      targetId: id,
      connectionId,
      modelId,
      weight,
      enabled,
      ...(groupId === null ? {} : { groupId }),
    })),
    ...(route.groups === null ? {} : { groups: route.groups }),
    ...(route.guards === null ? {} : { guards: route.guards }),
    fallbackRouteIds: route.fallbackRouteIds,
    allowedProjectIds: keepKnown(route.allowedProjectIds, projectIds),
    maxAttempts: route.maxAttempts,
    timeouts: route.timeouts,
    responseCache: route.responseCache,
    ...(route.resilience === null ? {} : { resilience: route.resilience }),
    ...(route.validation === null ? {} : { validation: route.validation }),
    ...(route.shadow === null ? {} : { shadow: route.shadow }),
  };
}

function compileFee({ id, scopeType, scopeId, perRequestPicoUsd, shareOfCostPpm }: GatewayFeeRow) {
  return { feeId: id, scopeType, scopeId, perRequestPicoUsd: perRequestPicoUsd.toString(), shareOfCostPpm };
}

function compileQuota(quota: QuotaRow) {
  return {
    quotaId: quota.id,
    name: quota.name,
    unit: quota.unit,
    period: quota.period,
    timeZone: quota.timeZone,
    limit: quota.limit.toFixed(),
    mode: quota.mode,
    whenShort: quota.whenShort,
    scopeType: quota.scopeType,
    scopeId: quota.scopeId,
    // Left out where there is none: gateways of the version before do not know it.
    ...(quota.eachOf === null ? {} : { eachOf: quota.eachOf }),
  };
}

function keepKnown(ids: unknown, known: ReadonlySet<string>): string[] | null {
  return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string" && known.has(id)) : null;
}
