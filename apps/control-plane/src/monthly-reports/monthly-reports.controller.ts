import { Controller, StreamableFile } from "@nestjs/common";
import { monthlyReportOperations } from "@switchyard/api-contract/monthly-reports";
import { type Call, Handles } from "../operations/handles.ts";
import { MonthlyReportsService } from "./monthly-reports.service.ts";
import { ReportScheduleService } from "./report-schedule.service.ts";

@Controller()
export class MonthlyReportsController {
  readonly #reports: MonthlyReportsService;
  readonly #schedule: ReportScheduleService;

  constructor(reports: MonthlyReportsService, schedule: ReportScheduleService) {
    this.#reports = reports;
    this.#schedule = schedule;
  }

  @Handles(monthlyReportOperations.list)
  list({ query }: Call<typeof monthlyReportOperations.list>) {
    return this.#reports.list(query);
  }

  @Handles(monthlyReportOperations.make)
  make({ actor, body }: Call<typeof monthlyReportOperations.make>) {
    return this.#reports.make(actor, body);
  }

  @Handles(monthlyReportOperations.schedule)
  schedule(_call: Call<typeof monthlyReportOperations.schedule>) {
    return this.#schedule.get();
  }

  @Handles(monthlyReportOperations.setSchedule)
  setSchedule({ actor, body }: Call<typeof monthlyReportOperations.setSchedule>) {
    return this.#schedule.set(actor, body);
  }

  @Handles(monthlyReportOperations.get)
  get({ params }: Call<typeof monthlyReportOperations.get>) {
    return this.#reports.get(params.id);
  }

  @Handles(monthlyReportOperations.csv)
  async csv({ params }: Call<typeof monthlyReportOperations.csv>) {
    const { fileName, text } = await this.#reports.csv(params.id);
    return new StreamableFile(Buffer.from(text), {
      type: "text/csv; charset=utf-8",
      disposition: `attachment; filename="${fileName}"`,
    });
  }

  @Handles(monthlyReportOperations.retry)
  retry({ actor, params }: Call<typeof monthlyReportOperations.retry>) {
    return this.#reports.retry(actor, params.id);
  }
}
