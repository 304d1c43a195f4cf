import { Inject, Injectable } from "@nestjs/common";
import type { JobPayload } from "@switchyard/metering/job-catalogue";
import type { MonthlyReportContent } from "@switchyard/metering/monthly-report";
import type { JobHandler } from "../queue/job-handler.ts";
import { JobQueue } from "../queue/job-queue.ts";
import { RetentionOptions } from "../retention/maintain-partitions.processor.ts";
import { composeMonth } from "./compose-month.ts";
import { type MonthFigures, MonthFiguresRepository } from "./month-figures.repository.ts";
import { MonthlyReportRepository, type ReportToMake } from "./monthly-report.repository.ts";
import { deliveryJobId, ReportDeliveryRepository } from "./report-delivery.repository.ts";

const dayMs = 86_400_000;
/** Five weeks are what a day is judged by. */
const historyMs = 36 * dayMs;

@Injectable()
export class CompileMonthlyReportProcessor implements JobHandler<"compile-monthly-report"> {
  readonly job = "compile-monthly-report";

  constructor(
    private readonly reports: MonthlyReportRepository,
    private readonly figures: MonthFiguresRepository,
    private readonly retention: RetentionOptions,
    private readonly deliveries: ReportDeliveryRepository,
    @Inject(JobQueue) private readonly queue: Pick<JobQueue, "enqueue">,
  ) {}

  async run({ reportId }: JobPayload<"compile-monthly-report">): Promise<void> {
    const report = await this.reports.begin(reportId);
    if (report === null) return;
    try {
      await this.reports.finish(reportId, await this.figures.snapshot((figures) => this.#compile(report, figures)));
    } catch (error) {
      await this.reports.fail(reportId, error instanceof Error ? error.message : "It could not be made.");
      throw error;
    }
    if ((await this.deliveries.find(reportId)) === null) return;
    await this.queue.enqueue("deliver-monthly-report", { reportId }, deliveryJobId(reportId));
  }

  async #compile(report: ReportToMake, figures: MonthFigures): Promise<MonthlyReportContent> {
    const { reportId, teamId, timeZone, startsAt, endsAt } = report;
    const range = { teamId, timeZone, from: startsAt, to: endsAt };
    const spend = await figures.spend(range);
    await this.reports.notePart(reportId, "spend");
    const before = { ...range, ...(await figures.monthBefore(report.month, range, report.isWhole)) };
    const previousSpend = await figures.spend(before);
    const history = await figures.spend({ ...range, from: new Date(startsAt.getTime() - historyMs), to: startsAt });
    await this.reports.notePart(reportId, "history");
    const calls = await figures.calls(range);
    const previousCalls = await figures.calls(before);
    await this.reports.notePart(reportId, "calls");
    const isKept = startsAt.getTime() >= Date.now() - this.retention.requestRetentionDays * dayMs;
    const cacheSavedPicoUsd = isKept ? await figures.cacheSaved(range) : null;
    await this.reports.notePart(reportId, "cache");
    const budgets = await figures.budgets(range);
    await this.reports.notePart(reportId, "budgets");
    const names = await figures.names([teamId, ...spend.flatMap(({ grouping, id }) => named(grouping, id))]);
    return composeMonth({
      teamName: names.get(teamId) ?? teamId,
      spend,
      calls,
      previousSpend,
      previousCalls,
      history,
      names,
      cacheSavedPicoUsd,
      budgets,
      firstDay: report.month,
      lastDay: localDay(new Date(endsAt.getTime() - 1), timeZone),
    });
  }
}

function named(grouping: string, id: string | null): string[] {
  return id === null || grouping === "user" || grouping === "day" || grouping === "total" ? [] : [id];
}

/** YYYY-MM-DD of an instant in a zone. */
function localDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, dateStyle: "short" }).format(at);
}
