import type { CostDimension } from "@switchyard/api-contract/reports";
import { Prisma } from "@switchyard/database/generated/client";
import { inputTokenMeters, outputTokenMeters } from "@switchyard/metering/meters";
import type { ReportRange } from "./report-range.ts";
import { rollUpRows } from "./roll-up-rows.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

/** What a cost report reads: the narrowest roll-up that knows all that is asked for. */
export interface CostSource {
  /** To select from: a column a dimension, `hour`, `cost_pico_usd`, what `tokens` and `requests` name. */
  readonly from: Prisma.Sql;
  /** ` AND …` for what is asked for of the rows. */
  readonly where: Prisma.Sql;
  /** The tokens of a row. */
  readonly tokens: Prisma.Sql;
  /** The calls of a row; null where its rows stand for parts of calls. */
  readonly requests: Prisma.Sql | null;
}

export interface CostQuestion {
  readonly groupBy: readonly CostDimension[];
  readonly filter: UsageFilter;
}

/** One row a tag, and one for calls without any; without the pivot every row stands once. */
export const eachTag = Prisma.sql`LEFT JOIN LATERAL unnest(tags) AS tagged(tag) ON true`;
const tokenMeters = [...inputTokenMeters, ...outputTokenMeters] as string[];
/** Of a row of spend by meter. */
const tokensOfMeter = Prisma.sql`CASE WHEN meter = ANY(${tokenMeters}) THEN quantity END`;
/** What the roll-up of people and tags knows besides. */
const attributed: ReadonlySet<CostDimension> = new Set(["team", "project", "virtual_key"]);

export function costSource(question: CostQuestion, ranges: readonly ReportRange[], now: Date): CostSource {
  const { groupBy, filter } = question;
  const label = attributionOf(question);
  if (label === null) {
    const from = Prisma.sql`${rollUpRows(asksForCallers(question) ? "cost" : "spend", ranges, now)} AS rolled
      ${groupBy.includes("tag") ? eachTag : Prisma.empty}`;
    return { from, where: andFilter(filter), tokens: tokensOfMeter, requests: null };
  }
  const { user, tag, ...others } = filter;
  const wanted = label === "user" ? user : tag;
  return {
    from: Prisma.sql`(
      SELECT hour, team_id, project_id, virtual_key_id, nullif(value, '') AS ${label === "user" ? Prisma.sql`end_user` : Prisma.sql`tag`},
        requests, tokens, cost_pico_usd
      FROM ${rollUpRows("attribution", ranges, now)} AS labelled
      WHERE kind = ${label} ${wanted === undefined ? Prisma.empty : Prisma.sql`AND value = ${wanted}`}) AS rolled`,
    where: andFilter(others),
    tokens: Prisma.sql`tokens`,
    requests: Prisma.sql`requests`,
  };
}

/** Whether people or tags matter to it. */
export function asksForCallers({ groupBy, filter }: CostQuestion): boolean {
  return groupBy.includes("user") || groupBy.includes("tag") || filter.user !== undefined || filter.tag !== undefined;
}

/** Which of the two the roll-up of people and tags can answer for; null where it cannot, or need not. */
export function attributionOf({ groupBy, filter }: CostQuestion): "user" | "tag" | null {
  const asksForUser = groupBy.includes("user") || filter.user !== undefined;
  const asksForTag = groupBy.includes("tag") || filter.tag !== undefined;
  if (asksForUser === asksForTag) return null;
  // Calls with a tag, by all the tags that they have: a row of one tag does not know the others.
  if (groupBy.includes("tag") && filter.tag !== undefined) return null;
  const { routeId, connectionId, modelId } = filter;
  if ([routeId, connectionId, modelId].some((value) => value !== undefined)) return null;
  const isKnown = groupBy.every(
    (dimension) => dimension === "user" || dimension === "tag" || attributed.has(dimension),
  );
  if (!isKnown) return null;
  return asksForUser ? "user" : "tag";
}
