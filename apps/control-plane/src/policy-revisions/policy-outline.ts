/**
 * A revision as people think of it: resources by name, values as text. Two outlines are compared node by node; nodes
 * match by `key` (an id), so that a new name is a change of name and not one thing gone and another come.
 */
import { formatUsd, parsePicoUsd, picoUsd } from "@switchyard/metering/pico-usd";
import type { GatewayFee } from "@switchyard/metering/gateway-fee";
import type { PriceLine, PriceVersion } from "@switchyard/metering/price-version";
import type { Quota } from "@switchyard/metering/quota";
import type {
  PolicyConnection,
  PolicyModel,
  PolicyRevision,
  PolicyVirtualKey,
} from "@switchyard/policy-engine/policy/policy-revision";
import {
  noResilience,
  type Route,
  type RouteGroup,
  type RouteResilience,
} from "@switchyard/policy-engine/policy/route";
import { type Trouble, troubleWords } from "@switchyard/policy-engine/resilience/after-failure";

export interface OutlineNode {
  readonly key: string;
  readonly label: string;
  /** A leaf has a value; a branch has children. */
  readonly value?: string;
  readonly children?: readonly OutlineNode[];
}

const everything = "all";

export function outlinePolicy(revision: PolicyRevision): OutlineNode[] {
  const nameOf = namesIn(revision);
  return [
    branch("organisation", "organisation", [leaf("name", revision.organisation.name)]),
    branch(
      "teams",
      "teams",
      revision.teams.map((team) => branch(team.teamId, team.name, [leaf("name", team.name)])),
    ),
    branch(
      "projects",
      "projects",
      revision.projects.map(({ projectId, teamId, name, zeroRetention }) =>
        branch(projectId, name, [
          leaf("name", name),
          leaf("team", nameOf(teamId)),
          leaf("zero retention", yesNo(zeroRetention)),
        ]),
      ),
    ),
    branch(
      "keys",
      "virtual keys",
      revision.virtualKeys.map((key) => outlineKey(key, nameOf)),
    ),
    branch("connections", "connections", revision.connections.map(outlineConnection)),
    branch(
      "models",
      "models",
      revision.models.map((model) => outlineModel(model, nameOf)),
    ),
    branch(
      "routes",
      "routes",
      revision.routes.map((route) => outlineRoute(route, nameOf)),
    ),
    branch(
      "budgets",
      "budgets",
      revision.quotas.filter(isBudget).map((quota) => outlineQuota(quota, nameOf)),
    ),
    branch(
      "rate limits",
      "rate limits",
      revision.quotas.filter((quota) => !isBudget(quota)).map((quota) => outlineQuota(quota, nameOf)),
    ),
    branch(
      "gateway fees",
      "gateway fees",
      (revision.gatewayFees ?? []).map((fee) => outlineFee(fee, nameOf)),
    ),
  ];
}

type NameOf = (id: string) => string;

function namesIn(revision: PolicyRevision): NameOf {
  const names = new Map<string, string>([
    [revision.organisation.organisationId, revision.organisation.name],
    ...revision.teams.map(({ teamId, name }) => [teamId, name] as const),
    ...revision.projects.map(({ projectId, name }) => [projectId, name] as const),
    ...revision.virtualKeys.map(({ virtualKeyId, name }) => [virtualKeyId, name] as const),
    ...revision.connections.map(({ connectionId, name }) => [connectionId, name] as const),
    ...revision.models.map(({ modelId, providerModel }) => [modelId, providerModel] as const),
    ...revision.routes.map(({ routeId, name }) => [routeId, name] as const),
  ]);
  return (id) => names.get(id) ?? id;
}

function outlineKey(key: PolicyVirtualKey, nameOf: NameOf): OutlineNode {
  return branch(key.virtualKeyId, key.name, [
    leaf("name", key.name),
    leaf("project", nameOf(key.projectId)),
    leaf("works until", key.notAfterMs === null ? "it is revoked" : new Date(key.notAfterMs).toISOString()),
    leaf("routes", listNames(key.allowedRouteIds, nameOf)),
    leaf("passes through to", key.passthroughConnectionIds?.map(nameOf).join(", ") || "nothing"),
  ]);
}

function outlineFee(fee: GatewayFee, nameOf: NameOf): OutlineNode {
  return branch(fee.feeId, nameOf(fee.scopeId), [
    leaf("for each request", `$${formatUsd(parsePicoUsd(fee.perRequestPicoUsd))}`),
    leaf("of the provider's cost", `${fee.shareOfCostPpm / 10_000} %`),
  ]);
}

