import { Module } from "@nestjs/common";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { RateLimitsController } from "./rate-limits.controller.ts";
import { RateLimitsService } from "./rate-limits.service.ts";

@Module({ imports: [QuotasModule], controllers: [RateLimitsController], providers: [RateLimitsService] })
export class RateLimitsModule {}
