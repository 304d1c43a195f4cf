import { Module } from "@nestjs/common";
import { MonthlyReportRepository } from "./monthly-report.repository.ts";
import { MonthlyReportsController } from "./monthly-reports.controller.ts";
import { MonthlyReportsService } from "./monthly-reports.service.ts";
import { ReportScheduleRepository } from "./report-schedule.repository.ts";
import { ReportScheduleService } from "./report-schedule.service.ts";

@Module({
  controllers: [MonthlyReportsController],
  providers: [MonthlyReportRepository, MonthlyReportsService, ReportScheduleRepository, ReportScheduleService],
})
export class MonthlyReportsModule {}
