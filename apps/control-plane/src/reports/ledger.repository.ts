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

type LedgerFilter = Pick<UsageFilter, "virtualKeyId" | "connectionId">;

export interface UncertainRow {
  attemptId: string;
  requestId: string;
  startedAt: Date;
  connectionId: string;
  modelId: string;
  usageSource: string;
  cost: string;
}

/** Of a row of the ledger: what it settled is a guess. Few are, and an index holds them. */
const isGuess = Prisma.sql`kind = 'settle' AND usage_source IN ('provider_partial', 'estimate', 'upper_bound')`;
/** Of an `entry`: nobody has corrected it. */
const isUncorrected = Prisma.sql`NOT EXISTS (
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
  async sums(range: ReportRange, filter: LedgerFilter): Promise<LedgerSums> {
    const [entries, uncertain] = await Promise.all([
      this.#rolledUp(range, filter),
      this.#countUncertain(range, filter),
    ]);
    return { ...entries, uncertain };
  }

  async #rolledUp(range: ReportRange, filter: LedgerFilter): Promise<Omit<LedgerSums, "uncertain">> {
    const [sums] = await this.#database.client.$queryRaw<[Omit<LedgerSums, "uncertain">]>`
      SELECT
        coalesce(sum(entries) FILTER (WHERE kind = 'hold'), 0)::integer AS holds,
        coalesce(sum(entries) FILTER (WHERE kind = 'settle'), 0)::integer AS settles,
        coalesce(sum(entries) FILTER (WHERE kind = 'void'), 0)::integer AS voids,
        coalesce(sum(entries) FILTER (WHERE kind = 'overrun'), 0)::integer AS overruns,
        coalesce(sum(entries) FILTER (WHERE kind = 'correct'), 0)::integer AS corrections,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'settle'), 0)::text AS settled,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'overrun'), 0)::text AS overrun,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'fee'), 0)::text AS fees,
        coalesce(sum(amount_pico_usd) FILTER (WHERE kind = 'correct'), 0)::text AS corrected
      FROM ${rollUpRows("ledger", [range], new Date())} AS rolled
      WHERE true ${andFilter(filter)}`;
    return sums;
  }

  /** The guesses of the range's own days, and those that were booked in it late: asked for at once, every day would be read. */
  async #countUncertain({ from, to }: ReportRange, filter: LedgerFilter): Promise<number> {
    const [found] = await this.#database.client.$queryRaw<[{ uncertain: number }]>`
      WITH entry AS MATERIALIZED (
        SELECT started_at, attempt_id FROM ledger_entry
        WHERE started_at >= ${from} AND started_at < ${to} AND booked_late_at IS NULL AND ${isGuess} ${andFilter(filter)}
        UNION ALL
        SELECT started_at, attempt_id FROM ledger_entry
        WHERE booked_late_at >= ${from} AND booked_late_at < ${to} AND ${isGuess} ${andFilter(filter)}
      )
      SELECT count(*)::integer AS uncertain FROM entry WHERE ${isUncorrected}`;
    return found.uncertain;
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
      WHERE entry.started_at >= ${from} AND entry.started_at < ${to} AND ${isGuess} AND ${isUncorrected}
      ORDER BY entry.started_at DESC, entry.attempt_id DESC
      LIMIT ${limit}`;
  }
}
