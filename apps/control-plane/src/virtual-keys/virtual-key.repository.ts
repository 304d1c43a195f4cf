import { Injectable } from "@nestjs/common";
import type { virtualKeyStates } from "@switchyard/api-contract/virtual-keys";
import { Prisma } from "@switchyard/database/generated/client";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  projectId: true,
  name: true,
  publicId: true,
  lastFour: true,
  allowedRouteIds: true,
  passthroughConnectionIds: true,
  createdBy: true,
  createdAt: true,
  expiresAt: true,
  overlapEndsAt: true,
  revokedAt: true,
  rotatedFromId: true,
  project: { select: { name: true, archivedAt: true, team: { select: { name: true } } } },
} as const;

type State = (typeof virtualKeyStates)[number];

export interface VirtualKeyFilter {
  readonly projectId?: string | undefined;
  readonly teamId?: string | undefined;
  readonly state?: State | undefined;
  readonly search?: string | undefined;
}

export interface NewVirtualKey {
  readonly id: string;
  readonly projectId: string;
  readonly name: string;
  readonly publicId: string;
  readonly digest: Uint8Array<ArrayBuffer>;
  readonly lastFour: string;
  readonly allowedRouteIds: readonly string[] | null;
  readonly passthroughConnectionIds: readonly string[];
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly rotatedFromId?: string;
}

export interface VirtualKeyChange {
  readonly name?: string | undefined;
  readonly allowedRouteIds?: readonly string[] | null | undefined;
  readonly passthroughConnectionIds?: readonly string[] | undefined;
  readonly expiresAt?: Date | null | undefined;
  readonly overlapEndsAt?: Date | undefined;
  readonly revokedAt?: Date | undefined;
}

@Injectable()
export class VirtualKeyRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest, filter: VirtualKeyFilter, now: Date) {
    const before = beforeInstant(cursor);
    const { projectId, teamId, state, search } = filter;
    const contains = { contains: search ?? "", mode: "insensitive" } as const;
    return this.#database.client.virtualKey.findMany({
      where: {
        AND: [
          projectId === undefined ? {} : { projectId },
          teamId === undefined ? {} : { project: { teamId } },
          state === undefined ? {} : whereState(state, now),
          search === undefined ? {} : { OR: [{ name: contains }, { publicId: contains }, { lastFour: contains }] },
          before ? { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] } : {},
        ],
      },
      select,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.virtualKey.findUnique({ where: { id }, select });
  }

  /**
   * When each key was last seen in the request log; a key that was not is missing. The roll-up knows the day, and an index the
   * rest, so that no other day is looked at.
   */
  async lastUses(ids: readonly string[]): Promise<Map<string, Date>> {
    const rows = await this.#database.client.$queryRaw<{ id: string; at: Date | null }[]>`
      SELECT id, (
        SELECT max(started_at) FROM request_log
        WHERE virtual_key_id = id AND started_at >= day AND started_at < day + interval '24 hours'
      ) AS at
      FROM unnest(${[...ids]}::text[]) AS id
      CROSS JOIN LATERAL (SELECT max(day) AS day FROM request_rollup_day WHERE virtual_key_id = id) AS last`;
    return new Map(rows.flatMap(({ id, at }) => (at ? [[id, at]] : [])));
  }

  insert(connection: Connection, { allowedRouteIds, passthroughConnectionIds, ...key }: NewVirtualKey) {
    const lists = {
      allowedRouteIds: jsonOrNull(allowedRouteIds),
      passthroughConnectionIds: jsonOrNull(passthroughConnectionIds),
    };
    return connection.virtualKey.create({ data: { ...key, ...lists }, select });
  }

  update(
    connection: Connection,
    id: string,
    { allowedRouteIds, passthroughConnectionIds, ...change }: VirtualKeyChange,
  ) {
    const data = {
      ...withoutUndefined(change),
      ...(allowedRouteIds !== undefined && { allowedRouteIds: jsonOrNull(allowedRouteIds) }),
      ...(passthroughConnectionIds !== undefined && {
        passthroughConnectionIds: jsonOrNull(passthroughConnectionIds),
      }),
    };
    return connection.virtualKey.update({ where: { id }, data, select });
  }
}

export type VirtualKeyDetails = NonNullable<Awaited<ReturnType<VirtualKeyRepository["find"]>>>;

function whereState(state: State, now: Date): Prisma.VirtualKeyWhereInput {
  const isUnexpired = { OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] };
  switch (state) {
    case "revoked":
      return { revokedAt: { not: null } };
    case "expired":
      return { revokedAt: null, OR: [{ expiresAt: { lte: now } }, { overlapEndsAt: { lte: now } }] };
    case "rotating":
      return { revokedAt: null, overlapEndsAt: { gt: now }, ...isUnexpired };
    case "active":
      return { revokedAt: null, overlapEndsAt: null, ...isUnexpired };
  }
}

function jsonOrNull(ids: readonly string[] | null) {
  return ids === null ? Prisma.DbNull : [...ids];
}

function withoutUndefined<Values extends object>(values: Values) {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Values]: Exclude<Values[Name], undefined>;
  };
}
