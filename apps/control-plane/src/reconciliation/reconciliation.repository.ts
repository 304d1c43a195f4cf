import { Injectable } from "@nestjs/common";
import { feeMeter } from "@switchyard/metering/meters";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";

/** Days in UTC, both ends included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

export interface OurFigures {
  day: string;
  connectionId: string;
  modelId: string;
  providerModel: string;
  cost: string;
  tokens: string;
}

export interface OurDoubts {
  day: string;
  connectionId: string;
  modelId: string;
  requests: string;
  uncertain: string;
  unpriced: string;
}

export interface TheirFigures {
  day: string;
  connectionId: string;
  providerModel: string | null;
  cost: string | null;
  tokens: string | null;
  requests: string | null;
}

export interface CoveredDays {
  connectionId: string;
  day: string;
}

export interface UnpricedRow {
  connectionId: string;
  modelId: string;
  attempts: number;
  tokens: string;
  firstAt: Date;
  lastAt: Date;
}

const tokenMeters = Prisma.sql`meter NOT IN ('adjustment', 'correction', 'closed_correction', 'audio_seconds',
  'characters', 'images', 'requests')`;

@Injectable()
export class ReconciliationRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** From the roll-ups of those days. The gateway's fee is no provider's business. */
  ours(range: DayRange, connectionId: string | undefined): Promise<OurFigures[]> {
    return this.#database.client.$queryRaw<OurFigures[]>`
      SELECT (cost.day AT TIME ZONE 'UTC')::date::text AS day, cost.connection_id AS "connectionId",
        cost.model_id AS "modelId", coalesce(model.provider_model, cost.model_id) AS "providerModel",
        sum(cost.cost_pico_usd)::text AS cost,
        coalesce(sum(cost.quantity) FILTER (WHERE ${tokenMeters}), 0)::text AS tokens
      FROM spend_rollup_day AS cost
      LEFT JOIN model ON model.id = cost.model_id
      WHERE meter <> ${feeMeter} AND ${within(Prisma.sql`cost.day`, range)}
        ${of(Prisma.sql`cost.connection_id`, connectionId)}
      GROUP BY 1, 2, 3, 4`;
  }

  /** How many attempts there were, from the ledger's roll-up, and what of them is not sure, which indexes find. */
  doubts(range: DayRange, connectionId: string | undefined): Promise<OurDoubts[]> {
    const day = Prisma.sql`(attempt.started_at AT TIME ZONE 'UTC')::date`;
    const narrowed = Prisma.sql`${within(Prisma.sql`attempt.started_at`, range)}
      ${of(Prisma.sql`attempt.connection_id`, connectionId)}`;
    return this.#database.client.$queryRaw<OurDoubts[]>`
      SELECT day::text, connection_id AS "connectionId", model_id AS "modelId", sum(requests)::text AS requests,
        coalesce(sum(uncertain), 0)::text AS uncertain, sum(unpriced)::text AS unpriced
      FROM (
        SELECT (day AT TIME ZONE 'UTC')::date AS day, connection_id, model_id, entries AS requests, 0 AS uncertain,
          0 AS unpriced
        FROM ledger_rollup_day
        WHERE kind IN ('settle', 'void') AND usage_source NOT IN ('', 'none') AND ${within(Prisma.sql`day`, range)}
          ${of(Prisma.sql`connection_id`, connectionId)}
        UNION ALL
        SELECT ${day}, attempt.connection_id, attempt.model_id, 0,
          (SELECT sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun'))
           FROM ledger_entry AS entry
           WHERE entry.started_at = attempt.started_at AND entry.attempt_id = attempt.attempt_id
           HAVING NOT bool_or(kind = 'correct')),
          0
        FROM attempt_log AS attempt
        WHERE attempt.usage_source IN ('provider_partial', 'estimate', 'upper_bound') AND ${narrowed}
        UNION ALL
        SELECT ${day}, attempt.connection_id, attempt.model_id, 0, 0, 1
        FROM attempt_log AS attempt
        WHERE attempt.price_version_id IS NULL AND attempt.usage_source <> 'none' AND ${narrowed}
      ) AS found
      GROUP BY 1, 2, 3`;
  }

  /** Of each day, what the newest statement that covers it says. A file of costs and one of usage complement each other. */
  theirs(range: DayRange, connectionId: string | undefined): Promise<TheirFigures[]> {
    return this.#database.client.$queryRaw<TheirFigures[]>`
      SELECT day::text, connection_id AS "connectionId", provider_model AS "providerModel",
        sum(cost_pico_usd)::text AS cost, sum(tokens)::text AS tokens, sum(requests)::text AS requests
      FROM (
        SELECT line.*, statement.connection_id,
          rank() OVER (
            PARTITION BY statement.connection_id, line.day, statement.sum_pico_usd IS NULL
            ORDER BY statement.imported_at DESC, statement.id DESC
          ) AS age
        FROM provider_statement AS statement
        JOIN provider_statement_line AS line ON line.statement_id = statement.id
        WHERE line.day BETWEEN ${range.from}::date AND ${range.to}::date
          ${of(Prisma.sql`statement.connection_id`, connectionId)}
      ) AS lines
      WHERE age = 1
      GROUP BY day, connection_id, provider_model`;
  }

  /** Days of the range that a statement covers, with or without lines of that day. */
  coveredDays(range: DayRange, connectionId: string | undefined): Promise<CoveredDays[]> {
    return this.#database.client.$queryRaw<CoveredDays[]>`
      SELECT DISTINCT connection_id AS "connectionId", covered::date::text AS day
      FROM provider_statement
      CROSS JOIN LATERAL generate_series(
        greatest(first_day, ${range.from}::date), least(last_day, ${range.to}::date), interval '1 day') AS covered
      WHERE true ${of(Prisma.sql`connection_id`, connectionId)}`;
  }

  unpriced(range: DayRange): Promise<UnpricedRow[]> {
    return this.#database.client.$queryRaw<UnpricedRow[]>`
      SELECT connection_id AS "connectionId", model_id AS "modelId", count(*)::integer AS attempts,
        coalesce(sum(used.tokens), 0)::text AS tokens, min(started_at) AS "firstAt", max(started_at) AS "lastAt"
      FROM attempt_log
      CROSS JOIN LATERAL (
        SELECT sum(value::numeric) AS tokens FROM jsonb_each_text(usage) AS used(key, value)
        WHERE key NOT IN ('audio_seconds', 'characters', 'images', 'requests')
      ) AS used
      WHERE price_version_id IS NULL AND usage_source <> 'none' AND ${within(Prisma.sql`started_at`, range)}
      GROUP BY 1, 2
      ORDER BY attempts DESC, 2
      LIMIT 500`;
  }
}

function within(column: Prisma.Sql, { from, to }: DayRange): Prisma.Sql {
  return Prisma.sql`${column} >= ${from}::date::timestamp AT TIME ZONE 'UTC'
    AND ${column} < (${to}::date + 1)::timestamp AT TIME ZONE 'UTC'`;
}

function of(column: Prisma.Sql, connectionId: string | undefined): Prisma.Sql {
  return connectionId === undefined ? Prisma.empty : Prisma.sql`AND ${column} = ${connectionId}`;
}
