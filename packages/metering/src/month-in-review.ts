/** What a month's figures say: who spent most, and which days were out of the ordinary. */
import type { MonthlyReportContent, MonthlyReportRanking, MonthlyReportSpender } from "./monthly-report.ts";
import { parsePicoUsd, sumPicoUsd, zeroPicoUsd, type PicoUsd } from "./pico-usd.ts";
import { findSpendAnomaly } from "./spend-anomaly.ts";

const mostRanked = 10;
const dayMs = 86_400_000;

/** The dearest ten and the sum of the others; by name where two cost the same, so that a report can be made again. */
export function rankSpenders(spenders: readonly MonthlyReportSpender[]): MonthlyReportRanking {
  const ranked = spenders.toSorted((left, right) => {
    const difference = BigInt(right.costPicoUsd) - BigInt(left.costPicoUsd);
    if (difference !== 0n) return difference > 0n ? 1 : -1;
    return left.name < right.name ? -1 : Number(left.name > right.name);
  });
  const others = ranked.slice(mostRanked);
  const costPicoUsd = sumPicoUsd(others.map((spender) => parsePicoUsd(spender.costPicoUsd))).toString();
  return { top: ranked.slice(0, mostRanked), others: { count: others.length, costPicoUsd } };
}

/** Every calendar day from the first to the last, both as YYYY-MM-DD, those without spend as zero. */
export function everyDay(
  spend: ReadonlyMap<string, PicoUsd>,
  first: string,
  last: string,
): MonthlyReportContent["days"] {
  const days: MonthlyReportContent["days"] = [];
  for (let atMs = Date.parse(first); atMs <= Date.parse(last); atMs += dayMs) {
    const day = new Date(atMs).toISOString().slice(0, 10);
    days.push({ day, costPicoUsd: (spend.get(day) ?? zeroPicoUsd).toString() });
  }
  return days;
}

/**
 * The days of `days` that were out of the ordinary, each judged by what came before it. `history` is the spend of the days
 * before, oldest first. Growth goes on for days: it is named on the first of them.
 */
export function anomaliesOf(
  history: readonly PicoUsd[],
  days: MonthlyReportContent["days"],
): MonthlyReportContent["anomalies"] {
  const known = [...history];
  const anomalies: MonthlyReportContent["anomalies"] = [];
  let wasGrowing = false;
  for (const { day, costPicoUsd } of days) {
    known.push(parsePicoUsd(costPicoUsd));
    const found = findSpendAnomaly(known);
    const isGrowing = found?.kind === "growth";
    if (found !== null && !(isGrowing && wasGrowing)) {
      const { kind, actualPicoUsd, usualPicoUsd } = found;
      anomalies.push({
        day,
        kind,
        actualPicoUsd: actualPicoUsd.toString(),
        usualPicoUsd: usualPicoUsd.toString(),
      });
    }
    wasGrowing = isGrowing;
  }
  return anomalies;
}
