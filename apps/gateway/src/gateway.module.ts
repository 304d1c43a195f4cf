import { join } from "node:path";
import { Inject, Module, type DynamicModule, type OnModuleInit } from "@nestjs/common";
import { AcceptModule } from "./accept/accept.module.ts";
import type { DataPlaneServer } from "./accept/data-plane-server.ts";
import { AdmissionModule } from "./admission/admission.module.ts";
import { FeedbackModule } from "./feedback/feedback.module.ts";
import { EstimateModule } from "./estimate/estimate.module.ts";
import { GatewayHeartbeat } from "./admission/gateway-heartbeat.ts";
import { ChatModule } from "./chat/chat.module.ts";
import { OperationsModule } from "./operations/operations.module.ts";
import { EnvModule, type ProcessResources } from "./env.module.ts";
import { HealthReportModule } from "./health-report/health-report.module.ts";
import { HealthModule } from "./health/health.module.ts";
import { IdempotencyModule } from "./idempotency/idempotency.module.ts";
import { IdentityModule } from "./identity/identity.module.ts";
import { CountTokensModule } from "./messages/count-tokens.module.ts";
import { ModelsModule } from "./models/models.module.ts";
import { ParseModule } from "./parse/parse.module.ts";
import { PerformanceFactsModule } from "./performance/performance-facts.module.ts";
import { PoliciesModule } from "./policies/policies.module.ts";
import { PolicyStore } from "./policies/policy.store.ts";
import { PassthroughModule } from "./passthrough/passthrough.module.ts";
import { ProbesModule } from "./probes/probes.module.ts";
import { ReceiptsModule } from "./receipts/receipts.module.ts";
import { ResponseCacheModule } from "./response-cache/response-cache.module.ts";
import { RoutingModule } from "./routing/routing.module.ts";
import { defaultJournalMaxBytes, defaultJournalSync } from "./settlement/settlement-options.ts";
import { SettlementModule } from "./settlement/settlement.module.ts";
import { UpstreamModule } from "./upstream/upstream.module.ts";

/** One gateway process. The stages, in the order in which a request passes them, then what clients call. */
@Module({})
export class GatewayModule implements OnModuleInit {
  constructor(
    @Inject(PolicyStore) private readonly policies: PolicyStore,
    @Inject(GatewayHeartbeat) private readonly heartbeat: GatewayHeartbeat,
  ) {}

  static with(resources: ProcessResources, server: DataPlaneServer): DynamicModule {
    const { env, identity, logger, metrics } = resources;
    const databaseUrl = env.GATEWAY_DATABASE_URL;
    const admission = AdmissionModule.with({
      identity,
      databaseUrl,
      assumedLiveGateways: env.GATEWAY_PROCESSES,
      logger,
      metrics,
    });
    const settlement = SettlementModule.with({
      identity,
      databaseUrl,
      redisUrl: env.REDIS_URL ?? null,
      journalDirectory: join(env.GATEWAY_STATE_DIR, `slot-${env.GATEWAY_SLOT}`, "journal"),
      journalSync: defaultJournalSync,
      journalMaxBytes: defaultJournalMaxBytes,
      logger,
      metrics,
    });
    return {
      module: GatewayModule,
      imports: [
        EnvModule.with(resources),
        AcceptModule.with(server),
        PoliciesModule,
        IdentityModule,
        ParseModule,
        IdempotencyModule,
        ResponseCacheModule,
        { ...admission, global: true },
        RoutingModule,
        UpstreamModule,
        { ...settlement, global: true },
        ChatModule,
        OperationsModule,
        PassthroughModule,
        ModelsModule,
        EstimateModule,
        ReceiptsModule,
        FeedbackModule,
        CountTokensModule,
        HealthModule,
        HealthReportModule.with(resources),
        PerformanceFactsModule.with(resources),
        ProbesModule.with(resources),
      ],
    };
  }

  onModuleInit(): void {
    const report = (): void =>
      this.heartbeat.reportPolicy(this.policies.current?.number ?? null, this.policies.problem);
    this.policies.onChange(report);
    report();
  }
}
