import { Injectable } from "@nestjs/common";
import type { ReportSchedule } from "@switchyard/api-contract/monthly-reports";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { OrganisationRepository } from "../organisation/organisation.repository.ts";
import { ReportScheduleRepository } from "./report-schedule.repository.ts";

@Injectable()
export class ReportScheduleService {
  readonly #schedules: ReportScheduleRepository;
  readonly #organisations: OrganisationRepository;
  readonly #audit: AuditEntryRepository;

  constructor(schedules: ReportScheduleRepository, organisations: OrganisationRepository, audit: AuditEntryRepository) {
    this.#schedules = schedules;
    this.#organisations = organisations;
    this.#audit = audit;
  }

  get(): Promise<ReportSchedule> {
    return this.#schedules.get();
  }

  set(actor: Actor, schedule: ReportSchedule): Promise<ReportSchedule> {
    return this.#schedules.transaction(async (connection) => {
      const before = await this.#schedules.get(connection);
      const organisationId = await this.#organisations.currentId(connection);
      const after = await this.#schedules.set(connection, organisationId, schedule);
      const draft = { action: "report_schedule.set", resourceType: "report_schedule", resourceId: organisationId };
      await this.#audit.record(connection, actor, { ...draft, before, after }, null);
      return after;
    });
  }
}
