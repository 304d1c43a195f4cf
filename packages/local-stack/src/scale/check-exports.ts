/** Downloads every export of a range, reads it again, and compares it with its manifest and with the ledger. */
import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseUsd } from "@switchyard/metering/pico-usd";
import type { AdminApi } from "./admin-api.ts";
import { withPeakMemory } from "./process-usage.ts";
import { type FileContents, readCsv, readJsonLines, readParquet } from "./read-export.ts";

export interface CheckedExport {
  readonly format: string;
  readonly rows: number;
  readonly bytes: number;
  /** Until the file was downloaded and read. */
  readonly seconds: number;
  /** Until the manifest came, for which the control plane writes the file once more. */
  readonly manifestSeconds: number;
  /** Most resident memory of the control plane while it wrote the file. */
  readonly peakBytes: number;
  readonly isSumOfLedger: boolean;
  readonly isAsManifest: boolean;
  /** What breaks the rules of the format. */
  readonly faults: readonly string[];
  readonly faultCount: number;
}

interface Manifest {
  readonly rows: number;
  readonly bytes: number;
  readonly sumUsd: string;
  readonly sha256: string;
}

const formats = ["csv", "jsonl", "parquet", "focus-1.2", "focus-1.4"] as const;
type Format = (typeof formats)[number];

/** One format after another. `ledgerUsd` is what all of the range's ledger entries add up to. */
export async function* checkExports(
  api: AdminApi,
  range: { readonly from: string; readonly to: string },
  ledgerUsd: string,
  controlPlanePids: () => readonly number[],
): AsyncGenerator<CheckedExport> {
  const ledger = parseUsd(ledgerUsd);
  for (const format of formats) {
    const path = `/api/reports/exports/${format}`;
    const query = `?${new URLSearchParams(range).toString()}`;
    const startedAt = performance.now();
    const download = () => readDownload(format, api.download(path + query));
    const [{ contents, bytes, sha256 }, peakBytes] = await withPeakMemory(controlPlanePids(), download);
    const readAt = performance.now();
    const manifest = (await api.ask(`${path}/manifest${query}`)) as Manifest;
    const { rows, sumPicoUsd, faults, faultCount } = contents;
    yield {
      format,
      rows,
      bytes,
      seconds: (readAt - startedAt) / 1_000,
      manifestSeconds: (performance.now() - readAt) / 1_000,
      peakBytes,
      faults,
      faultCount,
      isSumOfLedger: sumPicoUsd === ledger,
      isAsManifest:
        manifest.rows === rows &&
        manifest.bytes === bytes &&
        manifest.sha256 === sha256 &&
        parseUsd(manifest.sumUsd) === sumPicoUsd,
    };
  }
}

async function readDownload(format: Format, pieces: AsyncIterable<Uint8Array>) {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const piece of pieces) {
      hash.update(piece);
      bytes += piece.length;
      yield piece;
    }
  }
  const contents = await readAs(format, counted());
  return { contents, bytes, sha256: hash.digest("hex") };
}

async function readAs(format: Format, pieces: AsyncIterable<Uint8Array>): Promise<FileContents> {
  switch (format) {
    case "csv":
      return await readCsv(decoded(pieces), "cost_usd", null);
    case "jsonl":
      return await readJsonLines(decoded(pieces));
    case "focus-1.2":
      return await readCsv(decoded(pieces), "BilledCost", "1.2");
    case "focus-1.4":
      return await readCsv(decoded(pieces), "BilledCost", "1.4");
    case "parquet": {
      // Its index is at the end.
      const folder = await mkdtemp(join(tmpdir(), "switchyard-export-"));
      const file = join(folder, "spend.parquet");
      try {
        await pipeline(pieces, createWriteStream(file));
        return await readParquet(file);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
  }
}

async function* decoded(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const piece of pieces) yield decoder.decode(piece, { stream: true });
  yield decoder.decode();
}
