import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";
import type { ReportRange } from "./report-range.ts";
import { andFilter, type UsageFilter } from "./usage-filter.ts";

export interface CostExportRow {
  readonly hour: Date;
  readonly organisation_id: string;
  readonly team_id: string;
  readonly project_id: string;
  readonly virtual_key_id: string;
  readonly end_user: string | null;
  readonly tags: string[];
  readonly route_id: string;
  readonly connection_id: string;
  readonly provider_kind: string;
  readonly model_id: string;
  readonly meter: string;
  readonly quantity: string;
  readonly cost_pico_usd: string;
}

const rowsPerFetch = 1_000;
/** Counting so many takes a few milliseconds. */
const mostCounted = 10_000;

interface QueryPlan {
  readonly "QUERY PLAN": readonly [{ readonly Plan: { readonly "Plan Rows": number } }];
}

@Injectable()
export class CostExportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * How many roll-ups `read` would give: counted where the range has few, and else what the database's statistics make of it,
   * which are off by some per cent where nothing is filtered. A year of a large organisation takes seconds to count.
   */
  async count(range: ReportRange, filter: UsageFilter): Promise<number> {
    if ((await this.#estimate(range, {})) > mostCounted) return this.#estimate(range, filter);
    const { from, to } = range;
    const [row] = await this.#database.client.$queryRaw<{ rows: number }[]>`
      SELECT count(*)::integer AS rows FROM cost_rollup_hour WHERE hour >= ${from} AND hour < ${to} ${andFilter(filter)}`;
    return row?.rows ?? 0;
  }

  async #estimate({ from, to }: ReportRange, filter: UsageFilter): Promise<number> {
    const query = Prisma.sql`
      EXPLAIN (FORMAT JSON) SELECT FROM cost_rollup_hour WHERE hour >= ${from} AND hour < ${to} ${andFilter(filter)}`;
    const { rows } = await this.#database.pool.query<QueryPlan>(query.text, query.values);
    return rows[0]?.["QUERY PLAN"][0].Plan["Plan Rows"] ?? 0;
  }

  /** The roll-ups of a range as one consistent snapshot, a batch at a time however many there are, and one ahead. */
  async *read({ from, to }: ReportRange, filter: UsageFilter): AsyncGenerator<CostExportRow[]> {
    const query = Prisma.sql`
      DECLARE cost_export NO SCROLL CURSOR FOR
      SELECT hour, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id,
        provider_kind, model_id, meter, quantity, cost_pico_usd
      FROM cost_rollup_hour
      WHERE hour >= ${from} AND hour < ${to} ${andFilter(filter)}
      ORDER BY hour, dimension_key`;
    const client = await this.#database.pool.connect();
    let isBroken = true;
    try {
      await client.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      // Between two batches the transaction waits for the one who downloads.
      await client.query("SET LOCAL idle_in_transaction_session_timeout = '5min'");
      await client.query(query.text, query.values);
      const fetchNext = () => client.query<CostExportRow>(`FETCH ${rowsPerFetch} FROM cost_export`);
      let coming = fetchNext();
      for (;;) {
        const { rows } = await coming;
        if (rows.length === 0) break;
        // The server reads the next batch while this one is written out. Nobody waits for it where a download is given up.
        coming = fetchNext();
        coming.catch(() => undefined);
        yield rows;
      }
      await client.query("COMMIT");
      isBroken = false;
    } finally {
      // A download that was given up leaves an open transaction; its connection goes with it.
      client.release(isBroken);
    }
  }
}
