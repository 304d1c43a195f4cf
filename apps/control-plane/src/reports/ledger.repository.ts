import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";
import type { ReportRange } from "./report-range.ts";
import { rollUpRows } from "./roll-up-rows.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

export interface LedgerSums {
  readonly holds: number;
  readonly settles: number;
  readonly voids: number;
  readonly overruns: number;
  readonly corrections: number;
  readonly uncertain: number;
  readonly settled: string;
  readonly overrun: string;
  readonly fees: string;
  readonly corrected: string;
}

export interface UncertainRow {
  attemptId: string;
  requestId: string;
  startedAt: Date;
  connectionId: string;
  modelId: string;
  usageSource: string;
  cost: string;
}

/** Of an entry: what it settled is a guess, and nobody has corrected it. Few are, and an index holds them. */
const uncertain = Prisma.sql`entry.kind = 'settle'
  AND entry.usage_source IN ('provider_partial', 'estimate', 'upper_bound')
  AND NOT EXISTS (
    SELECT FROM ledger_entry AS correction
    WHERE correction.started_at = entry.started_at AND correction.attempt_id = entry.attempt_id
      AND correction.kind = 'correct')`;

@Injectable()
export class LedgerRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Of whole hours. */
  async sums(
    { from, to }: ReportRange,
    filter: Pick<UsageFilter, "virtualKeyId" | "connectionId">,
  ): Promise<LedgerSums> {
    const [sums] = await this.#database.client.$queryRaw<[LedgerSums]>`
      SELECT
        coalesce(sum(entries) FILTER (WHERE kind = 'hold'), 0)::integer AS holds,
        coalesce(sum(entries) FILTER (WHERE kind = 'settle'), 0)::integer AS settles,
        coalesce(sum(entries) FILTER (WHERE kind = 'void'), 0)::integer AS voids,
        coalesce(sum(entries) FILTER (WHERE kind = 'overrun'), 0)::integer AS overruns,
        coalesce(sum(entries) FILTER (WHERE kind = 'correct'), 0)::integer AS corrections,
        (
          SELECT count(*) FROM ledger_entry AS entry
          WHERE (started_at >= ${from} AND started_at < ${to} AND booked_late_at IS NULL
              OR booked_late_at >= ${from} AND booked_late_at < ${to}) ${andFilter(filter)} AND ${uncertain}
        )::integer AS uncertain,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'settle'), 0)::text AS settled,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'overrun'), 0)::text AS overrun,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'fee'), 0)::text AS fees,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'correct'), 0)::text AS corrected
      FROM ${rollUpRows("ledger", [{ from, to }])} AS rolled
      WHERE true ${andFilter(filter)}`;
    return sums;
  }

  /** Attempts whose cost nobody has confirmed, newest first: usage that the provider told in part or not at all. */
  listUncertain({ from, to }: ReportRange, limit: number): Promise<UncertainRow[]> {
    return this.#database.client.$queryRaw<UncertainRow[]>`
      SELECT entry.attempt_id AS "attemptId", entry.request_id AS "requestId", entry.started_at AS "startedAt",
        entry.connection_id AS "connectionId", entry.model_id AS "modelId", entry.usage_source AS "usageSource",
        (SELECT sum(amount_pico_usd) FROM ledger_entry AS spend
         WHERE spend.started_at = entry.started_at AND spend.attempt_id = entry.attempt_id
           AND spend.kind IN ('settle', 'overrun'))::text AS cost
      FROM ledger_entry AS entry
      WHERE entry.started_at >= ${from} AND entry.started_at < ${to} AND ${uncertain}
      ORDER BY entry.started_at DESC, entry.attempt_id DESC
      LIMIT ${limit}`;
  }
}
