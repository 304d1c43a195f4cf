import { Module } from "@nestjs/common";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { UsageFiguresModule } from "../reports/usage-figures.module.ts";
import { TeamsModule } from "../teams/teams.module.ts";
import { ProjectRepository } from "./project.repository.ts";
import { ProjectsController } from "./projects.controller.ts";
import { ProjectsService } from "./projects.service.ts";

@Module({
  imports: [ProviderConnectionsModule, UsageFiguresModule, TeamsModule],
  controllers: [ProjectsController],
  providers: [ProjectRepository, ProjectsService],
  exports: [ProjectRepository],
})
export class ProjectsModule {}
