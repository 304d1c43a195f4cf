import { Inject, Module, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { ENV } from "../env.module.ts";
import type { Env } from "../env.ts";
import { PerformanceModule } from "../performance/performance.module.ts";
import { TaskPerformance } from "../performance/task-performance.ts";
import { PoliciesModule } from "../policies/policies.module.ts";
import { PolicyStore } from "../policies/policy.store.ts";
import { HealthMap } from "./health-map.ts";
import { OutlierWatch } from "./outlier-watch.ts";
import { RoutePlanner } from "./route-planner.ts";
import { SetAsideMemory } from "./set-aside.memory.ts";

@Module({
  imports: [PerformanceModule, PoliciesModule],
  providers: [
    SetAsideMemory,
    HealthMap,
    { provide: OutlierWatch, useFactory: (health: HealthMap) => new OutlierWatch(health), inject: [HealthMap] },
    {
      provide: RoutePlanner,
      useFactory: (health: HealthMap, performance: TaskPerformance, env: Env) =>
        new RoutePlanner(health, performance, env.GATEWAY_REGION ?? null),
      inject: [HealthMap, TaskPerformance, ENV],
    },
  ],
  exports: [SetAsideMemory, HealthMap, RoutePlanner],
})
export class RoutingModule implements OnModuleInit, OnApplicationShutdown {
  constructor(
    @Inject(PolicyStore) private readonly policies: PolicyStore,
    @Inject(OutlierWatch) private readonly outliers: OutlierWatch,
  ) {}

  onModuleInit(): void {
    this.policies.onSwap((policy) => this.outliers.watch(policy));
    this.outliers.start();
  }

  onApplicationShutdown(): void {
    this.outliers.stop();
  }
}
