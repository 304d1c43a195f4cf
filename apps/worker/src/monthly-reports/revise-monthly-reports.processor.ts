import { Injectable } from "@nestjs/common";
import type { JobHandler } from "../queue/job-handler.ts";
import { ChangedMonthRepository } from "./changed-month.repository.ts";
import { MonthlyReportRepository } from "./monthly-report.repository.ts";

/** Late records come in bursts: one version for all of them. */
const quietFor = "1 hour";

/** A correction or a late record never edits a report: the month gets another version. */
@Injectable()
export class ReviseMonthlyReportsProcessor implements JobHandler<"revise-monthly-reports"> {
  readonly job = "revise-monthly-reports";

  constructor(
    private readonly reports: MonthlyReportRepository,
    private readonly changed: ChangedMonthRepository,
  ) {}

  async run(): Promise<void> {
    await this.reports.ask(await this.changed.find(quietFor), "changed");
  }
}
