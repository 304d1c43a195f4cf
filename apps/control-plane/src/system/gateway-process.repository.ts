import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

export interface GatewayProcessRow {
  gatewayId: string;
  region: string | null;
  startedAt: Date;
  heartbeatAt: Date;
  isLive: boolean;
  policyRevision: number | null;
  policyProblem: unknown;
}

@Injectable()
export class GatewayProcessRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every process that ever reported in and was not replaced; `isLive` by the lease functions' own rule. */
  list(): Promise<GatewayProcessRow[]> {
    return this.#database.client.$queryRaw<GatewayProcessRow[]>`
      SELECT gateway_id AS "gatewayId", region, started_at AS "startedAt", heartbeat_at AS "heartbeatAt",
        heartbeat_at > clock_timestamp() - gateway_alive_for() AS "isLive", policy_revision AS "policyRevision",
        policy_problem AS "policyProblem"
      FROM gateway_process
      ORDER BY gateway_id
      LIMIT 1000`;
  }

  async databaseBytes(): Promise<string> {
    const [row] = await this.#database.client.$queryRaw<{ bytes: string }[]>`
      SELECT pg_database_size(current_database())::text AS bytes`;
    return row?.bytes ?? "0";
  }
}
