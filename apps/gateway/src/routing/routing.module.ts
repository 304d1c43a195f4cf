import { Module } from "@nestjs/common";
import { RoutePlanner } from "./route-planner.ts";
import { SetAsideMemory } from "./set-aside.memory.ts";

@Module({
  providers: [
    SetAsideMemory,
    {
      provide: RoutePlanner,
      useFactory: (setAside: SetAsideMemory) => new RoutePlanner(setAside),
      inject: [SetAsideMemory],
    },
  ],
  exports: [SetAsideMemory, RoutePlanner],
})
export class RoutingModule {}
