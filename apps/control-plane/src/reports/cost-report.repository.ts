import { Injectable } from "@nestjs/common";
import type { CostDimension } from "@switchyard/api-contract/reports";
import { Prisma } from "@switchyard/database/generated/client";
import { inputTokenMeters, outputTokenMeters } from "@switchyard/metering/meters";
import { Database } from "../database/database.ts";
import type { ReportRange } from "./report-range.ts";
import { callerRows } from "./caller-rows.ts";
import { rollUpRows } from "./roll-up-rows.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

export interface CostQuery {
  readonly range: ReportRange;
  /** The period to compare with; it ends where `range` begins. Null: none. */
  readonly previous: ReportRange | null;
  readonly filter: UsageFilter;
  readonly groupBy: readonly CostDimension[];
}

export interface CostRow {
  keys: (string | null)[];
  cost: string;
  previousCost: string;
  tokens: string;
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

// One row a tag, and one for calls without any; without the pivot every row stands once.
const eachTag = Prisma.sql`LEFT JOIN LATERAL unnest(tags) AS tagged(tag) ON true`;
const tokenMeters = [...inputTokenMeters, ...outputTokenMeters] as string[];
/** A pivot stops here. */
export const mostRows = 10_000;

@Injectable()
export class CostReportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Spend by group, dearest first, with what was spent in the period before. */
  pivot({ range, previous, filter, groupBy }: CostQuery): Promise<CostRow[]> {
    return this.#database.client.$queryRaw<CostRow[]>`
      SELECT ${keysOf(groupBy)} AS keys,
        coalesce(sum(cost_pico_usd) FILTER (WHERE hour >= ${range.from}), 0)::text AS cost,
        coalesce(sum(cost_pico_usd) FILTER (WHERE hour < ${range.from}), 0)::text AS "previousCost",
        coalesce(sum(quantity) FILTER (WHERE hour >= ${range.from} AND meter = ANY(${tokenMeters})), 0)::text AS tokens
      FROM ${rollUpRows("cost", previous === null ? [range] : [previous, range])} AS rolled
      ${groupBy.includes("tag") ? eachTag : Prisma.empty}
      WHERE true ${andFilter(filter)}
      GROUP BY 1
      ORDER BY coalesce(sum(cost_pico_usd) FILTER (WHERE hour >= ${range.from}), 0) DESC, 1
      LIMIT ${mostRows}`;
  }

  async total(range: ReportRange, filter: UsageFilter): Promise<string> {
    const [row] = await this.#database.client.$queryRaw<{ total: string }[]>`
      SELECT coalesce(sum(cost_pico_usd), 0)::text AS total
      FROM ${rollUpRows("cost", [range])} AS rolled WHERE true ${andFilter(filter)}`;
    return row?.total ?? "0";
  }

  /** Calls by the same groups. The roll-up of callers knows users and tags, by the day; hours are counted in the log. */
  async countRequests({ range, filter, groupBy }: CostQuery): Promise<Map<string, number>> {
    const asksForCallers =
      groupBy.includes("user") || groupBy.includes("tag") || filter.user !== undefined || filter.tag !== undefined;
    const rows = await this.#database.client.$queryRaw<{ keys: (string | null)[]; requests: number }[]>`
      SELECT ${keysOf(groupBy)} AS keys, sum(requests)::integer AS requests
      FROM ${asksForCallers ? callerRows(range, new Date()) : rollUpRows("request", [range])} AS rolled
      ${groupBy.includes("tag") ? eachTag : Prisma.empty}
      WHERE true ${andFilter(filter)}
      GROUP BY 1`;
    return new Map(rows.map(({ keys, requests }) => [JSON.stringify(keys), requests]));
  }
}

function keysOf(groupBy: readonly CostDimension[]): Prisma.Sql {
  return Prisma.sql`ARRAY[${Prisma.join(groupBy.map((dimension) => columnOf[dimension]))}]::text[]`;
}
