import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";
import type { ReportRange } from "./report-range.ts";

const mostReports = 5_000;

@Injectable()
export class TeamReportRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** As the worker compiled them, newest day first. */
  list({ from, to }: ReportRange, teamId: string | undefined) {
    return this.#database.client.teamCostReport.findMany({
      where: { day: { gte: startOfDay(from), lt: to }, ...(teamId !== undefined && { teamId }) },
      select: { teamId: true, day: true, costPicoUsd: true, requests: true, breakdown: true, compiledAt: true },
      orderBy: [{ day: "desc" }, { teamId: "asc" }],
      take: mostReports,
    });
  }
}

function startOfDay(date: Date): Date {
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()));
}
