import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import type { RouteGroup, RouteGuards } from "@switchyard/policy-engine/policy/route";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { type Connection, Database } from "../database/database.ts";
import { afterName, type PageRequest } from "../database/keyset.ts";

const select = {
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
  createdAt: true,
  updatedAt: true,
  targets: {
    select: {
      id: true,
      connectionId: true,
      modelId: true,
      weight: true,
      enabled: true,
      groupId: true,
      connection: { select: { name: true } },
      model: { select: { providerModel: true } },
    },
    orderBy: { position: "asc" },
  },
} as const;

export interface RouteSettings {
  readonly name: string;
  readonly enabled: boolean;
  readonly strategy: object;
  readonly fallbackRouteIds: readonly string[];
  readonly allowedProjectIds: readonly string[] | null;
  readonly maxAttempts: number;
  readonly timeouts: object;
  readonly responseCache: object;
  /** Absent: a plain route. */
  readonly groups?: readonly RouteGroup[] | undefined;
  /** Absent: nothing is asked of its targets. */
  readonly guards?: RouteGuards | undefined;
  /** Absent: as if nothing was ever set. */
  readonly resilience?: object | undefined;
  /** Absent or null: answers are passed on as they come. */
  readonly validation?: object | null | undefined;
  /** Absent or null: no call is copied. */
  readonly shadow?: object | null | undefined;
  readonly targets: readonly RouteTargetSettings[];
}

export interface RouteTargetSettings {
  readonly connectionId: string;
  readonly modelId: string;
  readonly weight: number;
  readonly enabled: boolean;
  readonly groupId?: string | undefined;
}

@Injectable()
export class RouteRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest) {
    return this.#database.client.route.findMany({
      where: afterName(cursor),
      select,
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.route.findUnique({ where: { id }, select });
  }

  async knownIds(connection: Connection, ids: readonly string[]): Promise<Set<string>> {
    const rows = await connection.route.findMany({ where: { id: { in: [...ids] } }, select: { id: true } });
    return new Set(rows.map(({ id }) => id));
  }

  async isNameTaken(connection: Connection, name: string, exceptId?: string): Promise<boolean> {
    const other = await connection.route.findUnique({ where: { name }, select: { id: true } });
    return other !== null && other.id !== exceptId;
  }

  /** Names of the routes that fall back to this one. */
  async namesFallingBackTo(connection: Connection, id: string): Promise<string[]> {
    const rows = await connection.route.findMany({
      where: { fallbackRouteIds: { array_contains: [id] } },
      select: { name: true },
    });
    return rows.map(({ name }) => name);
  }

  /** Writes the whole route. A target of the same connection and model stays the same target. */
  async save(connection: Connection, id: string, { targets, ...settings }: RouteSettings): Promise<void> {
    const data = {
      ...settings,
      groups: settings.groups === undefined || settings.groups.length === 0 ? Prisma.DbNull : [...settings.groups],
      guards: settings.guards ?? Prisma.DbNull,
      resilience: settings.resilience ?? Prisma.DbNull,
      validation: settings.validation ?? Prisma.DbNull,
      shadow: settings.shadow ?? Prisma.DbNull,
      fallbackRouteIds: [...settings.fallbackRouteIds],
      allowedProjectIds: settings.allowedProjectIds === null ? Prisma.DbNull : [...settings.allowedProjectIds],
    };
    await connection.route.upsert({ where: { id }, create: { id, ...data }, update: data, select: { id: true } });
    await connection.routeTarget.deleteMany({
      where: {
        routeId: id,
        NOT: { OR: targets.map(({ connectionId, modelId }) => ({ connectionId, modelId })) },
      },
    });
    for (const [position, { connectionId, modelId, weight, enabled, groupId = null }] of targets.entries()) {
      await connection.routeTarget.upsert({
        where: { routeId_connectionId_modelId: { routeId: id, connectionId, modelId } },
        create: { id: createUuidV7(), routeId: id, connectionId, modelId, weight, enabled, position, groupId },
        update: { weight, enabled, position, groupId },
        select: { id: true },
      });
    }
  }

  /** Removes every route but these, and takes the names of these away until they are saved: two may have swapped theirs. */
  async removeOthers(connection: Connection, keptIds: readonly string[]): Promise<void> {
    const kept = [...keptIds];
    await connection.route.deleteMany({ where: { id: { notIn: kept } } });
    await connection.$executeRaw`UPDATE route SET name = id WHERE id = ANY(${kept})`;
  }

  async remove(connection: Connection, id: string): Promise<void> {
    await connection.route.delete({ where: { id }, select: { id: true } });
  }
}

export type RouteDetails = NonNullable<Awaited<ReturnType<RouteRepository["find"]>>>;
