import { Module } from "@nestjs/common";
import { ENV } from "../env.module.ts";
import type { Env } from "../env.ts";
import { PerformanceModule } from "../performance/performance.module.ts";
import { TaskPerformance } from "../performance/task-performance.ts";
import { HealthMap } from "./health-map.ts";
import { RoutePlanner } from "./route-planner.ts";
import { SetAsideMemory } from "./set-aside.memory.ts";

@Module({
  imports: [PerformanceModule],
  providers: [
    SetAsideMemory,
    HealthMap,
    {
      provide: RoutePlanner,
      useFactory: (health: HealthMap, performance: TaskPerformance, env: Env) =>
        new RoutePlanner(health, performance, env.GATEWAY_REGION ?? null),
      inject: [HealthMap, TaskPerformance, ENV],
    },
  ],
  exports: [SetAsideMemory, HealthMap, RoutePlanner],
})
export class RoutingModule {}
