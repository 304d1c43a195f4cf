import { Module } from "@nestjs/common";
import { UsageFiguresModule } from "../reports/usage-figures.module.ts";
import { TeamsModule } from "../teams/teams.module.ts";
import { ProjectRepository } from "./project.repository.ts";
import { ProjectsController } from "./projects.controller.ts";
import { ProjectsService } from "./projects.service.ts";

@Module({
  imports: [UsageFiguresModule, TeamsModule],
  controllers: [ProjectsController],
  providers: [ProjectRepository, ProjectsService],
  exports: [ProjectRepository],
})
export class ProjectsModule {}
