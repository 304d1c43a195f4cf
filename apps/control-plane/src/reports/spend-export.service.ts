import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import { Injectable } from "@nestjs/common";
import type { ExportFormat, ExportManifest } from "@switchyard/api-contract/reports";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import { instant } from "../database/instant.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { CostExportRepository } from "./cost-export.repository.ts";
import { exportChunks } from "./export-chunks.ts";
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

/** The ledger's spend as a file, and what such a file holds. */
@Injectable()
export class SpendExportService {
  readonly #costs: CostExportRepository;
  readonly #names: ResourceNameRepository;
  readonly #ingestion: IngestionRepository;

  constructor(costs: CostExportRepository, names: ResourceNameRepository, ingestion: IngestionRepository) {
    this.#costs = costs;
    this.#names = names;
    this.#ingestion = ingestion;
  }

  download(format: ExportFormat, { from, to, ...filter }: ExportQuery): ExportDownload {
    const range = wholeHours({ from, to });
    return {
      file: Readable.from(contentsOf(this.#chunks(format, range, filter, new Date()))),
      fileName: fileNameOf(format, range),
      contentType: exportWriters[format].contentType,
    };
  }

  async size({ from, to, ...filter }: ExportQuery): Promise<{ rows: number }> {
    return { rows: await this.#costs.count(wholeHours({ from, to }), filter) };
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
    let sum = 0n;
    for await (const chunk of this.#chunks(format, range, filter, now)) {
      hash.update(chunk.content);
      rows += chunk.rows;
      bytes += Buffer.byteLength(chunk.content);
      sum += chunk.sumPicoUsd;
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

async function* contentsOf(chunks: AsyncIterable<ExportChunk>): AsyncGenerator<ExportChunk["content"]> {
  for await (const { content } of chunks) if (content.length > 0) yield content;
}

function fileNameOf(format: ExportFormat, { from, to }: ReportRange): string {
  const day = (date: Date) => date.toISOString().slice(0, 10);
  return `switchyard-cost-${day(from)}-${day(to)}.${exportWriters[format].fileEnding}`;
}
