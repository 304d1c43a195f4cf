import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

export interface GatewayHealthRow {
  readonly gatewayId: string;
  readonly region: string | null;
  readonly reportedAt: Date;
  readonly targets: unknown;
}

@Injectable()
export class HealthMapRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The reports of gateways that are still reporting. */
  reports(): Promise<GatewayHealthRow[]> {
    return this.#database.client.$queryRaw<GatewayHealthRow[]>`
      SELECT gateway_id AS "gatewayId", region, reported_at AS "reportedAt", targets
      FROM gateway_health
      WHERE reported_at > clock_timestamp() - interval '1 minute'
      ORDER BY gateway_id
      LIMIT 1000`;
  }

  connections(ids: string[]) {
    return this.#database.client.providerConnection.findMany({
      where: { id: { in: ids }, archivedAt: null },
      select: { id: true, name: true, kind: true, region: true, drained: true },
    });
  }

  probes(connectionIds: string[]) {
    return this.#database.client.connectionProbe.findMany({
      where: { connectionId: { in: connectionIds }, outcome: { not: null }, endedAt: { not: null } },
      select: { connectionId: true, outcome: true, endedAt: true },
    });
  }

  models(ids: string[]) {
    return this.#database.client.model.findMany({
      where: { id: { in: ids } },
      select: { id: true, displayName: true },
    });
  }
}
