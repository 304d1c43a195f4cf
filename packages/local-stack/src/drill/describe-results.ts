import type { DrillResult } from "./run-scenario.ts";

const columns = ["fault", "calls", "failed", "silent", "added p99", "diverted", "calls/call", "targets"] as const;

/** A table with a line for each fault, and below it what the failed calls were told. */
export function describeResults(results: readonly DrillResult[]): string {
  const failed = results.filter(({ figures }) => figures.failures.length > 0);
  const told = failed.map(({ scenario, figures }) => `  ${scenario.name}: ${figures.failures.join(", ")}`);
  return [describeTable(results), ...(told.length === 0 ? [] : ["", "  what failed calls were told", ...told])].join(
    "\n",
  );
}

function describeTable(results: readonly DrillResult[]): string {
  const rows = [[...columns], ...results.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))),
    )
    .map((row) => `  ${row.join("  ")}`)
    .join("\n");
}

function rowOf({ scenario, figures, missed }: DrillResult): string[] {
  const { divertedAfterMs } = figures;
  return [
    scenario.name,
    String(figures.calls),
    `${(figures.failedShare * 100).toFixed(1)} %`,
    String(figures.silentlyCut),
    `${figures.addedP99Ms.toFixed(0)} ms`,
    divertedAfterMs === null ? "-" : `${divertedAfterMs.toFixed(0)} ms`,
    figures.amplification.toFixed(3),
    missed.length === 0 ? "met" : `missed: ${missed.join(", ")}`,
  ];
}
