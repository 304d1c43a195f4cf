import { Injectable } from "@nestjs/common";
import type { Overview, OverviewPoint, reportOperations } from "@switchyard/api-contract/reports";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { instant } from "../database/instant.ts";
import type { Call } from "../operations/handles.ts";
import { ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { IngestionRepository } from "./ingestion.repository.ts";
import { type Figures, type Grouping, OverviewRepository } from "./overview.repository.ts";
import { alignRange, periodBefore, type ReportRange } from "./report-range.ts";
import type { UsageFilter } from "./usage-filter.ts";

type Query = Call<typeof reportOperations.overview>["query"];
type Totals = Omit<OverviewPoint, "at">;

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/**
 * Hourly roll-ups would show one lonely point on the day of the installation, so short ranges are read from the request
 * log to the minute. Longer ones never touch a raw row, and long ones read daily roll-ups.
 */
const longestMinuteRangeMs = 3 * hourMs;
const steps = [
  { upToMs: longestMinuteRangeMs, stepMs: minuteMs },
  { upToMs: 8 * dayMs, stepMs: hourMs },
  { upToMs: Infinity, stepMs: dayMs },
] as const;

const mostBreakdownRows = 50;

const noFigures: Figures = {
  requests: 0,
  errors: 0,
  refusals: 0,
  cacheHits: 0,
  cacheLookups: 0,
  p50Ms: null,
  p99Ms: null,
  firstTokenP50Ms: null,
  firstTokenP99Ms: null,
};

@Injectable()
export class OverviewService {
  readonly #overview: OverviewRepository;
  readonly #ingestion: IngestionRepository;
  readonly #names: ResourceNameRepository;

  constructor(overview: OverviewRepository, ingestion: IngestionRepository, names: ResourceNameRepository) {
    this.#overview = overview;
    this.#ingestion = ingestion;
    this.#names = names;
  }

  async get(query: Query): Promise<Overview> {
    const { teamId, projectId, routeId, connectionId } = query;
    const filter = { teamId, projectId, routeId, connectionId };
    const stepMs = chooseStepMs(query);
    const range = alignRange(query, stepMs);
    const total = { by: "nothing" } as const;
    const [points, totals, previous, breakdown, completeUntil] = await Promise.all([
      this.#read(range, filter, { by: "time", stepSeconds: stepMs / 1000 }, stepMs),
      this.#read(range, filter, total, stepMs),
      query.compare ? this.#read(periodBefore(range), filter, total, stepMs) : null,
      // A provider is shown as the connections to it: that is where one account differs from another.
      this.#read(range, filter, { by: query.breakdown === "route" ? "route" : "connection" }, stepMs),
      this.#ingestion.lastIngestedAt(),
    ]);
    return {
      from: instant(range.from),
      to: instant(range.to),
      stepSeconds: stepMs / 1000,
      totals: totals(""),
      previousTotals: previous && previous(""),
      points: startsOf(range, stepMs).map((at) => ({ at: at.toISOString(), ...points(String(at.getTime() / 1000)) })),
      breakdown: await this.#presentBreakdown(breakdown, query.breakdown === "route" ? "route" : "connection"),
      completeUntil: instant(completeUntil),
    };
  }

  /** Reads figures and spend of every group; the answer gives those of one, zeros where nothing happened. */
  async #read(range: ReportRange, filter: UsageFilter, grouping: Grouping, stepMs: number): Promise<Groups> {
    const [figures, spend] =
      stepMs < hourMs
        ? await Promise.all([
            this.#overview.recentFigures(range, filter, grouping),
            this.#overview.recentSpend(range, filter, grouping),
          ])
        : await Promise.all([
            this.#overview.rolledUpFigures(range, filter, grouping),
            this.#overview.rolledUpSpend(range, filter, grouping),
          ]);
    const read = (key: string): Totals => ({
      ...(figures.get(key) ?? noFigures),
      costUsd: formatUsd(parsePicoUsd(spend.get(key) ?? "0")),
    });
    return Object.assign(read, { keys: [...new Set([...figures.keys(), ...spend.keys()])] });
  }

  async #presentBreakdown(groups: Groups, type: "route" | "connection"): Promise<Overview["breakdown"]> {
    const nameOf = await this.#names.lookUp(groups.keys);
    return groups.keys
      .map((key) => ({ id: key === "" ? null : key, name: key === "" ? "none" : nameOf(type, key), ...groups(key) }))
      .toSorted((a, b) => b.requests - a.requests || a.name.localeCompare(b.name))
      .slice(0, mostBreakdownRows);
  }
}

type Groups = ((key: string) => Totals) & { readonly keys: readonly string[] };

function chooseStepMs({ from, to }: Query): number {
  const lengthMs = Date.parse(to) - Date.parse(from);
  return steps.find(({ upToMs }) => lengthMs <= upToMs)?.stepMs ?? dayMs;
}

function startsOf({ from, to }: ReportRange, stepMs: number): Date[] {
  const count = Math.round((to.getTime() - from.getTime()) / stepMs);
  return Array.from({ length: count }, (_, index) => new Date(from.getTime() + index * stepMs));
}
