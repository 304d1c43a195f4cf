import { Module } from "@nestjs/common";
import type { Logger } from "@switchyard/telemetry/logger";
import type { Metrics } from "@switchyard/telemetry/metrics";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";
import { PerformanceModule } from "../performance/performance.module.ts";
import { TaskPerformance } from "../performance/task-performance.ts";
import { IDENTITY, LOGGER, METRICS } from "../env.module.ts";
import { SettlementService } from "../settlement/settlement.service.ts";
import { AccessLog } from "./access-log.ts";
import { CallCloser } from "./call-closer.ts";
import { CallMetrics } from "./call-metrics.ts";

@Module({
  imports: [PerformanceModule],
  providers: [
    {
      provide: CallCloser,
      useFactory: (
        settlement: SettlementService,
        metrics: Metrics,
        logger: Logger,
        performance: TaskPerformance,
        identity: GatewayProcessIdentity,
      ) => new CallCloser(settlement, new CallMetrics(metrics), new AccessLog(logger), performance, identity.gatewayId),
      inject: [SettlementService, METRICS, LOGGER, TaskPerformance, IDENTITY],
    },
  ],
  exports: [CallCloser],
})
export class ClosingModule {}
