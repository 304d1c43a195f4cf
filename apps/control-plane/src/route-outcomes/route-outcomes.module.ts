import { Module } from "@nestjs/common";
import { RouteOutcomesController } from "./route-outcomes.controller.ts";
import { RouteOutcomesRepository } from "./route-outcomes.repository.ts";
import { RouteOutcomesService } from "./route-outcomes.service.ts";

@Module({ controllers: [RouteOutcomesController], providers: [RouteOutcomesRepository, RouteOutcomesService] })
export class RouteOutcomesModule {}
