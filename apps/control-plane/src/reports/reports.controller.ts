import { Controller, StreamableFile } from "@nestjs/common";
import { type ExportFormat, reportOperations } from "@switchyard/api-contract/reports";
import type { Actor } from "../auth/actor.ts";
import { type Call, Handles } from "../operations/handles.ts";
import { CorrectionsService } from "./corrections.service.ts";
import { CostReportService } from "./cost-report.service.ts";
import { LedgerService } from "./ledger.service.ts";
import { OutlookService } from "./outlook.service.ts";
import { OverviewService } from "./overview.service.ts";
import { SpendExportService } from "./spend-export.service.ts";
import { TeamReportService } from "./team-report.service.ts";

@Controller()
export class ReportsController {
  readonly #overview: OverviewService;
  readonly #costs: CostReportService;
  readonly #exports: SpendExportService;
  readonly #teams: TeamReportService;
  readonly #outlook: OutlookService;
  readonly #ledger: LedgerService;
  readonly #corrections: CorrectionsService;

  constructor(
    overview: OverviewService,
    costs: CostReportService,
    costExports: SpendExportService,
    teams: TeamReportService,
    outlook: OutlookService,
    ledger: LedgerService,
    corrections: CorrectionsService,
  ) {
    this.#overview = overview;
    this.#costs = costs;
    this.#exports = costExports;
    this.#teams = teams;
    this.#outlook = outlook;
    this.#ledger = ledger;
    this.#corrections = corrections;
  }

  @Handles(reportOperations.overview)
  overview({ query }: Call<typeof reportOperations.overview>) {
    return this.#overview.get(query);
  }

  @Handles(reportOperations.cost)
  cost({ query }: Call<typeof reportOperations.cost>) {
    return this.#costs.get(query);
  }

  @Handles(reportOperations.costCsv)
  async costCsv({ actor, query }: Call<typeof reportOperations.costCsv>) {
    return this.#download(actor, "csv", query);
  }

  @Handles(reportOperations.export)
  async export({ actor, params, query }: Call<typeof reportOperations.export>) {
    return this.#download(actor, params.format, query);
  }

  @Handles(reportOperations.exportManifest)
  exportManifest({ actor, params, query }: Call<typeof reportOperations.exportManifest>) {
    return this.#exports.manifest(actor.id, params.format, query);
  }

  @Handles(reportOperations.exportSize)
  exportSize({ query }: Call<typeof reportOperations.exportSize>) {
    return this.#exports.size(query);
  }

  @Handles(reportOperations.teams)
  teams({ query }: Call<typeof reportOperations.teams>) {
    return this.#teams.list(query);
  }

  @Handles(reportOperations.outlook)
  outlook(_call: Call<typeof reportOperations.outlook>) {
    return this.#outlook.get();
  }

  @Handles(reportOperations.ledger)
  ledger({ query }: Call<typeof reportOperations.ledger>) {
    return this.#ledger.summarise(query);
  }

  @Handles(reportOperations.uncertain)
  uncertain({ query }: Call<typeof reportOperations.uncertain>) {
    return this.#ledger.listUncertain(query);
  }

  @Handles(reportOperations.correct)
  correct({ actor, body }: Call<typeof reportOperations.correct>) {
    return this.#corrections.record(actor, body.corrections);
  }

  #download(actor: Actor, format: ExportFormat, query: Call<typeof reportOperations.export>["query"]): StreamableFile {
    const { file, fileName, contentType } = this.#exports.download(actor.id, format, query);
    return new StreamableFile(file, { type: contentType, disposition: `attachment; filename="${fileName}"` });
  }
}
