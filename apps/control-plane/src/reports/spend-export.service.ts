import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Injectable } from "@nestjs/common";
import type { ExportFormat, ExportManifest } from "@switchyard/api-contract/reports";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { instant } from "../database/instant.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { CostExportRepository } from "./cost-export.repository.ts";
import { exportChunks } from "./export-chunks.ts";
import { type ExportChunk, exportWriters } from "./export-writers.ts";
import { IngestionRepository } from "./ingestion.repository.ts";
import { type ReportRange, wholeHours } from "./report-range.ts";
import type { UsageFilter } from "./usage-filter.ts";
import { WrittenExports } from "./written-exports.ts";

type ExportQuery = { readonly from: string; readonly to: string } & UsageFilter;
type NamedExportQuery = ExportQuery & { readonly download?: string | undefined };

export interface ExportDownload {
  readonly file: Readable;
  readonly fileName: string;
  readonly contentType: string;
}

/** The ledger's spend as a file, and what such a file holds. */
@Injectable()
export class SpendExportService {
  readonly #costs: CostExportRepository;
  readonly #names: ResourceNameRepository;
  readonly #ingestion: IngestionRepository;
  readonly #written: WrittenExports;

  constructor(
    costs: CostExportRepository,
    names: ResourceNameRepository,
    ingestion: IngestionRepository,
    written: WrittenExports,
  ) {
    this.#costs = costs;
    this.#names = names;
    this.#ingestion = ingestion;
    this.#written = written;
  }

  /** Keeps the manifest of a download that has a name, once the whole file is written. */
  download(actorId: string, format: ExportFormat, { download, ...query }: NamedExportQuery): ExportDownload {
    const file = this.#write(format, query);
    const written = this.#written;
    async function* contents(): AsyncGenerator<ExportChunk["content"]> {
      const manifest = yield* file;
      if (download !== undefined) written.keep(actorId, download, manifest);
    }
    return {
      file: Readable.from(contents()),
      fileName: fileNameOf(format, wholeHours(query)),
      contentType: exportWriters[format].contentType,
    };
  }

  async size({ from, to, ...filter }: ExportQuery): Promise<{ rows: number }> {
    return { rows: await this.#costs.count(wholeHours({ from, to }), filter) };
  }

  /**
   * Of the download with that name; without one the file is written, and not kept.
   * @throws ControlPlaneError not_found where this process has not written such a download to its end, or has forgotten it.
   */
  async manifest(
    actorId: string,
    format: ExportFormat,
    { download, ...query }: NamedExportQuery,
  ): Promise<ExportManifest> {
    if (download !== undefined) {
      const manifest = this.#written.find(actorId, download);
      if (manifest?.format === format) return manifest;
      throw new ControlPlaneError("not_found", { message: "That download has not come to its end here." });
    }
    const file = this.#write(format, query);
    for (;;) {
      const { done, value } = await file.next();
      if (done) return value;
    }
  }

  /** The pieces of the file, and at the end what they add up to. */
  async *#write(
    format: ExportFormat,
    { from, to, ...filter }: ExportQuery,
  ): AsyncGenerator<ExportChunk["content"], ExportManifest> {
    const range = wholeHours({ from, to });
    const now = new Date();
    // Asked for first: what comes in meanwhile may be in the file, but is not promised.
    const completeUntil = await this.#ingestion.lastIngestedAt();
    const hash = createHash("sha256");
    let rows = 0;
    let bytes = 0;
    let sum = 0n;
    for await (const chunk of this.#chunks(format, range, filter, now)) {
      hash.update(chunk.content);
      rows += chunk.rows;
      bytes += Buffer.byteLength(chunk.content);
      sum += chunk.sumPicoUsd;
      if (chunk.content.length > 0) yield chunk.content;
    }
    return {
      format,
      schemaVersion: exportWriters[format].schemaVersion,
      fileName: fileNameOf(format, range),
      from: instant(range.from),
      to: instant(range.to),
      rows,
      bytes,
      sumUsd: formatUsd(picoUsd(sum)),
      sha256: hash.digest("hex"),
      generatedAt: instant(now),
      completeUntil: instant(completeUntil),
    };
  }

  #chunks(format: ExportFormat, range: ReportRange, filter: UsageFilter, now: Date): AsyncGenerator<ExportChunk> {
    const lookUpNames = (ids: Iterable<string>) => this.#names.lookUp(ids);
    return exportChunks(format, this.#costs.read(range, filter), lookUpNames, now.getTime());
  }
}

function fileNameOf(format: ExportFormat, { from, to }: ReportRange): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return `switchyard-cost-${day(from)}-${day(to)}.${exportWriters[format].fileEnding}`;
}
