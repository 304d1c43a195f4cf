import { Injectable, Module, type DynamicModule, type OnModuleInit } from "@nestjs/common";
import type { AdmissionOptions } from "./admission-options.ts";
import { AdmissionService } from "./admission.service.ts";
import { AttemptHolder } from "./attempt-holder.ts";
import { DatabaseReachability } from "./database-reachability.ts";
import { GatewayHeartbeat } from "./gateway-heartbeat.ts";
import { openHeartbeatConnection } from "./heartbeat-connection.repository.ts";
import { HoldJournal } from "./hold-journal.ts";
import { LeaseRepository } from "./lease.repository.ts";
import { OpenAttempts } from "./open-attempts.ts";
import { QuotaLeases } from "./quota-leases.ts";
import { QuotaMetrics } from "./quota-metrics.ts";

/** Needs a HoldJournal, which the settlement module provides. */
@Module({})
export class AdmissionModule {
  static with(options: AdmissionOptions): DynamicModule {
    const { identity, databaseUrl, logger } = options;
    return {
      module: AdmissionModule,
      global: true,
      providers: [
        OpenAttempts,
        AdmissionService,
        HeartbeatStart,
        { provide: DatabaseReachability, useFactory: () => new DatabaseReachability(options.assumedLiveGateways) },
        { provide: QuotaMetrics, useFactory: () => new QuotaMetrics(options.metrics) },
        { provide: LeaseRepository, useFactory: () => new LeaseRepository(options) },
        {
          provide: QuotaLeases,
          useFactory: (database: LeaseRepository, reachability: DatabaseReachability, metrics: QuotaMetrics) =>
            new QuotaLeases({ database, reachability, logger, metrics }),
          inject: [LeaseRepository, DatabaseReachability, QuotaMetrics],
        },
        {
          provide: GatewayHeartbeat,
          useFactory: (reachability: DatabaseReachability, leases: QuotaLeases) =>
            new GatewayHeartbeat({
              identity,
              reachability,
              logger,
              open: (onRecall) => openHeartbeatConnection(databaseUrl, onRecall),
              onRecall: ({ quotaId, windowStartMs, recall }) => leases.answerRecall(quotaId, windowStartMs, recall),
              onReconnect: () => leases.answerAllRecalls(),
            }),
          inject: [DatabaseReachability, QuotaLeases],
        },
        {
          provide: AttemptHolder,
          useFactory: (
            leases: QuotaLeases,
            journal: HoldJournal,
            openAttempts: OpenAttempts,
            heartbeat: GatewayHeartbeat,
            metrics: QuotaMetrics,
          ) =>
            new AttemptHolder({
              gatewayId: identity.gatewayId,
              leases,
              journal,
              openAttempts,
              databaseNowMs: () => heartbeat.databaseNowMs(),
              metrics,
            }),
          inject: [QuotaLeases, HoldJournal, OpenAttempts, GatewayHeartbeat, QuotaMetrics],
        },
      ],
      exports: [AdmissionService, GatewayHeartbeat, OpenAttempts, QuotaLeases, LeaseRepository, DatabaseReachability],
    };
  }
}

@Injectable()
class HeartbeatStart implements OnModuleInit {
  readonly #heartbeat: GatewayHeartbeat;

  constructor(heartbeat: GatewayHeartbeat) {
    this.#heartbeat = heartbeat;
  }

  async onModuleInit(): Promise<void> {
    await this.#heartbeat.start();
  }
}
