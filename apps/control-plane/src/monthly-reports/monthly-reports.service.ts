import { Injectable } from "@nestjs/common";
import type {
  MonthlyReport,
  MonthlyReportDetail,
  monthlyReportOperations,
} from "@switchyard/api-contract/monthly-reports";
import {
  monthlyReportContentSchema,
  monthlyReportParts,
  type MonthlyReportContent,
} from "@switchyard/metering/monthly-report";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { instant } from "../database/instant.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { MonthlyReportRepository, type MonthlyReportRow } from "./monthly-report.repository.ts";
import { presentContent } from "./present-content.ts";
import { reportCsv } from "./report-csv.ts";
import { ReportScheduleRepository } from "./report-schedule.repository.ts";

const what = "report";

@Injectable()
export class MonthlyReportsService {
  readonly #reports: MonthlyReportRepository;
  readonly #schedules: ReportScheduleRepository;
  readonly #names: ResourceNameRepository;
  readonly #audit: AuditEntryRepository;

  constructor(
    reports: MonthlyReportRepository,
    schedules: ReportScheduleRepository,
    names: ResourceNameRepository,
    audit: AuditEntryRepository,
  ) {
    this.#reports = reports;
    this.#schedules = schedules;
    this.#names = names;
    this.#audit = audit;
  }

  async list(query: Call<typeof monthlyReportOperations.list>["query"]): Promise<Page<MonthlyReport>> {
    const { teamId, month } = query;
    const rows = await this.#reports.list(query, { teamId, month: month === undefined ? month : firstDay(month) });
    const nameOf = await this.#names.lookUp(rows.map((row) => row.teamId));
    return toPage(
      rows,
      query.limit,
      ({ requestedAt, id }) => [requestedAt, id],
      (row) => present(row, nameOf),
    );
  }

  async get(id: string): Promise<MonthlyReportDetail> {
    const row = found(await this.#reports.findWithContent(id), what);
    const { content, ...report } = row;
    const nameOf = await this.#names.lookUp([row.teamId]);
    return { ...present(report, nameOf), content: content === null ? null : presentContent(parse(content)) };
  }

  async csv(id: string): Promise<{ fileName: string; text: string }> {
    const { content, month, version } = found(await this.#reports.findWithContent(id), what);
    if (content === null) throw new ControlPlaneError("not_found", { message: "The report is not made yet." });
    return { fileName: `switchyard-report-${monthOf(month)}-v${version}-${id}.csv`, text: reportCsv(parse(content)) };
  }

  async make(
    actor: Actor,
    { teamId, month }: Call<typeof monthlyReportOperations.make>["body"],
  ): Promise<MonthlyReport> {
    const nameOf = await this.#names.lookUp([teamId]);
    const row = await this.#reports.transaction(async (connection) => {
      if (!(await this.#names.isKnown(connection, "team", teamId))) found(null, "team");
      const { timeZone } = await this.#schedules.get(connection);
      const ask = { id: createUuidV7(), teamId, month: firstDay(month), timeZone, requestedBy: actor.name };
      const id = await this.#reports.ask(connection, ask);
      if (id === null) return (await this.#reports.findUnderWay(connection, teamId, ask.month)) ?? notBegun();
      const asked = found(await this.#reports.find(id, connection), what);
      const draft = { action: "monthly_report.asked", resourceType: "monthly_report", resourceId: id };
      await this.#audit.record(connection, actor, { ...draft, after: { teamId, month, version: asked.version } }, null);
      return asked;
    });
    return present(row, nameOf);
  }

  /** Changes nothing where it has not failed. */
  async retry(actor: Actor, id: string): Promise<MonthlyReport> {
    const row = await this.#reports.transaction(async (connection) => {
      found(await this.#reports.find(id, connection), what);
      if (await this.#reports.retry(connection, id)) {
        const draft = { action: "monthly_report.retried", resourceType: "monthly_report", resourceId: id };
        await this.#audit.record(connection, actor, draft, null);
      }
      return found(await this.#reports.find(id, connection), what);
    });
    return present(row, await this.#names.lookUp([row.teamId]));
  }
}

function present(row: MonthlyReportRow, nameOf: NameOf): MonthlyReport {
  const { totalPicoUsd, ...report } = row;
  return {
    ...report,
    teamName: nameOf("team", row.teamId),
    month: monthOf(row.month),
    reason: row.reason as MonthlyReport["reason"],
    state: row.state as MonthlyReport["state"],
    requestedAt: instant(row.requestedAt),
    startsAt: instant(row.startsAt),
    endsAt: instant(row.endsAt),
    parts: monthlyReportParts.length,
    totalUsd: totalPicoUsd === null ? null : formatUsd(parsePicoUsd(totalPicoUsd.toFixed())),
    finishedAt: instant(row.finishedAt),
    deliveredAt: instant(row.deliveredAt),
  };
}

function parse(content: unknown): MonthlyReportContent {
  return monthlyReportContentSchema.parse(content);
}

const firstDay = (month: string): Date => new Date(`${month}-01T00:00:00Z`);
const monthOf = (day: Date): string => day.toISOString().slice(0, 7);

function notBegun(): never {
  throw new ControlPlaneError("validation_failed", {
    problems: [{ path: "month", code: "not_begun", message: "has no whole hour yet" }],
  });
}
