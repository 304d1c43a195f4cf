import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { latencyBucketCount, quantileFromBuckets } from "@switchyard/metering/latency-buckets";
import { Database } from "../database/database.ts";
import type { ReportRange } from "./report-range.ts";
import { hourlyRows, type RollUp, rollUpRows } from "./roll-up-rows.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

const daySeconds = 86_400;

/** How figures are put together: over time in steps, by a dimension, or all in one. */
export type Grouping =
  | { readonly by: "time"; readonly stepSeconds: number }
  | { readonly by: "route" }
  | { readonly by: "connection" }
  | { readonly by: "nothing" };

export interface Figures {
  readonly requests: number;
  readonly errors: number;
  readonly refusals: number;
  readonly cacheHits: number;
  readonly cacheLookups: number;
  readonly p50Ms: number | null;
  readonly p99Ms: number | null;
  readonly firstTokenP50Ms: number | null;
  readonly firstTokenP99Ms: number | null;
}

interface CountRow {
  key: string;
  requests: number;
  errors: number;
  refusals: number;
  cacheHits: number;
  cacheLookups: number;
}

interface HistogramRow extends CountRow {
  durations: string[];
  firstTokens: string[];
}

interface QuantileRow extends CountRow {
  durations: (number | null)[] | null;
  firstTokens: (number | null)[] | null;
}

interface SpendRow {
  key: string;
  spend: string;
}

