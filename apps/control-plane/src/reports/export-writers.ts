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

/** A piece of the file, and what it adds to the manifest: `rows` and `sumPicoUsd` are of what was written. */
export interface ExportChunk {
  readonly text: string;
  readonly rows: number;
  readonly sumPicoUsd: PicoUsd;
}

export interface ExportWriter {
  readonly schemaVersion: string;
  readonly fileEnding: string;
  readonly contentType: string;
  /** What the file begins with. */
  readonly head: string;
  /** `nowMs` decides which billing periods are over. */
  write(rows: readonly SpendRow[], nowMs: number): ExportChunk;
}

const csvType = "text/csv; charset=utf-8";

export const exportWriters: Readonly<Record<ExportFormat, ExportWriter>> = {
  csv: {
    schemaVersion: costCsvSchemaVersion,
    fileEnding: "csv",
    contentType: csvType,
    head: csvText([costCsvHeader]),
    write: (rows) => ({ text: csvText(rows.map(costCsvCells)), rows: rows.length, sumPicoUsd: sumOfCosts(rows) }),
  },
  jsonl: {
    schemaVersion: spendJsonLineSchemaVersion,
    fileEnding: "jsonl",
    contentType: "application/x-ndjson; charset=utf-8",
    head: "",
    write: (rows) => ({
      text: rows.map((row) => `${spendJsonLine(row)}\n`).join(""),
      rows: rows.length,
      sumPicoUsd: sumOfCosts(rows),
    }),
  },
  "focus-1.2": focusWriter("1.2"),
  "focus-1.4": focusWriter("1.4"),
};

function focusWriter(version: FocusVersion): ExportWriter {
  const columns = focusColumns(version);
  return {
    schemaVersion: `FOCUS ${version}`,
    fileEnding: `focus-${version}.csv`,
    contentType: csvType,
    head: csvText([columns.map(({ name }) => name)]),
    write: (rows, nowMs) => {
      const charges = rows.flatMap((row) => focusChargesOf(row, nowMs));
      const records = charges.map((charge) => columns.map(({ kind, value }) => focusCell(kind, value(charge))));
      return { text: csvText(records), rows: charges.length, sumPicoUsd: sumOfCosts(charges) };
    },
  };
}

function focusCell(kind: FocusColumn["kind"], value: string | null): string {
  if (value === null) return "";
  return kind === "text" ? escapeFormula(value) : value;
}

function sumOfCosts(rows: readonly { readonly costPicoUsd: PicoUsd }[]): PicoUsd {
  return sumPicoUsd(rows.map(({ costPicoUsd }) => costPicoUsd));
}
