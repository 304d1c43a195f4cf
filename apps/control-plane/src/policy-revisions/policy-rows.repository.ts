import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import type { RouteShadow } from "@switchyard/policy-engine/policy/route";
import type { Connection } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { PolicyRows } from "./policy-rows.ts";

const priceLineSelect = {
  meter: true,
  unitPricePicoUsd: true,
  aboveInputTokens: true,
  windowStart: true,
  windowEnd: true,
  serviceTier: true,
} as const;

const byId = { orderBy: { id: "asc" } } as const;

/** Models that routes only copy calls to. */
async function shadowModelIds(connection: Connection): Promise<string[]> {
  const routes = await connection.route.findMany({
    where: { shadow: { not: Prisma.DbNull } },
    select: { shadow: true },
  });
  return routes.map(({ shadow }) => (shadow as RouteShadow).modelId);
}

/** Reads everything that policy is compiled from, inside the transaction that publishes it. */
@Injectable()
export class PolicyRowsRepository {
  async load(connection: Connection): Promise<PolicyRows> {
    const organisation = await connection.organisation.findFirst({ select: { id: true, name: true } });
    if (!organisation) throw new ControlPlaneError("not_seeded");
    return {
      organisation,
      teams: await connection.team.findMany({ where: { archivedAt: null }, select: { id: true, name: true }, ...byId }),
      projects: await connection.project.findMany({
        where: { archivedAt: null },
        select: { id: true, teamId: true, name: true, zeroRetention: true, passthroughConnectionIds: true },
        ...byId,
      }),
      virtualKeys: await connection.virtualKey.findMany({
        where: { revokedAt: null },
        select: {
          id: true,
          projectId: true,
          name: true,
          publicId: true,
          digest: true,
          allowedRouteIds: true,
          passthroughConnectionIds: true,
          expiresAt: true,
          overlapEndsAt: true,
        },
        ...byId,
      }),
      connections: await connection.providerConnection.findMany({
        where: { archivedAt: null },
        select: {
          id: true,
          name: true,
          kind: true,
          baseUrl: true,
          enabled: true,
          drained: true,
          region: true,
          jurisdiction: true,
          zeroRetention: true,
          noTraining: true,
          abortBilling: true,
          quirks: true,
          probe: true,
          credentials: { select: { id: true, sealed: true, state: true }, orderBy: { id: "desc" } },
        },
        ...byId,
      }),
      models: await connection.model.findMany({
        where: { OR: [{ targets: { some: {} } }, { id: { in: await shadowModelIds(connection) } }] },
        select: {
          id: true,
          providerKind: true,
          providerModel: true,
          contextWindow: true,
          maxOutputTokens: true,
          capabilities: true,
          prices: {
            select: {
              id: true,
              connectionId: true,
              effectiveFrom: true,
              free: true,
              lines: { select: priceLineSelect, ...byId },
            },
            ...byId,
          },
        },
        ...byId,
      }),
      routes: await connection.route.findMany({
        select: {
          id: true,
          name: true,
          enabled: true,
          strategy: true,
          fallbackRouteIds: true,
          allowedProjectIds: true,
          maxAttempts: true,
          timeouts: true,
          responseCache: true,
          groups: true,
          guards: true,
          resilience: true,
          validation: true,
          shadow: true,
          targets: {
            select: { id: true, connectionId: true, modelId: true, weight: true, enabled: true, groupId: true },
            orderBy: { position: "asc" },
          },
        },
        ...byId,
      }),
      quotas: await connection.quota.findMany({
        where: { archivedAt: null, templateId: null },
        select: {
          id: true,
          name: true,
          unit: true,
          period: true,
          timeZone: true,
          limit: true,
          mode: true,
          whenShort: true,
          scopeType: true,
          scopeId: true,
          eachOf: true,
        },
        ...byId,
      }),
      gatewayFees: await connection.gatewayFee.findMany({
        select: { id: true, scopeType: true, scopeId: true, perRequestPicoUsd: true, shareOfCostPpm: true },
        ...byId,
      }),
    };
  }
}
