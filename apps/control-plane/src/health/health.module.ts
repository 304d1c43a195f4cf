import { Module } from "@nestjs/common";
import { CallLog } from "./call-log.ts";
import { HealthRoutes } from "./health.routes.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { ReadinessRepository } from "./readiness.repository.ts";

@Module({ providers: [CallLog, HealthRoutes, ProcessMetrics, ReadinessRepository] })
export class HealthModule {}
