import { Module } from "@nestjs/common";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { BudgetsController } from "./budgets.controller.ts";
import { BudgetsService } from "./budgets.service.ts";

@Module({ imports: [QuotasModule], controllers: [BudgetsController], providers: [BudgetsService] })
export class BudgetsModule {}
