import { Injectable } from "@nestjs/common";
import { parsePicoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import { Prisma } from "@switchyard/database/generated/client";
import { Database } from "../database/database.ts";

interface SpendRow {
  id: string;
  spend: string;
}

/** Sums of the daily roll-ups since the start of a day (UTC), for the figures that lists show beside a name. */
@Injectable()
export class SpendRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  byTeam(teamIds: readonly string[], since: Date): Promise<Map<string, PicoUsd>> {
    return this.#sum(Prisma.sql`team_id`, teamIds, since);
  }

  byProject(projectIds: readonly string[], since: Date): Promise<Map<string, PicoUsd>> {
    return this.#sum(Prisma.sql`project_id`, projectIds, since);
  }

  async #sum(column: Prisma.Sql, ids: readonly string[], since: Date): Promise<Map<string, PicoUsd>> {
    if (ids.length === 0) return new Map();
    const rows = await this.#database.client.$queryRaw<SpendRow[]>`
      SELECT ${column} AS id, sum(cost_pico_usd)::text AS spend
      FROM spend_rollup_day
      WHERE ${column} = ANY(${ids}) AND day >= ${since}
      GROUP BY 1`;
    return new Map(rows.map(({ id, spend }) => [id, parsePicoUsd(spend)]));
  }
}
