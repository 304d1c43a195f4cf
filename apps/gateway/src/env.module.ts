import { Global, Module, type DynamicModule } from "@nestjs/common";
import type { FleetMetrics } from "@switchyard/telemetry/fleet-metrics";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { GatewayProcessIdentity } from "./admission/admission-options.ts";
import type { Env } from "./env.ts";

export const ENV = Symbol("Env");
export const IDENTITY = Symbol("GatewayProcessIdentity");
export const LOGGER = Symbol("Logger");
export const METRICS = Symbol("Metrics");
export const FLEET_METRICS = Symbol("FleetMetrics");

export interface ProcessResources {
  readonly env: Env;
  readonly identity: GatewayProcessIdentity;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly fleetMetrics: FleetMetrics;
}

/** What every stage may ask for: what is one per process and exists before Nest does. */
@Global()
@Module({})
export class EnvModule {
  static with(resources: ProcessResources): DynamicModule {
    const providers = [
      { provide: ENV, useValue: resources.env },
      { provide: IDENTITY, useValue: resources.identity },
      { provide: LOGGER, useValue: resources.logger },
      { provide: METRICS, useValue: resources.metrics },
      { provide: FLEET_METRICS, useValue: resources.fleetMetrics },
    ];
    return { module: EnvModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
