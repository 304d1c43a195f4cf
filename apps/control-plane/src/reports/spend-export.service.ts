import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Injectable } from "@nestjs/common";
import type { ExportFormat, ExportManifest } from "@switchyard/api-contract/reports";
import { formatUsd, parsePicoUsd, type PicoUsd, sumPicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import type { NamedId, SpendRow } from "@switchyard/metering/spend-row";
import { providerManifests } from "@switchyard/providers/manifests";
import { instant } from "../database/instant.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { CostExportRepository, type CostExportRow } from "./cost-export.repository.ts";
import { type ExportChunk, exportWriters } from "./export-writers.ts";
import { IngestionRepository } from "./ingestion.repository.ts";
import { type ReportRange, wholeHours } from "./report-range.ts";
import type { UsageFilter } from "./usage-filter.ts";

type ExportQuery = { readonly from: string; readonly to: string } & UsageFilter;

export interface ExportDownload {
  readonly file: Readable;
  readonly fileName: string;
  readonly contentType: string;
}

/**
 * The ledger's spend as a file. Rows are read, written and sent a batch at a time; the next batch is read when the one
 * before was taken, so a download of any length needs the memory of two.
 */
@Injectable()
export class SpendExportService {
  readonly #costs: Pick<CostExportRepository, "read">;
  readonly #names: Pick<ResourceNameRepository, "lookUp">;
  readonly #ingestion: Pick<IngestionRepository, "lastIngestedAt">;

  constructor(costs: CostExportRepository, names: ResourceNameRepository, ingestion: IngestionRepository) {
    this.#costs = costs;
    this.#names = names;
    this.#ingestion = ingestion;
  }

  download(format: ExportFormat, { from, to, ...filter }: ExportQuery): ExportDownload {
    const range = wholeHours({ from, to });
    return {
      file: Readable.from(this.#texts(format, range, filter)),
      fileName: fileNameOf(format, range),
      contentType: exportWriters[format].contentType,
    };
  }

  /** Writes the file without keeping it, and says what it holds. */
  async manifest(format: ExportFormat, { from, to, ...filter }: ExportQuery): Promise<ExportManifest> {
    const range = wholeHours({ from, to });
    const now = new Date();
    // Asked for first: what comes in meanwhile may be in the file, but is not promised.
    const completeUntil = await this.#ingestion.lastIngestedAt();
    const hash = createHash("sha256");
    let rows = 0;
    let bytes = 0;
    let sum: PicoUsd = zeroPicoUsd;
    for await (const chunk of this.#chunks(format, range, filter, now)) {
      hash.update(chunk.text);
      rows += chunk.rows;
      bytes += Buffer.byteLength(chunk.text);
      sum = sumPicoUsd([sum, chunk.sumPicoUsd]);
    }
    return {
      format,
      schemaVersion: exportWriters[format].schemaVersion,
      fileName: fileNameOf(format, range),
      from: instant(range.from),
      to: instant(range.to),
      rows,
      bytes,
      sumUsd: formatUsd(sum),
      sha256: hash.digest("hex"),
      generatedAt: instant(now),
      completeUntil: instant(completeUntil),
    };
  }

  async *#texts(format: ExportFormat, range: ReportRange, filter: UsageFilter): AsyncGenerator<string> {
    for await (const { text } of this.#chunks(format, range, filter, new Date())) if (text !== "") yield text;
  }

  async *#chunks(
    format: ExportFormat,
    range: ReportRange,
    filter: UsageFilter,
    now: Date,
  ): AsyncGenerator<ExportChunk> {
    const writer = exportWriters[format];
    yield { text: writer.head, rows: 0, sumPicoUsd: zeroPicoUsd };
    for await (const rows of this.#costs.read(range, filter)) {
      const nameOf = await this.#names.lookUp(new Set(rows.flatMap(idsOf)));
      yield writer.write(
        rows.map((row) => toSpendRow(row, nameOf)),
        now.getTime(),
      );
    }
  }
}

function fileNameOf(format: ExportFormat, { from, to }: ReportRange): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return `switchyard-cost-${day(from)}-${day(to)}.${exportWriters[format].fileEnding}`;
}

function idsOf(row: CostExportRow): string[] {
  return [
    row.organisation_id,
    row.team_id,
    row.project_id,
    row.virtual_key_id,
    row.route_id,
    row.connection_id,
    row.model_id,
  ];
}

function toSpendRow(row: CostExportRow, nameOf: NameOf): SpendRow {
  const named = (type: string, id: string): NamedId => ({ id, name: nameOf(type, id) });
  const manifest = providerManifests.find(({ kind }) => kind === row.provider_kind);
  return {
    hourMs: row.hour.getTime(),
    organisation: named("organisation", row.organisation_id),
    team: named("team", row.team_id),
    project: named("project", row.project_id),
    virtualKey: named("virtual_key", row.virtual_key_id),
    user: row.end_user,
    tags: row.tags,
    route: named("route", row.route_id),
    connection: named("connection", row.connection_id),
    provider: { id: row.provider_kind, name: manifest?.displayName ?? row.provider_kind },
    model: named("model", row.model_id),
    meter: row.meter,
    quantity: BigInt(row.quantity),
    costPicoUsd: parsePicoUsd(row.cost_pico_usd),
  };
}
