import { Injectable } from "@nestjs/common";
import type { reportOperations } from "@switchyard/api-contract/reports";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { z } from "zod";
import { instant } from "../database/instant.ts";
import type { Call } from "../operations/handles.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { wholeHours } from "./report-range.ts";
import { TeamReportRepository } from "./team-report.repository.ts";

type TeamReports = z.infer<typeof reportOperations.teams.response>;

/** What the worker writes into `breakdown`. */
const breakdownSchema = z.array(z.object({ modelId: z.string(), costPicoUsd: z.string(), requests: z.number() }));

@Injectable()
export class TeamReportService {
  readonly #reports: TeamReportRepository;
  readonly #names: ResourceNameRepository;

  constructor(reports: TeamReportRepository, names: ResourceNameRepository) {
    this.#reports = reports;
    this.#names = names;
  }

  async list(query: Call<typeof reportOperations.teams>["query"]): Promise<TeamReports> {
    const rows = await this.#reports.list(wholeHours(query), query.teamId);
    const reports = rows.map((row) => ({ ...row, breakdown: breakdownSchema.parse(row.breakdown) }));
    const nameOf = await this.#names.lookUp(
      reports.flatMap(({ teamId, breakdown }) => [teamId, ...breakdown.map(({ modelId }) => modelId)]),
    );
    return {
      items: reports.map(({ teamId, day, costPicoUsd, requests, breakdown, compiledAt }) => ({
        teamId,
        teamName: nameOf("team", teamId),
        day: day.toISOString().slice(0, 10),
        costUsd: formatUsd(parsePicoUsd(costPicoUsd.toFixed())),
        requests: Number(requests),
        byModel: breakdown.map((part) => ({
          model: nameOf("model", part.modelId),
          costUsd: formatUsd(parsePicoUsd(part.costPicoUsd)),
          requests: part.requests,
        })),
        compiledAt: instant(compiledAt),
      })),
    };
  }
}
