import { Module } from "@nestjs/common";
import { RequestRepository } from "./request.repository.ts";
import { RequestsController } from "./requests.controller.ts";
import { RequestsService } from "./requests.service.ts";

@Module({ controllers: [RequestsController], providers: [RequestRepository, RequestsService] })
export class RequestsModule {}
