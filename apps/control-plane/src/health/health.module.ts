import { Module } from "@nestjs/common";
import { HealthRoutes } from "./health.routes.ts";
import { ProcessMetrics } from "./process-metrics.ts";
import { ReadinessRepository } from "./readiness.repository.ts";

@Module({ providers: [HealthRoutes, ProcessMetrics, ReadinessRepository] })
export class HealthModule {}
