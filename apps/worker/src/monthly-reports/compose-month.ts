/** The content of a monthly report, out of its figures. */
import { anomaliesOf, everyDay, rankSpenders } from "@switchyard/metering/month-in-review";
import {
  monthlyReportContentSchema,
  monthlyReportSchemaVersion,
  type MonthlyReportContent,
  type MonthlyReportRanking,
  type MonthlyReportSums,
} from "@switchyard/metering/monthly-report";
import { parsePicoUsd, zeroPicoUsd, type PicoUsd } from "@switchyard/metering/pico-usd";
import type { CallSums, SpendGroup } from "./month-figures.repository.ts";

export interface MonthParts {
  readonly teamName: string;
  readonly spend: readonly SpendGroup[];
  readonly calls: CallSums;
  readonly previousSpend: readonly SpendGroup[];
  readonly previousCalls: CallSums;
  /** Spend by day before the month, from long enough ago to judge the month's days by. */
  readonly history: readonly SpendGroup[];
  readonly names: ReadonlyMap<string, string>;
  readonly cacheSavedPicoUsd: string | null;
  readonly budgets: MonthlyReportContent["budgets"];
  /** Both as YYYY-MM-DD in the report's zone. */
  readonly firstDay: string;
  readonly lastDay: string;
}

export function composeMonth(parts: MonthParts): MonthlyReportContent {
  const { spend, names, firstDay, lastDay } = parts;
  const days = everyDay(byDay(spend), firstDay, lastDay);
  return monthlyReportContentSchema.parse({
    schemaVersion: monthlyReportSchemaVersion,
    teamName: parts.teamName,
    totals: sums(spend, parts.calls),
    previous: sums(parts.previousSpend, parts.previousCalls),
    days,
    projects: ranking(spend, "project", names),
    models: ranking(spend, "model", names),
    virtualKeys: ranking(spend, "virtual_key", names),
    users: ranking(spend, "user", names),
    cacheSavedPicoUsd: parts.cacheSavedPicoUsd,
    budgets: parts.budgets,
    anomalies: anomaliesOf(completeHistory(parts.history, firstDay), days),
  } satisfies MonthlyReportContent);
}

function sums(spend: readonly SpendGroup[], calls: CallSums): MonthlyReportSums {
  const total = spend.find(({ grouping }) => grouping === "total");
  return { costPicoUsd: total?.costPicoUsd ?? "0", tokens: total?.tokens ?? "0", ...calls };
}

function ranking(
  spend: readonly SpendGroup[],
  grouping: SpendGroup["grouping"],
  names: ReadonlyMap<string, string>,
): MonthlyReportRanking {
  const own = spend.filter((group) => group.grouping === grouping);
  return rankSpenders(
    own.map(({ id, costPicoUsd }) => ({ id, name: id === null ? "none named" : (names.get(id) ?? id), costPicoUsd })),
  );
}

function byDay(spend: readonly SpendGroup[]): ReadonlyMap<string, PicoUsd> {
  return new Map(
    spend.flatMap(({ grouping, id, costPicoUsd }) =>
      grouping === "day" && id !== null ? [[id, parsePicoUsd(costPicoUsd)] as const] : [],
    ),
  );
}

/** Every day from the first with spend up to the day before `firstDay`. */
function completeHistory(history: readonly SpendGroup[], firstDay: string): PicoUsd[] {
  const spend = byDay(history);
  const first = [...spend.keys()].toSorted()[0];
  if (first === undefined) return [];
  return everyDay(spend, first, firstDay)
    .filter(({ day }) => day < firstDay)
    .map(({ day }) => spend.get(day) ?? zeroPicoUsd);
}
