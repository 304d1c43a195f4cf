import { Module } from "@nestjs/common";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { RefusalService } from "./refusal.service.ts";
import { RequestRepository } from "./request.repository.ts";
import { RequestsController } from "./requests.controller.ts";
import { RequestsService } from "./requests.service.ts";

@Module({
  imports: [QuotasModule],
  controllers: [RequestsController],
  providers: [RequestRepository, RequestsService, RefusalService],
})
export class RequestsModule {}
