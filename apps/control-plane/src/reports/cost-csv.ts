/** Our own CSV of spend: one record per hour, dimensions and meter; amounts are exact decimals. */
import { formatUsd } from "@switchyard/metering/pico-usd";
import { spendRowDurationMs, type SpendRow } from "@switchyard/metering/spend-row";
import { escapeFormula } from "./escape-formula.ts";

/** Names the columns; a change of their meaning changes the number. */
export const costCsvSchemaVersion = "switchyard-cost-csv/1";

export const costCsvHeader = [
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

export function costCsvCells(row: SpendRow): string[] {
  const texts = [
    ...[row.team, row.project, row.virtualKey].flatMap(({ id, name }) => [id, name]),
    row.user ?? "",
    row.tags.join(","),
    ...[row.route, row.connection].flatMap(({ id, name }) => [id, name]),
    row.provider.id,
    row.model.id,
    row.model.name,
    row.meter,
  ];
  return [
    new Date(row.hourMs).toISOString(),
    new Date(row.hourMs + spendRowDurationMs).toISOString(),
    ...texts.map(escapeFormula),
    row.quantity.toString(),
    formatUsd(row.costPicoUsd),
  ];
}
