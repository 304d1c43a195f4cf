import { Module } from "@nestjs/common";
import { AlertRepository } from "./alert.repository.ts";
import { AlertsController } from "./alerts.controller.ts";
import { AlertsService } from "./alerts.service.ts";

@Module({ controllers: [AlertsController], providers: [AlertRepository, AlertsService] })
export class AlertsModule {}
