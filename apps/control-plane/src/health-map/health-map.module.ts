import { Module } from "@nestjs/common";
import { HealthMapController } from "./health-map.controller.ts";
import { HealthMapRepository } from "./health-map.repository.ts";
import { HealthMapService } from "./health-map.service.ts";

@Module({ controllers: [HealthMapController], providers: [HealthMapRepository, HealthMapService] })
export class HealthMapModule {}
