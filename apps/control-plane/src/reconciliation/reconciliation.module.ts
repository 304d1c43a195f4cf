import { Module } from "@nestjs/common";
import { ClosedPeriodRepository } from "./closed-period.repository.ts";
import { ClosedPeriodsService } from "./closed-periods.service.ts";
import { ReconciliationController } from "./reconciliation.controller.ts";
import { ReconciliationRepository } from "./reconciliation.repository.ts";
import { ReconciliationService } from "./reconciliation.service.ts";
import { StatementRepository } from "./statement.repository.ts";

@Module({
  controllers: [ReconciliationController],
  providers: [
    ClosedPeriodRepository,
    ClosedPeriodsService,
    ReconciliationRepository,
    ReconciliationService,
    StatementRepository,
  ],
})
export class ReconciliationModule {}
