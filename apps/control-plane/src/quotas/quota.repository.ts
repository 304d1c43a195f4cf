import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import type { QuotaScopeType } from "@switchyard/metering/quota";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

const select = {
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
  thresholds: true,
  raiseAmount: true,
  raiseUntil: true,
  createdAt: true,
  archivedAt: true,
} as const;

export interface QuotaFilter {
  readonly isMoney: boolean;
  readonly scopeType?: QuotaScopeType | undefined;
  readonly scopeId?: string | undefined;
}

export interface NewQuota {
  readonly id: string;
  readonly name: string;
  readonly unit: string;
  readonly period: string;
  readonly timeZone: string;
  /** In the quota's unit. */
  readonly limit: bigint;
  readonly mode: string;
  readonly whenShort: string;
  readonly scopeType: string;
  readonly scopeId: string;
  readonly eachOf: string | null;
  readonly thresholds: readonly number[];
}

export type QuotaChange = {
  readonly [Field in "name" | "limit" | "mode" | "whenShort" | "thresholds"]?: NewQuota[Field] | undefined;
};

/** The state of one quota in the window that is running now. Amounts in the quota's unit. */
export interface QuotaState {
  readonly windowStart: Date;
  readonly windowEnd: Date | null;
  readonly settled: bigint;
  readonly leased: bigint;
  readonly unreconciled: bigint;
  readonly overrun: bigint;
}

/** In the quota's unit. */
export interface QuotaOutlook {
  readonly limit: bigint;
  readonly remaining: bigint;
}

/** What one user or session used; null stands for calls that named nobody. */
export interface QuotaMember {
  readonly member: string | null;
  readonly state: QuotaState;
}

interface StateRow {
  id: string;
  windowStart: Date;
  windowEnd: Date | null;
  settled: string;
  leased: string;
  unreconciled: string;
  overrun: string;
}

