import { Injectable } from "@nestjs/common";
import type { TargetHealth } from "@switchyard/api-contract/health-map";
import type { ProbeOutcome } from "@switchyard/policy-engine/health/probe";
import { instant } from "../database/instant.ts";
import { HealthMapRepository } from "./health-map.repository.ts";
import { mergeReports } from "./merge-reports.ts";

@Injectable()
export class HealthMapService {
  readonly #repository: HealthMapRepository;

  constructor(repository: HealthMapRepository) {
    this.#repository = repository;
  }

  /** Targets whose connection and model are still there, by their names. */
  async get(): Promise<{ targets: TargetHealth[] }> {
    const merged = mergeReports(await this.#repository.reports());
    const connectionIds = [...new Set(merged.map(({ connectionId }) => connectionId))];
    const [connections, probes, models] = await Promise.all([
      this.#repository.connections(connectionIds),
      this.#repository.probes(connectionIds),
      this.#repository.models([...new Set(merged.map(({ modelId }) => modelId))]),
    ]);
    const connectionsById = new Map(connections.map((connection) => [connection.id, connection]));
    const probesById = new Map(probes.map((probe) => [probe.connectionId, probe]));
    const modelsById = new Map(models.map((model) => [model.id, model]));
    const targets = merged.flatMap(({ lastCallAt, ...health }) => {
      const connection = connectionsById.get(health.connectionId);
      const model = modelsById.get(health.modelId);
      if (connection === undefined || model === undefined) return [];
      return {
        ...health,
        connectionName: connection.name,
        providerKind: connection.kind,
        connectionRegion: connection.region,
        drained: connection.drained,
        modelName: model.displayName,
        lastCallAt: instant(lastCallAt),
        lastProbe: presentProbe(probesById.get(health.connectionId)),
      };
    });
    const nameOf = ({ connectionName, modelName, gatewayRegion }: TargetHealth) =>
      `${connectionName}\n${modelName}\n${gatewayRegion ?? ""}`;
    return { targets: targets.toSorted((a, b) => nameOf(a).localeCompare(nameOf(b))) };
  }
}

function presentProbe(
  probe: { readonly outcome: string | null; readonly endedAt: Date | null } | undefined,
): TargetHealth["lastProbe"] {
  if (probe === undefined || probe.endedAt === null) return null;
  return { outcome: probe.outcome as ProbeOutcome, at: instant(probe.endedAt) };
}
