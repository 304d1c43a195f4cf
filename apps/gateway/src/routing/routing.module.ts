import { Module } from "@nestjs/common";
import { HealthMap } from "./health-map.ts";
import { RoutePlanner } from "./route-planner.ts";
import { SetAsideMemory } from "./set-aside.memory.ts";

@Module({
  providers: [
    SetAsideMemory,
    HealthMap,
    {
      provide: RoutePlanner,
      useFactory: (health: HealthMap) => new RoutePlanner(health),
      inject: [HealthMap],
    },
  ],
  exports: [SetAsideMemory, HealthMap, RoutePlanner],
})
export class RoutingModule {}
