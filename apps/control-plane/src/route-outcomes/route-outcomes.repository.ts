import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";
import type { ReportRange } from "../reports/report-range.ts";

interface TaskSums {
  readonly calls: string;
  readonly successes: string;
  readonly escalated: string;
  readonly rescued: string;
  readonly cost: string;
  readonly costSquared: string;
  readonly successCost: string;
}

export interface TargetSums {
  readonly taskClass: string;
  readonly connectionId: string;
  readonly connectionName: string | null;
  readonly modelId: string;
  readonly modelName: string | null;
  readonly attempts: number;
  readonly successes: number;
  readonly refused: number;
  readonly invalid: number;
  readonly disliked: number;
  readonly answerMs: number;
  readonly cost: string;
  readonly ratings: number;
  readonly ratingPermille: number;
}

/** Reads the outcome roll-ups, and never the calls themselves. */
@Injectable()
export class RouteOutcomesRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Successes that somebody gave a score below 0 are none. */
  async tasks(routeId: string, { from, to }: ReportRange): Promise<TaskSums> {
    const [sums] = await this.#database.client.$queryRaw<TaskSums[]>`
      SELECT coalesce(sum(tasks), 0)::text AS calls,
        greatest(0, coalesce(sum(successes - disliked), 0))::text AS successes,
        coalesce(sum(escalated), 0)::text AS escalated, coalesce(sum(rescued), 0)::text AS rescued,
        coalesce(sum(cost_pico_usd), 0)::text AS cost, coalesce(sum(cost_squared), 0)::text AS "costSquared",
        greatest(0, coalesce(sum(success_cost_pico_usd - disliked_cost_pico_usd), 0))::text AS "successCost"
      FROM task_outcome_hour
      WHERE route_id = ${routeId} AND hour >= ${from} AND hour < ${to}`;
    if (sums === undefined) throw new Error("a sum over no rows is a row all the same");
    return sums;
  }

  targets(routeId: string, { from, to }: ReportRange): Promise<TargetSums[]> {
    return this.#database.client.$queryRaw<TargetSums[]>`
      SELECT sums.*, connection.name AS "connectionName", model.display_name AS "modelName"
      FROM (
        SELECT task_class AS "taskClass", connection_id AS "connectionId", model_id AS "modelId",
          sum(attempts)::int AS attempts, sum(successes)::int AS successes, sum(refused)::int AS refused,
          sum(invalid)::int AS invalid, sum(disliked)::int AS disliked, sum(answer_ms)::float8 AS "answerMs",
          sum(cost_pico_usd)::text AS cost, sum(ratings)::int AS ratings, sum(rating_permille)::int AS "ratingPermille"
        FROM target_outcome_hour
        WHERE route_id = ${routeId} AND hour >= ${from} AND hour < ${to}
        GROUP BY 1, 2, 3
      ) AS sums
      LEFT JOIN provider_connection AS connection ON connection.id = sums."connectionId"
      LEFT JOIN model ON model.id = sums."modelId"
      ORDER BY "taskClass", attempts DESC, "connectionName", "modelName"
      LIMIT 1000`;
  }
}
