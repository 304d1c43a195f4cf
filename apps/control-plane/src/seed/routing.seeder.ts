import { Injectable } from "@nestjs/common";
import { defaultRouteTimeouts } from "@switchyard/policy-engine/policy/route";
import type { ProviderManifest } from "@switchyard/providers/provider-manifest";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { credentialHint, sealCredential } from "@switchyard/secrets/sealed-credential";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { ControlPlaneEnv } from "../env.ts";
import { ModelRepository } from "../models/model.repository.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { RouteRepository, type RouteTargetSettings } from "../routes/route.repository.ts";
import { firstModelsByKind } from "./provider-routes.ts";
import { simulatorConnections, simulatorKind, simulatorModels, simulatorRoutes } from "./simulator-catalogue.ts";

export interface SeedContext {
  readonly connection: Connection;
  readonly actor: Actor;
  readonly organisationId: string;
}

/** Connections, models and routes: of the simulator, and of each provider whose key the first run was given. */
@Injectable()
export class RoutingSeeder {
  readonly #connections: ProviderConnectionRepository;
  readonly #models: ModelRepository;
  readonly #routes: RouteRepository;
  readonly #env: ControlPlaneEnv;

  constructor(
    connections: ProviderConnectionRepository,
    models: ModelRepository,
    routes: RouteRepository,
    env: ControlPlaneEnv,
  ) {
    this.#connections = connections;
    this.#models = models;
    this.#routes = routes;
    this.#env = env;
  }

  async seedSimulator({ connection, actor }: SeedContext, simulatorUrl: string): Promise<void> {
    const connectionIds = new Map<string, string>();
    for (const { name, path } of simulatorConnections) {
      const baseUrl = simulatorUrl.replace(/\/+$/, "") + path;
      connectionIds.set(name, await this.#insertConnection(connection, simulatorKind, name, baseUrl, "runs_on"));
    }
    const modelIds = new Map<string, string>();
    for (const { unitPrices, ...model } of simulatorModels) {
      const modelId = await this.#models.insert(connection, { providerKind: simulatorKind, ...model });
      const lines = Object.entries(unitPrices).map(([meter, unitPricePicoUsd]) => ({
        meter,
        unitPricePicoUsd,
        aboveInputTokens: null,
        windowStart: null,
        windowEnd: null,
        serviceTier: null,
      }));
      const free = lines.length === 0;
      const version = { modelId, connectionId: null, effectiveFrom: new Date(0), free, note: null };
      await this.#models.insertPrice(connection, { ...version, source: "simulator", createdBy: actor.name, lines });
      modelIds.set(model.providerModel, modelId);
    }
    const routeIds = new Map<string, string>();
    for (const { name, targets, fallbacks } of simulatorRoutes) {
      const routeId = await this.#insertRoute(
        connection,
        name,
        targets.map((target) => ({
          connectionId: connectionIds.get(target.connection) ?? "",
          modelId: modelIds.get(target.model) ?? "",
          weight: target.weight,
          enabled: true,
        })),
        fallbacks.map((fallback) => routeIds.get(fallback) ?? ""),
      );
      routeIds.set(name, routeId);
    }
  }

  async seedProvider(context: SeedContext, manifest: ProviderManifest, apiKey: string): Promise<void> {
    const { connection, actor, organisationId } = context;
    const { kind, defaultBaseUrl, defaultAbortBilling } = manifest;
    if (defaultBaseUrl === null) return;
    const connectionId = await this.#insertConnection(connection, kind, kind, defaultBaseUrl, defaultAbortBilling);
    const credentialId = createUuidV7();
    await this.#connections.insertCredential(connection, {
      id: credentialId,
      connectionId,
      sealed: sealCredential(this.#env.keyring, apiKey, {
        organisationId,
        connectionId,
        credentialId,
        origin: defaultBaseUrl,
      }),
      hint: credentialHint(apiKey) ?? "",
      createdBy: actor.name,
    });
    for (const providerModel of firstModelsByKind[kind] ?? []) {
      const model = await this.#models.findByProviderModel(connection, kind, providerModel);
      if (!model) continue;
      await this.#insertRoute(
        connection,
        providerModel,
        [{ connectionId, modelId: model.id, weight: 100, enabled: true }],
        [],
      );
    }
  }

  async #insertConnection(
    connection: Connection,
    kind: string,
    name: string,
    baseUrl: string,
    abortBilling: string,
  ): Promise<string> {
    const id = createUuidV7();
    await this.#connections.insert(connection, id, kind, {
      name,
      baseUrl,
      enabled: true,
      drained: false,
      region: null,
      jurisdiction: null,
      zeroRetention: false,
      noTraining: false,
      abortBilling,
      quirks: null,
      probe: null,
    });
    return id;
  }

  async #insertRoute(
    connection: Connection,
    name: string,
    targets: readonly RouteTargetSettings[],
    fallbackRouteIds: readonly string[],
  ): Promise<string> {
    const id = createUuidV7();
    await this.#routes.save(connection, id, {
      name,
      enabled: true,
      strategy: { type: "weighted" },
      targets,
      fallbackRouteIds,
      allowedProjectIds: null,
      maxAttempts: 3,
      timeouts: defaultRouteTimeouts,
      responseCache: { enabled: false, ttlSeconds: 300 },
    });
    return id;
  }
}
