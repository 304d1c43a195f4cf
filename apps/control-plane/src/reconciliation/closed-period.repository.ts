import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";

export interface ClosedPeriodRow {
  month: string;
  entries: string;
  spend: string;
  closedBy: string;
  closedAt: Date;
}

@Injectable()
export class ClosedPeriodRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }

  list(): Promise<ClosedPeriodRow[]> {
    return this.#database.client.$queryRaw<ClosedPeriodRow[]>`
      SELECT to_char(month, 'YYYY-MM') AS month, entries::text, spend_pico_usd::text AS spend, closed_by AS "closedBy",
        closed_at AS "closedAt"
      FROM closed_period ORDER BY closed_period.month DESC`;
  }

  /** Raises `restrict_violation` for a month that is not over or closed, `data_exception` where reports and ledger differ. */
  async close(connection: Connection, month: string, closedBy: string): Promise<ClosedPeriodRow> {
    const [row] = await connection.$queryRaw<[ClosedPeriodRow]>`
      SELECT to_char(month, 'YYYY-MM') AS month, entries::text, spend_pico_usd::text AS spend, closed_by AS "closedBy",
        closed_at AS "closedAt"
      FROM close_period(${`${month}-01`}::date, ${closedBy})`;
    return row;
  }
}
