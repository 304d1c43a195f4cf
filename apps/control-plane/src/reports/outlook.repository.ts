import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

export interface TeamDay {
  teamId: string;
  /** Start of the day, UTC. */
  day: Date;
  cost: string;
}

@Injectable()
export class OutlookRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Spend by team and day (UTC) since the start of a day; days without any are left out. */
  dailySpend(since: Date, until: Date): Promise<TeamDay[]> {
    return this.#database.client.$queryRaw<TeamDay[]>`
      SELECT team_id AS "teamId", day, sum(cost_pico_usd)::text AS cost
      FROM spend_rollup_day
      WHERE day >= ${since} AND day < ${until}
      GROUP BY 1, 2
      ORDER BY 1, 2`;
  }
}
