import { Module } from "@nestjs/common";
import { CorrectionRepository } from "./correction.repository.ts";
import { CorrectionsService } from "./corrections.service.ts";
import { CostExportRepository } from "./cost-export.repository.ts";
import { CostReportRepository } from "./cost-report.repository.ts";
import { CostReportService } from "./cost-report.service.ts";
import { LedgerRepository } from "./ledger.repository.ts";
import { LedgerService } from "./ledger.service.ts";
import { OutlookRepository } from "./outlook.repository.ts";
import { OutlookService } from "./outlook.service.ts";
import { OverviewRepository } from "./overview.repository.ts";
import { OverviewService } from "./overview.service.ts";
import { ReportsController } from "./reports.controller.ts";
import { SpendExportService } from "./spend-export.service.ts";
import { TeamReportRepository } from "./team-report.repository.ts";
import { TeamReportService } from "./team-report.service.ts";
import { UsageFiguresModule } from "./usage-figures.module.ts";
import { WrittenExports } from "./written-exports.ts";

@Module({
  imports: [UsageFiguresModule],
  controllers: [ReportsController],
  providers: [
    CorrectionRepository,
    CorrectionsService,
    CostExportRepository,
    CostReportRepository,
    CostReportService,
    LedgerRepository,
    LedgerService,
    OutlookRepository,
    OutlookService,
    OverviewRepository,
    OverviewService,
    SpendExportService,
    TeamReportRepository,
    TeamReportService,
    WrittenExports,
  ],
})
export class ReportsModule {}
