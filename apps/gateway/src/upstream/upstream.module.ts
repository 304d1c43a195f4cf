import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { type AddressPolicy, createAddressPolicy } from "@switchyard/outbound/address-policy";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { Env } from "../env.ts";
import { ENV, LOGGER, METRICS } from "../env.module.ts";
import type { ActivePolicy } from "../policies/active-policy.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { InFlightCalls } from "../accept/in-flight-calls.ts";
import { PerformanceModule } from "../performance/performance.module.ts";
import { TaskPerformance } from "../performance/task-performance.ts";
import { HealthMap } from "../routing/health-map.ts";
import { RoutingModule } from "../routing/routing.module.ts";
import { SetAsideMemory } from "../routing/set-aside.memory.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import { AttemptMetrics } from "./attempt-metrics.ts";
import { AttemptTargets } from "./attempt-targets.ts";
import { ConnectionWarmer } from "./connection-warmer.ts";
import { CredentialVault } from "./credential-vault.ts";
import { exchangeCredential } from "./credentials/exchange-credential.ts";
import type { Exchange } from "./credentials/issued-credentials.ts";
import { TokenEndpoint } from "./credentials/token-endpoint.ts";
import { AttemptSender } from "./attempt-sender.ts";
import { ShadowSender } from "./shadow-sender.ts";
import { AttemptDispatcher } from "./dispatcher.ts";
import { ProviderLimits } from "./provider-limits.ts";
import { readUpstreamAddress, UpstreamClient } from "./upstream-client.ts";

@Module({
  imports: [PoliciesModule, RoutingModule, PerformanceModule],
  providers: [
    { provide: TokenEndpoint, useFactory: createTokenEndpoint, inject: [ENV] },
    { provide: UpstreamClient, useFactory: createClient, inject: [ENV] },
    {
      provide: ConnectionWarmer,
      useFactory: (policies: PolicyStore, health: HealthMap, client: UpstreamClient) =>
        new ConnectionWarmer(policies, health, client),
      inject: [PolicyStore, HealthMap, UpstreamClient],
    },
    {
      provide: CredentialVault,
      useFactory: createVault,
      inject: [ENV, LOGGER, TokenEndpoint],
    },
    {
      provide: AttemptDispatcher,
      useFactory: createDispatcher,
      inject: [
        UpstreamClient,
        CredentialVault,
        SetAsideMemory,
        HealthMap,
        SettlementService,
        InFlightCalls,
        TaskPerformance,
        METRICS,
        LOGGER,
      ],
    },
  ],
  exports: [AttemptDispatcher, UpstreamClient, CredentialVault],
})
export class UpstreamModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(PolicyStore) private readonly policies: PolicyStore,
    @Inject(UpstreamClient) private readonly client: UpstreamClient,
    @Inject(CredentialVault) private readonly vault: CredentialVault,
    @Inject(TokenEndpoint) private readonly tokenEndpoint: TokenEndpoint,
    @Inject(ConnectionWarmer) private readonly warmer: ConnectionWarmer,
  ) {}

  onModuleInit(): void {
    this.policies.onSwap((policy) => this.prepare(policy));
    this.warmer.start();
  }

  async onApplicationShutdown(): Promise<void> {
    this.warmer.stop();
    await Promise.all([this.client.close(), this.tokenEndpoint.close()]);
  }

  /** Opens the credentials of a new revision before a request needs them, and lets go of hosts it no longer names. */
  private prepare({ revision }: ActivePolicy): void {
    const origins = new Set<string>();
    for (const connection of revision.connections) {
      origins.add(readUpstreamAddress(connection.baseUrl).origin);
      this.vault.open(revision.organisation.organisationId, connection);
    }
    this.client.keepOnly(origins);
    this.vault.keepOnly(
      new Set(revision.connections.flatMap(({ credentials }) => credentials.map(({ credentialId }) => credentialId))),
    );
  }
}

function createClient(env: Env): UpstreamClient {
  return new UpstreamClient(addressPolicyOf(env));
}

function createTokenEndpoint(env: Env): TokenEndpoint {
  return new TokenEndpoint(addressPolicyOf(env));
}

function addressPolicyOf(env: Env): AddressPolicy {
  const allowedRanges = env.GATEWAY_ALLOWED_PRIVATE_RANGES;
  return createAddressPolicy({ allowLoopback: env.SWITCHYARD_LOCAL, allowedRanges });
}

function createVault(env: Env, logger: Logger, endpoint: TokenEndpoint): CredentialVault {
  const exchange: Exchange = (credential, nowMs) => exchangeCredential(credential, endpoint, nowMs);
  return new CredentialVault(env.masterKeyring, logger, exchange);
}

function createDispatcher(
  client: UpstreamClient,
  vault: CredentialVault,
  setAside: SetAsideMemory,
  health: HealthMap,
  settlement: SettlementService,
  inFlight: InFlightCalls,
  performance: TaskPerformance,
  metrics: Metrics,
  logger: Logger,
): AttemptDispatcher {
  const targets = new AttemptTargets(vault, setAside);
  const limits = new ProviderLimits(health, metrics);
  const sender = new AttemptSender(client, health, settlement, new AttemptMetrics(metrics));
  const shadows = new ShadowSender(sender, targets, inFlight, performance, logger);
  return new AttemptDispatcher(sender, shadows, targets, setAside, health, limits, logger);
}
