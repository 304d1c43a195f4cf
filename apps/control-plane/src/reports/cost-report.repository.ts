import { Injectable } from "@nestjs/common";
import type { CostDimension } from "@switchyard/api-contract/reports";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";
import { callerRows } from "./caller-rows.ts";
import { asksForCallers, attributionOf, costSource, type CostQuestion, eachTag } from "./cost-source.ts";
import type { ReportRange } from "./report-range.ts";
import { rollUpRows } from "./roll-up-rows.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

export interface CostQuery extends CostQuestion {
  readonly range: ReportRange;
  /** The period to compare with; it ends where `range` begins. Null: none. */
  readonly previous: ReportRange | null;
}

export interface CostRow {
  keys: (string | null)[];
  cost: string;
  previousCost: string;
  tokens: string;
  requests: number | null;
}

const columnOf: Readonly<Record<CostDimension, Prisma.Sql>> = {
  team: Prisma.sql`team_id`,
  project: Prisma.sql`project_id`,
  virtual_key: Prisma.sql`virtual_key_id`,
  user: Prisma.sql`end_user`,
  tag: Prisma.sql`tag`,
  route: Prisma.sql`route_id`,
  connection: Prisma.sql`connection_id`,
  provider: Prisma.sql`provider_kind`,
  model: Prisma.sql`model_id`,
  meter: Prisma.sql`meter`,
};

/** A pivot stops here. */
export const mostRows = 10_000;

@Injectable()
export class CostReportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Spend by group, dearest first, with what was spent in the period before, and the calls where they can be read with it. */
  async pivot(query: CostQuery): Promise<CostRow[]> {
    const { range, previous, groupBy } = query;
    const source = costSource(query, previous === null ? [range] : [previous, range], new Date());
    const isInRange = Prisma.sql`FILTER (WHERE hour >= ${range.from})`;
    return this.#database.client.$queryRaw<CostRow[]>`
      SELECT ${keysOf(groupBy)} AS keys,
        coalesce(sum(cost_pico_usd) ${isInRange}, 0)::text AS cost,
        coalesce(sum(cost_pico_usd) FILTER (WHERE hour < ${range.from}), 0)::text AS "previousCost",
        coalesce(sum(${source.tokens}) ${isInRange}, 0)::text AS tokens,
        ${source.requests === null ? Prisma.sql`NULL` : Prisma.sql`coalesce(sum(${source.requests}) ${isInRange}, 0)`}::integer
          AS requests
      FROM ${source.from}
      WHERE true ${source.where}
      GROUP BY ${Prisma.join(groupBy.map((dimension) => columnOf[dimension]))}
      ORDER BY coalesce(sum(cost_pico_usd) ${isInRange}, 0) DESC, 1
      LIMIT ${mostRows}`;
  }

  async total(range: ReportRange, filter: UsageFilter): Promise<string> {
    const source = costSource({ groupBy: [], filter }, [range], new Date());
    const [row] = await this.#database.client.$queryRaw<{ total: string }[]>`
      SELECT coalesce(sum(cost_pico_usd), 0)::text AS total FROM ${source.from} WHERE true ${source.where}`;
    return row?.total ?? "0";
  }

  /**
   * Calls by the same groups; null where the pivot has counted them, or nobody can: one call uses several meters. The roll-up of
   * callers knows users and tags, by the day; hours are counted in the log.
   */
  async countRequests({ range, filter, groupBy }: CostQuery): Promise<Map<string, number> | null> {
    if (groupBy.includes("meter") || attributionOf({ groupBy, filter }) !== null) return null;
    const isOfCallers = asksForCallers({ groupBy, filter });
    const now = new Date();
    const rows = await this.#database.client.$queryRaw<{ keys: (string | null)[]; requests: number }[]>`
      SELECT ${keysOf(groupBy)} AS keys, sum(requests)::integer AS requests
      FROM ${isOfCallers ? callerRows(range, now) : rollUpRows("request", [range], now)} AS rolled
      ${groupBy.includes("tag") ? eachTag : Prisma.empty}
      WHERE true ${andFilter(filter)}
      GROUP BY ${Prisma.join(groupBy.map((dimension) => columnOf[dimension]))}`;
    return new Map(rows.map(({ keys, requests }) => [JSON.stringify(keys), requests]));
  }
}

function keysOf(groupBy: readonly CostDimension[]): Prisma.Sql {
  return Prisma.sql`ARRAY[${Prisma.join(groupBy.map((dimension) => columnOf[dimension]))}]::text[]`;
}
