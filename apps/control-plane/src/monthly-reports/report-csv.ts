/** A monthly report for a spreadsheet: one row a figure, amounts as exact decimals, texts that are no formula. */
import type { MonthlyReportContent, MonthlyReportRanking } from "@switchyard/metering/monthly-report";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { csvText } from "../reports/csv-text.ts";
import { escapeFormula } from "../reports/escape-formula.ts";

const header = ["section", "id", "name", "cost_usd", "count", "note"];

/** The amounts of each of the sections days, projects, models, virtual_keys and users add up to that of `total`. */
export function reportCsv(content: MonthlyReportContent): string {
  const { totals, previous } = content;
  return csvText([
    header,
    row("total", { name: content.teamName, cost: totals.costPicoUsd, count: totals.requests, note: "requests" }),
    row("month_before", { cost: previous.costPicoUsd, count: previous.requests, note: "requests" }),
    ...content.days.map(({ day, costPicoUsd }) => row("days", { name: day, cost: costPicoUsd })),
    ...ranked("projects", content.projects),
    ...ranked("models", content.models),
    ...ranked("virtual_keys", content.virtualKeys),
    ...ranked("users", content.users),
    ...(content.cacheSavedPicoUsd === null
      ? []
      : [row("saved_by_cache", { cost: content.cacheSavedPicoUsd, count: totals.cacheHits, note: "answers" })]),
    ...content.budgets.map((budget) =>
      row("budgets", { name: budget.name, cost: budget.usedPicoUsd, note: `of ${usd(budget.limitPicoUsd)} USD` }),
    ),
    ...content.anomalies.map(({ day, kind, actualPicoUsd, usualPicoUsd }) =>
      row("anomalies", { name: day, cost: actualPicoUsd, note: `${kind}, usually ${usd(usualPicoUsd)} USD` }),
    ),
  ]);
}

function ranked(section: string, { top, others }: MonthlyReportRanking): string[][] {
  const rows = top.map(({ id, name, costPicoUsd }) => row(section, { id, name, cost: costPicoUsd }));
  if (others.count === 0) return rows;
  return [...rows, row(section, { name: "all others", cost: others.costPicoUsd, count: others.count })];
}

interface Figure {
  readonly id?: string | null;
  readonly name?: string;
  readonly cost: string;
  readonly count?: number;
  readonly note?: string;
}

function row(section: string, { id, name = "", cost, count, note = "" }: Figure): string[] {
  return [section, escapeFormula(id ?? ""), escapeFormula(name), usd(cost), count?.toString() ?? "", note];
}

function usd(picoUsd: string): string {
  return formatUsd(parsePicoUsd(picoUsd));
}