@Injectable()
export class QuotaRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest, { isMoney, scopeType, scopeId }: QuotaFilter) {
    const before = beforeInstant(cursor);
    return this.#database.client.quota.findMany({
      where: {
        archivedAt: null,
        templateId: null,
        unit: isMoney ? "pico_usd" : { not: "pico_usd" },
        ...(scopeType !== undefined && { scopeType }),
        ...(scopeId !== undefined && { scopeId }),
        ...(before && { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] }),
      },
      select,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  findLive(id: string, isMoney: boolean, connection: Connection = this.#database.client) {
    return connection.quota.findUnique({
      where: { id, archivedAt: null, templateId: null, unit: isMoney ? "pico_usd" : { not: "pico_usd" } },
      select,
    });
  }

  async insert(connection: Connection, { limit, thresholds, ...quota }: NewQuota): Promise<void> {
    await connection.quota.create({
      data: { ...quota, limit: new Prisma.Decimal(limit.toString()), thresholds: [...thresholds] },
      select: { id: true },
    });
  }

  async update(connection: Connection, id: string, change: QuotaChange): Promise<void> {
    const { name, limit, mode, whenShort, thresholds } = change;
    await connection.quota.update({
      where: { id },
      data: {
        ...(name !== undefined && { name }),
        ...(mode !== undefined && { mode }),
        ...(whenShort !== undefined && { whenShort }),
        ...(limit !== undefined && { limit: new Prisma.Decimal(limit.toString()) }),
        ...(thresholds !== undefined && { thresholds: [...thresholds] }),
      },
      select: { id: true },
    });
  }

  /** Adds to the limit until an instant; null takes a raise back. */
  async setRaise(
    connection: Connection,
    id: string,
    raise: { readonly amount: bigint; readonly until: Date } | null,
  ): Promise<void> {
    await connection.quota.update({
      where: { id },
      data: {
        raiseAmount: raise === null ? null : new Prisma.Decimal(raise.amount.toString()),
        raiseUntil: raise?.until ?? null,
      },
      select: { id: true },
    });
  }

  async setArchived(connection: Connection, id: string, archivedAt: Date | null): Promise<void> {
    await connection.quota.update({ where: { id }, data: { archivedAt }, select: { id: true } });
  }

  async archiveOthers(connection: Connection, keptIds: readonly string[], archivedAt: Date): Promise<void> {
    await connection.quota.updateMany({
      where: { archivedAt: null, templateId: null, id: { notIn: [...keptIds] } },
      data: { archivedAt },
    });
  }

  /** The members of a quota that used most of it in the running window, and how many have used any. */
  async membersByUse(id: string, limit: number): Promise<{ members: QuotaMember[]; count: number }> {
    const rows = await this.#database.client.$queryRaw<(StateRow & { member: string; count: number })[]>`
      SELECT quota.id, quota.scope_id AS member, bounds.window_start AS "windowStart", bounds.window_end AS "windowEnd",
        spent.settled::text AS settled, spent.leased::text AS leased, spent.unreconciled::text AS unreconciled,
        spent.overrun::text AS overrun, (count(*) OVER ())::integer AS count
      FROM quota AS template
      CROSS JOIN LATERAL quota_window_bounds(template.period, template.time_zone, clock_timestamp()) AS bounds
      JOIN quota ON quota.template_id = template.id
      JOIN quota_window AS spent ON spent.quota_id = quota.id AND spent.window_start = bounds.window_start
      WHERE template.id = ${id}
      ORDER BY spent.settled + spent.overrun + spent.leased DESC, quota.id
      LIMIT ${limit}`;
    return {
      members: rows.map((row) => ({ member: row.member === "" ? null : row.member, state: toState(row) })),
      count: rows[0]?.count ?? 0,
    };
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }

  /** JavaScript and PostgreSQL carry their own lists of zones; a window needs the database's. */
  async knowsTimeZone(connection: Connection, name: string): Promise<boolean> {
    const [row] = await connection.$queryRaw<{ isKnown: boolean }[]>`
      SELECT EXISTS (SELECT FROM pg_timezone_names WHERE lower(name) = lower(${name})) AS "isKnown"`;
    return row?.isKnown ?? false;
  }

  /** The limit in force and what is left of it now, of any quota that is not lifted, members included. */
  async outlookOf(id: string): Promise<QuotaOutlook | null> {
    const [row] = await this.#database.client.$queryRaw<{ limit: string; remaining: string }[]>`
      SELECT in_force.amount::text AS limit,
        greatest(in_force.amount - coalesce(spent.settled + spent.overrun + spent.leased + spent.unreconciled, 0), 0)::text
          AS remaining
      FROM quota
      CROSS JOIN LATERAL quota_window_bounds(quota.period, quota.time_zone, clock_timestamp()) AS bounds
      CROSS JOIN LATERAL (
        SELECT quota_limit_at(quota.limit_amount, quota.raise_amount, quota.raise_until, clock_timestamp()) AS amount
      ) AS in_force
      LEFT JOIN quota_window AS spent ON spent.quota_id = quota.id AND spent.window_start = bounds.window_start
      WHERE quota.id = ${id} AND quota.archived_at IS NULL`;
    return row === undefined ? null : { limit: BigInt(row.limit), remaining: BigInt(row.remaining) };
  }

  /** The running windows, as the lease functions see them; a quota that nobody spent of has zeros. */
  async states(
    ids: readonly string[],
    connection: Connection = this.#database.client,
  ): Promise<Map<string, QuotaState>> {
    if (ids.length === 0) return new Map();
    const rows = await connection.$queryRaw<StateRow[]>`
      SELECT
        quota.id,
        bounds.window_start AS "windowStart",
        bounds.window_end AS "windowEnd",
        coalesce(current_window.settled, 0)::text AS settled,
        coalesce(current_window.leased, 0)::text AS leased,
        coalesce(current_window.unreconciled, 0)::text AS unreconciled,
        coalesce(current_window.overrun, 0)::text AS overrun
      FROM quota
      CROSS JOIN LATERAL quota_window_bounds(quota.period, quota.time_zone, clock_timestamp()) AS bounds
      LEFT JOIN quota_window AS current_window
        ON current_window.quota_id = quota.id AND current_window.window_start = bounds.window_start
      WHERE quota.id = ANY(${[...ids]})`;
    return new Map(rows.map((row) => [row.id, toState(row)]));
  }
}

function toState({ windowStart, windowEnd, settled, leased, unreconciled, overrun }: StateRow): QuotaState {
  return {
    windowStart,
    windowEnd,
    settled: BigInt(settled),
    leased: BigInt(leased),
    unreconciled: BigInt(unreconciled),
    overrun: BigInt(overrun),
  };
}

export type QuotaDetails = NonNullable<Awaited<ReturnType<QuotaRepository["findLive"]>>>;
