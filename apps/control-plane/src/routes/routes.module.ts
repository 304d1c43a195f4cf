import { Module } from "@nestjs/common";
import { ModelsModule } from "../models/models.module.ts";
import { ProjectsModule } from "../projects/projects.module.ts";
import { ProviderConnectionsModule } from "../provider-connections/provider-connections.module.ts";
import { RouteRepository } from "./route.repository.ts";
import { RoutesController } from "./routes.controller.ts";
import { RoutesService } from "./routes.service.ts";

@Module({
  imports: [ModelsModule, ProjectsModule, ProviderConnectionsModule],
  controllers: [RoutesController],
  providers: [RouteRepository, RoutesService],
  exports: [RouteRepository, RoutesService],
})
export class RoutesModule {}