function outlineConnection(connection: PolicyConnection): OutlineNode {
  const { region, jurisdiction, zeroRetention, noTraining } = connection.attributes;
  return branch(connection.connectionId, connection.name, [
    leaf("name", connection.name),
    leaf("kind", connection.kind),
    leaf("base URL", connection.baseUrl),
    leaf("enabled", yesNo(connection.enabled)),
    leaf("drained", yesNo(connection.drained ?? false)),
    leaf("region", region ?? "none"),
    leaf("jurisdiction", jurisdiction ?? "none"),
    leaf("zero retention", yesNo(zeroRetention)),
    leaf("no training", yesNo(noTraining)),
    leaf("billing after an abort", connection.abortBilling === "stops" ? "stops" : "runs on"),
    leaf("probed", connection.probe === undefined ? "no" : `when idle for ${connection.probe.afterIdleSeconds} s`),
    branch("quirks", "quirks", outlineQuirks(connection)),
    branch(
      "credentials",
      "credentials",
      connection.credentials.map(({ credentialId }) => leaf(credentialId, "present")),
    ),
  ]);
}

function outlineQuirks({ quirks = {} }: PolicyConnection): OutlineNode[] {
  const { parameters = {}, ...settings } = quirks;
  return [
    ...Object.entries(settings).map(([setting, value]) => leaf(setting, String(value))),
    ...Object.entries(parameters).map(([parameter, rule]) =>
      leaf(`parameter ${parameter}`, typeof rule === "string" ? rule : `renamed to ${rule.rename}`),
    ),
  ];
}

function outlineModel(model: PolicyModel, nameOf: NameOf): OutlineNode {
  const { operations, tools, vision, jsonSchema, streaming } = model.capabilities;
  return branch(model.modelId, model.providerModel, [
    leaf("context window", String(model.contextWindow ?? "unknown")),
    leaf("largest output", String(model.maxOutputTokens ?? "unknown")),
    leaf("operations", operations.join(", ")),
    leaf("tools", yesNo(tools)),
    leaf("vision", yesNo(vision)),
    leaf("JSON schema", yesNo(jsonSchema)),
    leaf("streaming", yesNo(streaming)),
    branch(
      "prices",
      "prices",
      model.prices.map((price) => outlinePrice(price, nameOf)),
    ),
  ]);
}

function outlinePrice(price: PriceVersion, nameOf: NameOf): OutlineNode {
  const since = `from ${new Date(price.effectiveFromMs).toISOString()}`;
  const label = price.connectionId === null ? since : `${nameOf(price.connectionId)}, ${since}`;
  if (price.free) return branch(price.priceVersionId, label, [leaf("free", "yes")]);
  return branch(
    price.priceVersionId,
    label,
    price.lines.map((line) => leaf(describeConditions(line), `${formatUsd(parsePicoUsd(line.unitPricePicoUsd))} USD`)),
  );
}

function describeConditions({ meter, aboveInputTokens, timeWindow, serviceTier }: PriceLine): string {
  return [
    meter,
    ...(aboveInputTokens === undefined ? [] : [`above ${aboveInputTokens} input tokens`]),
    ...(timeWindow === undefined ? [] : [`minutes ${timeWindow.startMinute} to ${timeWindow.endMinute}`]),
    ...(serviceTier === undefined ? [] : [`tier ${serviceTier}`]),
  ].join(", ");
}

function describeStrategy({ type, ...settings }: Route["strategy"]): string {
  const show = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
  return [type, ...Object.entries(settings).map(([name, value]) => `${name} ${show(value)}`)].join(", ");
}

function outlineRoute(route: Route, nameOf: NameOf): OutlineNode {
  const { connectMs, firstByteMs, idleMs, totalMs } = route.timeouts;
  return branch(route.routeId, route.name, [
    leaf("name", route.name),
    leaf("enabled", yesNo(route.enabled)),
    leaf("strategy", describeStrategy(route.strategy)),
    branch(
      "targets",
      "targets",
      route.targets.map(({ connectionId, modelId, weight, enabled, groupId }) =>
        branch(`${connectionId} ${modelId}`, `${nameOf(connectionId)} / ${nameOf(modelId)}`, [
          leaf("weight", String(weight)),
          leaf("enabled", yesNo(enabled)),
          leaf("group", route.groups?.find((group) => group.groupId === groupId)?.name ?? "none"),
        ]),
      ),
    ),
    branch("groups", "groups", (route.groups ?? []).map(outlineGroup)),
    ...outlineGuards(route.guards ?? {}),
    leaf(
      "order of targets",
      route.targets.map(({ connectionId, modelId }) => `${nameOf(connectionId)} / ${nameOf(modelId)}`).join(", "),
    ),
    leaf("falls back to", route.fallbackRouteIds.map(nameOf).join(", ") || "nothing"),
    leaf("projects", listNames(route.allowedProjectIds, nameOf)),
    leaf("most attempts", String(route.maxAttempts)),
    leaf("connect timeout", `${connectMs} ms`),
    leaf("first byte timeout", `${firstByteMs} ms`),
    leaf("idle timeout", `${idleMs} ms`),
    leaf("total timeout", `${totalMs} ms`),
    ...outlineResilience(route.resilience ?? noResilience),
    ...outlineValidation(route.validation),
    leaf("copies go to", describeShadow(route.shadow, nameOf)),
    leaf("response cache", route.responseCache.enabled ? `${route.responseCache.ttlSeconds} s` : "off"),
  ]);
}

