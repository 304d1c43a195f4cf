import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

const fields = {
  id: true,
  teamId: true,
  month: true,
  version: true,
  reason: true,
  requestedBy: true,
  requestedAt: true,
  timeZone: true,
  startsAt: true,
  endsAt: true,
  isWhole: true,
  state: true,
  partsDone: true,
  problem: true,
  totalPicoUsd: true,
  finishedAt: true,
  deliveredAt: true,
  deliveryProblem: true,
} as const;

@Injectable()
export class MonthlyReportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Newest first. `month` is its first day. */
  list({ limit, cursor }: PageRequest, filter: { teamId?: string | undefined; month?: Date | undefined }) {
    const before = beforeInstant(cursor);
    return this.#database.client.monthlyReport.findMany({
      where: {
        ...(filter.teamId === undefined ? {} : { teamId: filter.teamId }),
        ...(filter.month === undefined ? {} : { month: filter.month }),
        ...(before === null
          ? {}
          : { OR: [{ requestedAt: { lt: before.at } }, { requestedAt: before.at, id: { lt: before.id } }] }),
      },
      select: fields,
      orderBy: [{ requestedAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.monthlyReport.findUnique({ where: { id }, select: fields });
  }

  findWithContent(id: string) {
    return this.#database.client.monthlyReport.findUnique({ where: { id }, select: { ...fields, content: true } });
  }

  /** The one that is being made; null where none is. */
  findUnderWay(connection: Connection, teamId: string, month: Date) {
    return connection.monthlyReport.findFirst({
      where: { teamId, month, state: { in: ["waiting", "running"] } },
      select: fields,
    });
  }

  /** Asks for the month's next version; null where one is being made, or where the month has no whole hour yet. */
  async ask(
    connection: Connection,
    ask: { id: string; teamId: string; month: Date; timeZone: string; requestedBy: string },
  ): Promise<string | null> {
    const month = ask.month.toISOString().slice(0, 10);
    const [row] = await connection.$queryRaw<{ id: string | null }[]>`
      SELECT ask_monthly_report(${ask.id}, ${ask.teamId}, ${month}::date, ${ask.timeZone}, 'asked', ${ask.requestedBy})
        AS id`;
    return row?.id ?? null;
  }

  /** Whether it had failed, and is to be made again. */
  async retry(connection: Connection, id: string): Promise<boolean> {
    const { count } = await connection.monthlyReport.updateMany({
      where: { id, state: "failed" },
      data: { state: "waiting", problem: null, partsDone: 0, tries: { increment: 1 } },
    });
    return count > 0;
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}

export type MonthlyReportRow = NonNullable<Awaited<ReturnType<MonthlyReportRepository["find"]>>>;
