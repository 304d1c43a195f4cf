import { Module } from "@nestjs/common";
import { QuotasModule } from "../quotas/quotas.module.ts";
import { BudgetOutlookRepository } from "./budget-outlook.repository.ts";
import { BudgetOutlookService } from "./budget-outlook.service.ts";
import { BudgetsController } from "./budgets.controller.ts";
import { BudgetsService } from "./budgets.service.ts";

@Module({
  imports: [QuotasModule],
  controllers: [BudgetsController],
  providers: [BudgetsService, BudgetOutlookService, BudgetOutlookRepository],
})
export class BudgetsModule {}
