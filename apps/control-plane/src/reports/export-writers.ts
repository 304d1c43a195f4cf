/** How spend is written in each format. Every writer takes the same rows, so that every file adds up to the same sum. */
import type { ExportFormat } from "@switchyard/api-contract/reports";
import { focusChargesOf } from "@switchyard/metering/focus-charge";
import { focusColumns, type FocusColumn, type FocusVersion } from "@switchyard/metering/focus-columns";
import { type PicoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { spendJsonLine, spendJsonLineSchemaVersion } from "@switchyard/metering/spend-json-line";
import type { SpendRow } from "@switchyard/metering/spend-row";
import { costCsvCells, costCsvHeader, costCsvSchemaVersion } from "./cost-csv.ts";
import { csvText } from "./csv-text.ts";
import { escapeFormula } from "./escape-formula.ts";
import { spendParquetSchemaVersion } from "./parquet-columns.ts";
import { ParquetFile } from "./parquet-file.ts";

/** A piece of the file, and what it adds to the manifest: `rows` and `sumPicoUsd` are of the rows that went in. */
export interface ExportChunk {
  readonly content: string | Uint8Array;
  readonly rows: number;
  readonly sumPicoUsd: PicoUsd;
}

/** One file that is being written. */
interface ExportFile {
  /** What the file begins with. */
  readonly head: string;
  /** `nowMs` decides which billing periods are over. */
  write(rows: readonly SpendRow[], nowMs: number): ExportChunk;
  /** What the file ends with. */
  end(): string | Uint8Array;
}

export interface ExportWriter {
  readonly schemaVersion: string;
  readonly fileEnding: string;
  readonly contentType: string;
  begin(): ExportFile;
}

const csvType = "text/csv; charset=utf-8";

export const exportWriters: Readonly<Record<ExportFormat, ExportWriter>> = {
  csv: {
    schemaVersion: costCsvSchemaVersion,
    fileEnding: "csv",
    contentType: csvType,
    begin: () => textFile(csvText([costCsvHeader]), (rows) => csvText(rows.map(costCsvCells))),
  },
  jsonl: {
    schemaVersion: spendJsonLineSchemaVersion,
    fileEnding: "jsonl",
    contentType: "application/x-ndjson; charset=utf-8",
    begin: () => textFile("", (rows) => rows.map((row) => `${spendJsonLine(row)}\n`).join("")),
  },
  parquet: {
    schemaVersion: spendParquetSchemaVersion,
    fileEnding: "parquet",
    contentType: "application/vnd.apache.parquet",
    begin: () => {
      const file = new ParquetFile();
      return {
        head: "",
        write: (rows) => ({ content: file.write(rows), rows: rows.length, sumPicoUsd: sumOfCosts(rows) }),
        end: () => file.end(),
      };
    },
  },
  "focus-1.2": focusWriter("1.2"),
  "focus-1.4": focusWriter("1.4"),
};

function textFile(head: string, textOf: (rows: readonly SpendRow[]) => string): ExportFile {
  return {
    head,
    write: (rows) => ({ content: textOf(rows), rows: rows.length, sumPicoUsd: sumOfCosts(rows) }),
    end: () => "",
  };
}

function focusWriter(version: FocusVersion): ExportWriter {
  const columns = focusColumns(version);
  return {
    schemaVersion: `FOCUS ${version}`,
    fileEnding: `focus-${version}.csv`,
    contentType: csvType,
    begin: () => ({
      head: csvText([columns.map(({ name }) => name)]),
      write: (rows, nowMs) => {
        const charges = rows.flatMap((row) => focusChargesOf(row, nowMs));
        const records = charges.map((charge) => columns.map(({ kind, value }) => focusCell(kind, value(charge))));
        return { content: csvText(records), rows: charges.length, sumPicoUsd: sumOfCosts(charges) };
      },
      end: () => "",
    }),
  };
}

function focusCell(kind: FocusColumn["kind"], value: string | null): string {
  if (value === null) return "";
  return kind === "text" ? escapeFormula(value) : value;
}

function sumOfCosts(rows: readonly { readonly costPicoUsd: PicoUsd }[]): PicoUsd {
  return sumPicoUsd(rows.map(({ costPicoUsd }) => costPicoUsd));
}
