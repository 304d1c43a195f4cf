import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { JobQueue } from "../queue/job-queue.ts";
import { MonthlyReportRepository } from "./monthly-report.repository.ts";
import { deliveryJobId, ReportDeliveryRepository } from "./report-delivery.repository.ts";

/** Finds reports that are due, and hands what is to be made or sent to the queue. The rows say what is; a job only points at one. */
@Injectable()
export class PlanMonthlyReportsProcessor implements JobHandler<"plan-monthly-reports"> {
  readonly job = "plan-monthly-reports";

  constructor(
    private readonly reports: MonthlyReportRepository,
    private readonly deliveries: ReportDeliveryRepository,
    private readonly queue: JobQueue,
  ) {}

  async run(): Promise<void> {
    await this.reports.plan(new Date());
    for (const { reportId, tries } of await this.reports.unfinished()) {
      await this.queue.enqueue("compile-monthly-report", { reportId }, `${reportId}-${tries}`);
    }
    for (const reportId of await this.deliveries.undelivered()) {
      await this.queue.enqueue("deliver-monthly-report", { reportId }, deliveryJobId(reportId));
    }
  }
}