function outlineGroup(group: RouteGroup, _: number, groups: readonly RouteGroup[]): OutlineNode {
  return branch(group.groupId, group.name, [
    leaf("name", group.name),
    leaf("inside", groups.find(({ groupId }) => groupId === group.parentGroupId)?.name ?? "the route"),
    leaf("weight", String(group.weight)),
    leaf("enabled", yesNo(group.enabled)),
    leaf("strategy", describeStrategy(group.strategy)),
    leaf("is for", group.when === undefined ? "every call" : describeCondition(group.when)),
  ]);
}

function describeCondition({ match, clauses }: NonNullable<RouteGroup["when"]>): string {
  return clauses
    .map(({ fact, ...clause }) => `${fact} ${JSON.stringify(clause)}`)
    .join(match === "all" ? " and " : " or ");
}

function outlineGuards({ mostCostPicoUsd, requires = {} }: NonNullable<Route["guards"]>): OutlineNode[] {
  const anyOf = (names: readonly string[] | undefined): string => names?.join(" or ") ?? "any";
  return [
    leaf("most cost", mostCostPicoUsd === undefined ? "any" : `${formatUsd(parsePicoUsd(mostCostPicoUsd))} USD`),
    leaf("required region", requires.ownRegion ? "the gateway's own" : anyOf(requires.regions)),
    leaf("required jurisdiction", anyOf(requires.jurisdictions)),
    leaf("zero retention required", yesNo(requires.zeroRetention ?? false)),
    leaf("no training required", yesNo(requires.noTraining ?? false)),
  ];
}

function outlineResilience(resilience: RouteResilience): OutlineNode[] {
  const { latencyObjective, hedging, afterFailure = {}, outlierEjection } = resilience;
  const within = (objectiveMs: number | null): string => (objectiveMs === null ? "none" : `${objectiveMs} ms`);
  return [
    leaf("first token objective", within(latencyObjective.firstTokenMs)),
    leaf("whole answer objective", within(latencyObjective.wholeAnswerMs)),
    leaf("hedging", hedging.enabled ? `at most ${hedging.mostPercentOfCalls} % of calls` : "off"),
    ...Object.entries(troubleWords).map(([trouble, words]) => {
      const follow = afterFailure[trouble as Trouble];
      return leaf(`after ${words}`, follow === undefined ? "as usual" : follow.replace("_", " "));
    }),
    leaf("left out beside its peers", outlierEjection === undefined ? "never" : JSON.stringify(outlierEjection)),
  ];
}

function outlineValidation(validation: Route["validation"]): OutlineNode[] {
  if (validation === undefined) return [leaf("answers", "passed on as they come")];
  const { mode, buffered, refusals, mostBytes, whenTooLong } = validation;
  return [
    leaf("answers", mode === "retry" ? "checked, and replaced where they are no good" : "checked, and only observed"),
    leaf("streams held back", yesNo(buffered)),
    leaf("refusals count as no good", yesNo(refusals)),
    leaf("answers held up to", `${mostBytes} bytes, longer ones ${whenTooLong === "refuse" ? "refused" : "passed on"}`),
  ];
}

function describeShadow(shadow: Route["shadow"], nameOf: NameOf): string {
  if (shadow === undefined) return "nobody";
  return `${nameOf(shadow.connectionId)} / ${nameOf(shadow.modelId)}, ${shadow.percent} %`;
}

function isBudget(quota: Quota): boolean {
  return quota.unit === "pico_usd";
}

function outlineQuota(quota: Quota, nameOf: NameOf): OutlineNode {
  const limit = isBudget(quota)
    ? `${formatUsd(picoUsd(BigInt(quota.limit)))} USD`
    : `${quota.limit} ${quota.unit.replaceAll("_", " ")}`;
  return branch(quota.quotaId, quota.name, [
    leaf("name", quota.name),
    leaf("limit", limit),
    leaf("for each", quota.eachOf ?? "no, for all together"),
    leaf("period", quota.period),
    leaf("time zone", quota.timeZone),
    leaf("mode", quota.mode),
    leaf("when short", quota.whenShort),
    leaf("applies to", `${quota.scopeType.replace("_", " ")} ${nameOf(quota.scopeId)}`),
  ]);
}

function leaf(label: string, value: string): OutlineNode {
  return { key: label, label, value };
}

function branch(key: string, label: string, children: readonly OutlineNode[]): OutlineNode {
  return { key, label, children };
}

function listNames(ids: readonly string[] | null, nameOf: NameOf): string {
  return ids === null ? everything : ids.map(nameOf).join(", ") || "none";
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}
