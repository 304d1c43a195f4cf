import { Readable } from "node:stream";
import { Injectable } from "@nestjs/common";
import { formatUsd, parsePicoUsd } from "@switchyard/metering/pico-usd";
import { stringify } from "csv-stringify/sync";
import { type NameOf, ResourceNameRepository } from "../resource-names/resource-name.repository.ts";
import { CostExportRepository, type CostExportRow } from "./cost-export.repository.ts";
import { escapeFormula } from "./escape-formula.ts";
import { type ReportRange, wholeHours } from "./report-range.ts";
import type { UsageFilter } from "./usage-filter.ts";

const hourMs = 3_600_000;

const header = [
  "hour_start",
  "hour_end",
  "team_id",
  "team",
  "project_id",
  "project",
  "virtual_key_id",
  "virtual_key",
  "user",
  "tags",
  "route_id",
  "route",
  "connection_id",
  "connection",
  "provider",
  "model_id",
  "model",
  "meter",
  "quantity",
  "cost_usd",
];

/** The ledger's spend as CSV (RFC 4180): one row per hour, dimensions and meter; amounts are exact decimals. */
@Injectable()
export class CostExportService {
  readonly #costs: CostExportRepository;
  readonly #names: ResourceNameRepository;

  constructor(costs: CostExportRepository, names: ResourceNameRepository) {
    this.#costs = costs;
    this.#names = names;
  }

  export({ from, to, ...filter }: { from: string; to: string } & UsageFilter): { csv: Readable; fileName: string } {
    const range = wholeHours({ from, to });
    const day = (date: Date) => date.toISOString().slice(0, 10);
    return {
      csv: Readable.from(this.#lines(range, filter)),
      fileName: `switchyard-cost-${day(range.from)}-${day(range.to)}.csv`,
    };
  }

  async *#lines(range: ReportRange, filter: UsageFilter): AsyncGenerator<string> {
    yield toCsv([header]);
    for await (const rows of this.#costs.read(range, filter)) {
      const nameOf = await this.#names.lookUp(
        rows.flatMap((row) => [
          row.team_id,
          row.project_id,
          row.virtual_key_id,
          row.route_id,
          row.connection_id,
          row.model_id,
        ]),
      );
      yield toCsv(rows.map((row) => toCells(row, nameOf)));
    }
  }
}

function toCells(row: CostExportRow, nameOf: NameOf): string[] {
  const texts = [
    row.team_id,
    nameOf("team", row.team_id),
    row.project_id,
    nameOf("project", row.project_id),
    row.virtual_key_id,
    nameOf("virtual_key", row.virtual_key_id),
    row.end_user ?? "",
    row.tags.join(","),
    row.route_id,
    nameOf("route", row.route_id),
    row.connection_id,
    nameOf("connection", row.connection_id),
    row.provider_kind,
    row.model_id,
    nameOf("model", row.model_id),
    row.meter,
  ];
  return [
    row.hour.toISOString(),
    new Date(row.hour.getTime() + hourMs).toISOString(),
    ...texts.map(escapeFormula),
    row.quantity,
    formatUsd(parsePicoUsd(row.cost_pico_usd)),
  ];
}

function toCsv(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: "windows" },
  );
}
