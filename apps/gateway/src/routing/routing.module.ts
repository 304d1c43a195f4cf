import { Module } from "@nestjs/common";
import { ENV } from "../env.module.ts";
import type { Env } from "../env.ts";
import { HealthMap } from "./health-map.ts";
import { RoutePlanner } from "./route-planner.ts";
import { SetAsideMemory } from "./set-aside.memory.ts";

@Module({
  providers: [
    SetAsideMemory,
    HealthMap,
    {
      provide: RoutePlanner,
      useFactory: (health: HealthMap, env: Env) => new RoutePlanner(health, env.GATEWAY_REGION ?? null),
      inject: [HealthMap, ENV],
    },
  ],
  exports: [SetAsideMemory, HealthMap, RoutePlanner],
})
export class RoutingModule {}
