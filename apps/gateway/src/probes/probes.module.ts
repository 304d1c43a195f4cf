import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import type { ProcessResources } from "../env.module.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { HealthMap } from "../routing/health-map.ts";
import { RoutingModule } from "../routing/routing.module.ts";
import { SetAsideMemory } from "../routing/set-aside.memory.ts";
import { CredentialVault } from "../upstream/credential-vault.ts";
import { UpstreamClient } from "../upstream/upstream-client.ts";
import { UpstreamModule } from "../upstream/upstream.module.ts";
import { ConnectionProber } from "./connection-prober.ts";
import { ProbeRepository } from "./probe.repository.ts";

@Module({})
export class ProbesModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(ConnectionProber) private readonly prober: ConnectionProber,
    @Inject(ProbeRepository) private readonly turns: ProbeRepository,
  ) {}

  static with({ env, identity, logger, metrics }: ProcessResources) {
    return {
      module: ProbesModule,
      imports: [PoliciesModule, RoutingModule, UpstreamModule],
      providers: [
        {
          provide: ProbeRepository,
          useFactory: () => new ProbeRepository(env.GATEWAY_DATABASE_URL, identity.gatewayId, logger),
        },
        {
          provide: ConnectionProber,
          useFactory: (
            policies: PolicyStore,
            health: HealthMap,
            setAside: SetAsideMemory,
            vault: CredentialVault,
            client: UpstreamClient,
            turns: ProbeRepository,
          ) => new ConnectionProber({ policies, health, setAside, vault, client, turns, metrics, logger }),
          inject: [PolicyStore, HealthMap, SetAsideMemory, CredentialVault, UpstreamClient, ProbeRepository],
        },
      ],
    };
  }

  onModuleInit(): void {
    this.prober.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.prober.stop();
    await this.turns.close();
  }
}
