import { Module } from "@nestjs/common";
import { UsageFiguresModule } from "../reports/usage-figures.module.ts";
import { GatewayProcessRepository } from "./gateway-process.repository.ts";
import { QueueCountsRepository } from "./queue-counts.repository.ts";
import { RollUpCheckRepository } from "./roll-up-check.repository.ts";
import { SystemController } from "./system.controller.ts";
import { SystemService } from "./system.service.ts";

@Module({
  imports: [UsageFiguresModule],
  controllers: [SystemController],
  providers: [GatewayProcessRepository, QueueCountsRepository, RollUpCheckRepository, SystemService],
})
export class SystemModule {}
