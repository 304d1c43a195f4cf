import type { CaseReport, Difference, FidelityReport } from "./report.ts";
import { sideBySide } from "./side-by-side.ts";

const indentOfValues = 4;

const sides = ["request", "passage", "answer"] as const;
const columns = ["case", ...sides, "verdict"] as const;

/** A table with a line for each case; below it what differs where, side by side, and what differs for a reason. */
export function describeReport(report: FidelityReport): string {
  const rows = [[...columns], ...report.cases.map(rowOf)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  const table = rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
  );
  const found = report.cases.flatMap(placesOf);
  const unexplained = found.filter(({ difference }) => difference.reason === null).map(describePlace);
  const explained = [...Map.groupBy(found, ({ difference }) => difference.reason)].flatMap(([reason, places]) =>
    reason === null ? [] : [`  ${reason}: ${[...new Set(places.map(({ where }) => where))].join(", ")}`],
  );
  const legend = unexplained.length === 0 ? [] : [sideBySide("through the gateway", "directly", indentOfValues)];
  return [table, [...legend, ...unexplained], explained]
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n");
}

function rowOf(report: CaseReport): string[] {
  return [report.name, ...sides.map((side) => report[side].verdict), report.verdict];
}

interface Place {
  readonly where: string;
  readonly difference: Difference;
}

function placesOf(report: CaseReport): Place[] {
  return sides.flatMap((side) =>
    report[side].differences.map((difference) => ({
      where: `${report.name} ${side} ${difference.pointer}`,
      difference,
    })),
  );
}

function describePlace({ where, difference }: Place): string {
  return [`  ${where}`, sideBySide(difference.ours ?? "-", difference.theirs ?? "-", indentOfValues)].join("\n");
}
