import { Injectable } from "@nestjs/common";
import type { Quota } from "@switchyard/metering/quota";
import type { Route } from "@switchyard/policy-engine/policy/route";
import type { Connection } from "../database/database.ts";
import { ModelRepository } from "../models/model.repository.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { QuotaRepository } from "../quotas/quota.repository.ts";
import { RouteRepository } from "../routes/route.repository.ts";

export interface LiveIds {
  readonly connections: ReadonlySet<string>;
  readonly models: ReadonlySet<string>;
}

/** Writes an older revision's routes and quotas back over the present ones. */
@Injectable()
export class RollBackRepository {
  readonly #routes: RouteRepository;
  readonly #quotas: QuotaRepository;
  readonly #connections: ProviderConnectionRepository;
  readonly #models: ModelRepository;

  constructor(
    routes: RouteRepository,
    quotas: QuotaRepository,
    connections: ProviderConnectionRepository,
    models: ModelRepository,
  ) {
    this.#routes = routes;
    this.#quotas = quotas;
    this.#connections = connections;
    this.#models = models;
  }

  /** The connections and models that the routes name and that are still there. */
  async liveIds(connection: Connection, routes: readonly Route[]): Promise<LiveIds> {
    const targets = routes.flatMap(({ targets: own, shadow }) => [...own, ...(shadow === undefined ? [] : [shadow])]);
    return {
      connections: await this.#connections.liveIds(
        connection,
        targets.map(({ connectionId }) => connectionId),
      ),
      models: await this.#models.liveIds(
        connection,
        targets.map(({ modelId }) => modelId),
      ),
    };
  }

  async restoreRoutes(connection: Connection, routes: readonly Route[]): Promise<void> {
    await this.#routes.removeOthers(
      connection,
      routes.map(({ routeId }) => routeId),
    );
    for (const { routeId, ...settings } of routes) await this.#routes.save(connection, routeId, settings);
  }

  /** Quotas are archived, never deleted, so every quota of an older revision still has its row and its history. */
  async restoreQuotas(connection: Connection, quotas: readonly Quota[]): Promise<void> {
    await this.#quotas.archiveOthers(
      connection,
      quotas.map(({ quotaId }) => quotaId),
      new Date(),
    );
    for (const { quotaId, name, limit, mode, whenShort } of quotas) {
      await this.#quotas.update(connection, quotaId, { name, limit: BigInt(limit), mode, whenShort });
      await this.#quotas.setArchived(connection, quotaId, null);
    }
  }
}
