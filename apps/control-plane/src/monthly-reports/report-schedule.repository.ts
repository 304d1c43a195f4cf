import { Injectable } from "@nestjs/common";
import type { ReportSchedule } from "@switchyard/api-contract/monthly-reports";
import { type Connection, Database } from "../database/database.ts";

const fields = { enabled: true, timeZone: true, mailTo: true, postsToWebhooks: true } as const;
/** Until somebody sets another one. */
const usual: ReportSchedule = { enabled: true, timeZone: "UTC", mailTo: [], postsToWebhooks: false };

@Injectable()
export class ReportScheduleRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async get(connection: Connection = this.#database.client): Promise<ReportSchedule> {
    return (await connection.reportSchedule.findFirst({ select: fields })) ?? usual;
  }

  set(connection: Connection, organisationId: string, schedule: ReportSchedule): Promise<ReportSchedule> {
    const data = { ...schedule, updatedAt: new Date() };
    return connection.reportSchedule.upsert({
      where: { organisationId },
      create: { organisationId, ...data },
      update: data,
      select: fields,
    });
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}
