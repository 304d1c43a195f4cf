import { Module } from "@nestjs/common";
import { UsageFiguresModule } from "../reports/usage-figures.module.ts";
import { TeamRepository } from "./team.repository.ts";
import { TeamsController } from "./teams.controller.ts";
import { TeamsService } from "./teams.service.ts";

@Module({
  imports: [UsageFiguresModule],
  controllers: [TeamsController],
  providers: [TeamRepository, TeamsService],
  exports: [TeamRepository],
})
export class TeamsModule {}
