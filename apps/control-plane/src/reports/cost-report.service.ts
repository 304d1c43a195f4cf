import { Injectable } from "@nestjs/common";
import type { CostDimension, CostReport, reportOperations } from "@switchyard/api-contract/reports";
import { formatUsd, parsePicoUsd, type PicoUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { providerManifests } from "@switchyard/providers/manifests";
import { instant } from "../database/instant.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { type CostQuery, CostReportRepository, type CostRow, mostRows } from "./cost-report.repository.ts";
import { IngestionRepository } from "./ingestion.repository.ts";
import { periodBefore, wholeHours } from "./report-range.ts";

@Injectable()
export class CostReportService {
  readonly #costs: CostReportRepository;
  readonly #ingestion: IngestionRepository;
  readonly #names: ResourceNameRepository;

  constructor(costs: CostReportRepository, ingestion: IngestionRepository, names: ResourceNameRepository) {
    this.#costs = costs;
    this.#ingestion = ingestion;
    this.#names = names;
  }

  async get(query: Call<typeof reportOperations.cost>["query"]): Promise<CostReport> {
    const { from, to, groupBy, compare, ...filter } = query;
    if (new Set(groupBy).size < groupBy.length) throw repeatedDimension();
    const range = wholeHours({ from, to });
    const previous = compare ? periodBefore(range) : null;
    const question = { range, previous, filter, groupBy };
    const [rows, counted, completeUntil] = await Promise.all([
      this.#costs.pivot(question),
      this.#costs.countRequests(question),
      this.#ingestion.lastIngestedAt(),
    ]);
    const [total, previousTotal] = await this.#totals(question, rows);
    const nameOf = await this.#names.lookUp(rows.flatMap(({ keys }) => keys));
    return {
      from: instant(range.from),
      to: instant(range.to),
      rows: rows.map(({ keys, cost, previousCost, tokens, requests }) => ({
        keys: keys.map((key, index) => ({ id: key, name: nameKey(groupBy[index], key, nameOf) })),
        costUsd: formatUsd(parsePicoUsd(cost)),
        requests: requests ?? (counted && (counted.get(JSON.stringify(keys)) ?? 0)),
        tokens,
        previousCostUsd: previous && formatUsd(parsePicoUsd(previousCost)),
      })),
      totalUsd: formatUsd(total),
      previousTotalUsd: previousTotal === null ? null : formatUsd(previousTotal),
      completeUntil: instant(completeUntil),
    };
  }

  /** What the rows add up to, without another look, unless some were cut off or count a call under several tags. */
  async #totals({ range, previous, filter, groupBy }: CostQuery, rows: readonly CostRow[]): Promise<Totals> {
    if (!groupBy.includes("tag") && rows.length < mostRows) {
      const sum = (of: (row: CostRow) => string) => sumPicoUsd(rows.map((row) => parsePicoUsd(of(row))));
      return [sum(({ cost }) => cost), previous === null ? null : sum(({ previousCost }) => previousCost)];
    }
    const [total, before] = await Promise.all([
      this.#costs.total(range, filter),
      previous && this.#costs.total(previous, filter),
    ]);
    return [parsePicoUsd(total), before === null ? null : parsePicoUsd(before)];
  }
}

type Totals = readonly [total: PicoUsd, previous: PicoUsd | null];

function nameKey(dimension: CostDimension | undefined, key: string | null, nameOf: NameOf): string {
  if (key === null || dimension === undefined) return "none";
  if (dimension === "provider") return providerManifests.find(({ kind }) => kind === key)?.displayName ?? key;
  return dimension === "user" || dimension === "tag" || dimension === "meter" ? key : nameOf(dimension, key);
}

function repeatedDimension(): ControlPlaneError {
  return new ControlPlaneError("validation_failed", {
    problems: [{ path: "groupBy", code: "repeated_dimension", message: "names a dimension twice" }],
  });
}
