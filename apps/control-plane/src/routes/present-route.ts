import type { Route } from "@switchyard/api-contract/routes";
import { formatUsd, parsePicoUsd, parseUsd } from "@switchyard/metering/pico-usd";
import { noResilience, type RouteGuards } from "@switchyard/policy-engine/policy/route";
import { explainSplit } from "@switchyard/policy-engine/routing/explain-split";
import { instant } from "../database/instant.ts";
import type { RouteDetails } from "./route.repository.ts";

const wholeMillionths = 1_000_000;

export function presentRoute(row: RouteDetails): Route {
  const split = explainSplit(row.targets.map(({ id, weight, enabled }) => ({ targetId: id, weight, enabled })));
  const shareOf = new Map(split.map(({ targetId, share }) => [targetId, Math.round(share * wholeMillionths)]));
  return {
    id: row.id,
    name: row.name,
    enabled: row.enabled,
    strategy: row.strategy as Route["strategy"],
    targets: row.targets.map(({ id, connectionId, connection, modelId, model, weight, enabled, groupId }) => ({
      id,
      connectionId,
      connectionName: connection.name,
      modelId,
      providerModel: model.providerModel,
      weight,
      enabled,
      shareMillionths: shareOf.get(id) ?? 0,
      groupId,
    })),
    groups: (row.groups as Route["groups"] | null) ?? [],
    guards: presentGuards(row.guards as RouteGuards | null),
    fallbackRouteIds: row.fallbackRouteIds as string[],
    allowedProjectIds: row.allowedProjectIds as string[] | null,
    maxAttempts: row.maxAttempts,
    timeouts: row.timeouts as Route["timeouts"],
    responseCache: row.responseCache as Route["responseCache"],
    resilience: (row.resilience as Route["resilience"]) ?? noResilience,
    validation: (row.validation as Route["validation"]) ?? null,
    shadow: (row.shadow as Route["shadow"]) ?? null,
    createdAt: instant(row.createdAt),
    updatedAt: instant(row.updatedAt),
  };
}

function presentGuards(guards: RouteGuards | null): Route["guards"] {
  const mostCost = guards?.mostCostPicoUsd;
  return {
    mostCostUsd: mostCost === undefined ? null : formatUsd(parsePicoUsd(mostCost)),
    mostPercentOfFirst: guards?.mostPercentOfFirst ?? null,
    requires: guards?.requires ?? {},
  };
}

/** As policy keeps them; nothing where nothing is asked. */
export function guardsOf({ mostCostUsd, mostPercentOfFirst, requires }: Route["guards"]): RouteGuards | undefined {
  const guards: RouteGuards = {
    ...(mostCostUsd === null ? {} : { mostCostPicoUsd: parseUsd(mostCostUsd).toString() }),
    ...(mostPercentOfFirst === null ? {} : { mostPercentOfFirst }),
    ...(Object.keys(requires).length === 0 ? {} : { requires }),
  };
  return Object.keys(guards).length === 0 ? undefined : guards;
}