/** Figures of calls by group key: epoch seconds of a step's start, an id, or the empty text. */
@Injectable()
export class OverviewRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** From the roll-ups; quantiles are estimated from their histograms. */
  async rolledUpFigures(range: ReportRange, filter: UsageFilter, grouping: Grouping): Promise<Map<string, Figures>> {
    const rows = await this.#database.client.$queryRaw<HistogramRow[]>`
      SELECT ${keyOf(grouping, Prisma.sql`hour`)} AS key, sum(requests)::integer AS requests,
        sum(errors)::integer AS errors, sum(refusals)::integer AS refusals, sum(cache_hits)::integer AS "cacheHits",
        sum(cache_lookups)::integer AS "cacheLookups", ${sumOfBuckets("duration_buckets")} AS durations,
        ${sumOfBuckets("first_token_buckets")} AS "firstTokens"
      FROM ${rowsFor("service", range, grouping)} AS rolled
      WHERE true ${andFilter(filter)}
      GROUP BY ${groupOf(grouping, Prisma.sql`hour`)}`;
    return new Map(
      rows.map(({ key, durations, firstTokens, ...counts }) => [
        key,
        { ...counts, ...quantilesOf(durations.map(BigInt), firstTokens.map(BigInt)) },
      ]),
    );
  }

  /** From the request log, to the minute: exact, and small enough for a few hours only. */
  async recentFigures(range: ReportRange, filter: UsageFilter, grouping: Grouping): Promise<Map<string, Figures>> {
    const rows = await this.#database.client.$queryRaw<QuantileRow[]>`
      SELECT ${keyOf(grouping, Prisma.sql`started_at`)} AS key,
        count(*)::integer AS requests,
        count(*) FILTER (
          WHERE status >= 400 OR verdict IN ('errored', 'truncated', 'invalid'))::integer AS errors,
        count(*) FILTER (WHERE verdict = 'refused')::integer AS refusals,
        count(*) FILTER (WHERE cache = 'hit')::integer AS "cacheHits",
        count(*) FILTER (WHERE cache <> 'bypass')::integer AS "cacheLookups",
        percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY duration_ms) AS durations,
        percentile_cont(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY time_to_first_token_ms) AS "firstTokens"
      FROM request_log
      WHERE started_at >= ${range.from} AND started_at < ${range.to} ${andFilter(filter)}
      GROUP BY ${groupOf(grouping, Prisma.sql`started_at`)}`;
    return new Map(
      rows.map(({ key, durations, firstTokens, ...counts }) => [
        key,
        {
          ...counts,
          p50Ms: durations?.[0] ?? null,
          p99Ms: durations?.[1] ?? null,
          firstTokenP50Ms: firstTokens?.[0] ?? null,
          firstTokenP99Ms: firstTokens?.[1] ?? null,
        },
      ]),
    );
  }

  async rolledUpSpend(range: ReportRange, filter: UsageFilter, grouping: Grouping): Promise<Map<string, string>> {
    const rows = await this.#database.client.$queryRaw<SpendRow[]>`
      SELECT ${keyOf(grouping, Prisma.sql`hour`)} AS key, sum(cost_pico_usd)::text AS spend
      FROM ${rowsFor("spend", range, grouping)} AS rolled
      WHERE true ${andFilter(filter)}
      GROUP BY ${groupOf(grouping, Prisma.sql`hour`)}`;
    return new Map(rows.map(({ key, spend }) => [key, spend]));
  }

  /** The ledger itself, which knows the time of every attempt. */
  async recentSpend(range: ReportRange, filter: UsageFilter, grouping: Grouping): Promise<Map<string, string>> {
    const rows = await this.#database.client.$queryRaw<SpendRow[]>`
      SELECT ${keyOf(grouping, Prisma.sql`started_at`)} AS key, sum(amount)::text AS spend
      FROM (
        SELECT entry.started_at, entry.amount_pico_usd AS amount, entry.team_id, entry.project_id,
          entry.virtual_key_id, entry.connection_id, entry.model_id, attempt.route_id
        FROM ledger_entry AS entry
        JOIN attempt_log AS attempt USING (started_at, attempt_id)
        WHERE entry.kind IN ('settle', 'overrun', 'fee', 'correct')
          AND entry.started_at >= ${range.from} AND entry.started_at < ${range.to}
          -- Said of both, or all days of the other one would be read.
          AND attempt.started_at >= ${range.from} AND attempt.started_at < ${range.to}
      ) AS spent
      WHERE true ${andFilter(filter)}
      GROUP BY ${groupOf(grouping, Prisma.sql`started_at`)}`;
    return new Map(rows.map(({ key, spend }) => [key, spend]));
  }
}

function rowsFor(rollUp: RollUp, range: ReportRange, grouping: Grouping): Prisma.Sql {
  const isCutFiner = grouping.by === "time" && grouping.stepSeconds % daySeconds !== 0;
  return isCutFiner ? hourlyRows(rollUp, range) : rollUpRows(rollUp, [range], new Date());
}

/** Bucket by bucket: taking every histogram apart into rows would cost five times as much. */
function sumOfBuckets(column: "duration_buckets" | "first_token_buckets"): Prisma.Sql {
  const sums = Array.from({ length: latencyBucketCount }, (_, index) => `sum(${column}[${index + 1}])`);
  return Prisma.raw(`ARRAY[${sums.join(", ")}]::text[]`);
}

function keyOf(grouping: Grouping, instantColumn: Prisma.Sql): Prisma.Sql {
  switch (grouping.by) {
    case "time":
      return Prisma.sql`extract(epoch FROM ${stepOf(grouping, instantColumn)})::bigint::text`;
    case "route":
      return Prisma.sql`coalesce(route_id, '')`;
    case "connection":
      return Prisma.sql`coalesce(connection_id, '')`;
    case "nothing":
      return Prisma.sql`''`;
  }
}

/** Steps are told apart by themselves: putting each row's into words would cost more than adding it up. */
function groupOf(grouping: Grouping, instantColumn: Prisma.Sql): Prisma.Sql {
  return grouping.by === "time" ? stepOf(grouping, instantColumn) : Prisma.sql`1`;
}

function stepOf({ stepSeconds }: Grouping & { by: "time" }, instantColumn: Prisma.Sql): Prisma.Sql {
  const length = Prisma.raw(`interval '${Math.trunc(stepSeconds)} seconds'`);
  return Prisma.sql`date_bin(${length}, ${instantColumn}, timestamptz 'epoch')`;
}

function quantilesOf(durations: readonly bigint[], firstTokens: readonly bigint[]) {
  return {
    p50Ms: quantileFromBuckets(durations, 0.5),
    p99Ms: quantileFromBuckets(durations, 0.99),
    firstTokenP50Ms: quantileFromBuckets(firstTokens, 0.5),
    firstTokenP99Ms: quantileFromBuckets(firstTokens, 0.99),
  };
}
