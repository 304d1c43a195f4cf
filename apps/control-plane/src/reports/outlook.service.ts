import { Injectable } from "@nestjs/common";
import type { reportOperations, TeamOutlook } from "@switchyard/api-contract/reports";
import { forecastMonthEnd } from "@switchyard/metering/forecast-month-end";
import { formatUsd, parsePicoUsd, type PicoUsd, picoUsd, sumPicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import { findSpendAnomaly } from "@switchyard/metering/spend-anomaly";
import type { z } from "zod";
import { instant, startOfMonth } from "../database/instant.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { IngestionRepository } from "./ingestion.repository.ts";
import { OutlookRepository, type TeamDay } from "./outlook.repository.ts";

type Outlook = z.infer<typeof reportOperations.outlook.response>;

const dayMs = 86_400_000;
/** Reaches over the longest month, and over the five weeks that an anomaly is judged by. */
const historyDays = 36;

@Injectable()
export class OutlookService {
  readonly #spend: OutlookRepository;
  readonly #names: ResourceNameRepository;
  readonly #ingestion: IngestionRepository;

  constructor(spend: OutlookRepository, names: ResourceNameRepository, ingestion: IngestionRepository) {
    this.#spend = spend;
    this.#names = names;
    this.#ingestion = ingestion;
  }

  async get(now = new Date()): Promise<Outlook> {
    const todayMs = Math.floor(now.getTime() / dayMs) * dayMs;
    const [rows, completeUntil] = await Promise.all([
      this.#spend.dailySpend(new Date(todayMs - historyDays * dayMs), new Date(todayMs + dayMs)),
      this.#ingestion.lastIngestedAt(),
    ]);
    const byTeam = Map.groupBy(rows, ({ teamId }) => teamId);
    const nameOf = await this.#names.lookUp(byTeam.keys());
    const teams = [...byTeam].map(([teamId, days]) => describeTeam(teamId, nameOf("team", teamId), days, now));
    return {
      monthStart: instant(startOfMonth(now)),
      monthEnd: instant(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1))),
      items: teams.toSorted((left, right) => compareAmounts(right.weight, left.weight)).map(({ outlook }) => outlook),
      completeUntil: instant(completeUntil),
    };
  }
}

function describeTeam(teamId: string, teamName: string, rows: readonly TeamDay[], now: Date) {
  const todayMs = Math.floor(now.getTime() / dayMs) * dayMs;
  const costOf = new Map(rows.map(({ day, cost }) => [day.getTime(), parsePicoUsd(cost)]));
  const firstMs = Math.min(...costOf.keys());
  const completeDays: PicoUsd[] = [];
  for (let atMs = firstMs; atMs < todayMs; atMs += dayMs) completeDays.push(costOf.get(atMs) ?? zeroPicoUsd);
  const monthStartMs = startOfMonth(now).getTime();
  const monthToDate = sumPicoUsd([...costOf].filter(([atMs]) => atMs >= monthStartMs).map(([, cost]) => cost));
  const forecast = forecastMonthEnd({ completeDays, monthToDatePicoUsd: monthToDate, nowMs: now.getTime() });
  const anomaly = findSpendAnomaly(completeDays);
  const outlook: TeamOutlook = {
    teamId,
    teamName,
    monthToDateUsd: formatUsd(monthToDate),
    forecast: forecast && {
      expectedUsd: formatUsd(forecast.expectedPicoUsd),
      lowUsd: formatUsd(forecast.lowPicoUsd),
      highUsd: formatUsd(forecast.highPicoUsd),
    },
    anomaly: anomaly && {
      kind: anomaly.kind,
      actualUsd: formatUsd(anomaly.actualPicoUsd),
      usualUsd: formatUsd(anomaly.usualPicoUsd),
    },
  };
  const most = picoUsd(10n ** 38n);
  return { outlook, weight: (anomaly ? most : 0n) + (forecast?.expectedPicoUsd ?? monthToDate) };
}

function compareAmounts(left: bigint, right: bigint): number {
  return left < right ? -1 : Number(left > right);
}
