import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

export interface BudgetScope {
  id: string;
  scopeType: string;
  scopeId: string;
  /** Of a key. */
  projectId: string | null;
  /** Of a key or a project. */
  teamId: string | null;
}

/** Spend of one value of one dimension. */
export interface ScopeSpend {
  scopeType: string;
  scopeId: string;
  spend: string;
}

@Injectable()
export class BudgetOutlookRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every budget in force with what its scope is part of. */
  scopes(): Promise<BudgetScope[]> {
    return this.#database.client.$queryRaw<BudgetScope[]>`
      SELECT quota.id, quota.scope_type AS "scopeType", quota.scope_id AS "scopeId",
        virtual_key.project_id AS "projectId", project.team_id AS "teamId"
      FROM quota
      LEFT JOIN virtual_key ON quota.scope_type = 'virtual_key' AND virtual_key.id = quota.scope_id
      LEFT JOIN project ON project.id = coalesce(virtual_key.project_id, quota.scope_id)
        AND quota.scope_type IN ('virtual_key', 'project')
      WHERE quota.unit = 'pico_usd' AND quota.archived_at IS NULL AND quota.template_id IS NULL
      ORDER BY quota.created_at, quota.id
      LIMIT 5000`;
  }

  /** Spend of whole days (UTC) by every dimension that reports know and a budget can be for: one pass over the days. */
  spend(from: Date, to: Date): Promise<ScopeSpend[]> {
    return this.#database.client.$queryRaw<ScopeSpend[]>`
      WITH spent AS MATERIALIZED (
        SELECT organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, sum(cost_pico_usd) AS cost
        FROM spend_rollup_day WHERE day >= ${from} AND day < ${to}
        GROUP BY 1, 2, 3, 4, 5, 6
      ), attributed AS MATERIALIZED (
        SELECT kind, value, sum(cost_pico_usd) AS cost
        FROM attribution_rollup_day WHERE kind IN ('user', 'tag') AND day >= ${from} AND day < ${to}
        GROUP BY 1, 2
      ), wanted AS (
        SELECT DISTINCT scope_type, scope_id FROM quota
        WHERE unit = 'pico_usd' AND archived_at IS NULL AND template_id IS NULL
      )
      SELECT wanted.scope_type AS "scopeType", wanted.scope_id AS "scopeId", sum(of_scope.cost)::text AS spend
      FROM (
        SELECT dimension.scope_type, dimension.scope_id, cost
        FROM spent
        CROSS JOIN LATERAL (
          VALUES ('organisation', organisation_id), ('team', team_id), ('project', project_id),
            ('virtual_key', virtual_key_id), ('route', route_id), ('connection', connection_id)
        ) AS dimension (scope_type, scope_id)
        UNION ALL SELECT kind, value, cost FROM attributed
      ) AS of_scope
      JOIN wanted ON wanted.scope_type = of_scope.scope_type AND wanted.scope_id = of_scope.scope_id
      GROUP BY 1, 2`;
  }
}
