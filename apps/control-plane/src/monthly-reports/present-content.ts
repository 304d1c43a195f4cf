import type { MonthlyReportContent as Presented } from "@switchyard/api-contract/monthly-reports";
import type {
  MonthlyReportContent,
  MonthlyReportRanking,
  MonthlyReportSums,
} from "@switchyard/metering/monthly-report";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";

/** A report's content as the API shows it: amounts in exact dollars. */
export function presentContent(content: MonthlyReportContent): Presented {
  return {
    schemaVersion: content.schemaVersion,
    teamName: content.teamName,
    totals: sums(content.totals),
    previous: sums(content.previous),
    days: content.days.map(({ day, costPicoUsd }) => ({ day, costUsd: usd(costPicoUsd) })),
    projects: ranking(content.projects),
    models: ranking(content.models),
    virtualKeys: ranking(content.virtualKeys),
    users: ranking(content.users),
    cacheSavedUsd: content.cacheSavedPicoUsd === null ? null : usd(content.cacheSavedPicoUsd),
    budgets: content.budgets.map(({ usedPicoUsd, limitPicoUsd, ...budget }) => ({
      ...budget,
      usedUsd: usd(usedPicoUsd),
      limitUsd: usd(limitPicoUsd),
    })),
    anomalies: content.anomalies.map(({ actualPicoUsd, usualPicoUsd, ...anomaly }) => ({
      ...anomaly,
      actualUsd: usd(actualPicoUsd),
      usualUsd: usd(usualPicoUsd),
    })),
  };
}

function sums({ costPicoUsd, ...counts }: MonthlyReportSums): Presented["totals"] {
  return { costUsd: usd(costPicoUsd), ...counts };
}

function ranking({ top, others }: MonthlyReportRanking): Presented["models"] {
  return {
    top: top.map(({ costPicoUsd, ...spender }) => ({ ...spender, costUsd: usd(costPicoUsd) })),
    others: { count: others.count, costUsd: usd(others.costPicoUsd) },
  };
}

function usd(picoUsd: string): string {
  return formatUsd(parsePicoUsd(picoUsd));
}
