import { formatUsd } from "./pico-usd.ts";
import { spendRowDurationMs, type SpendRow } from "./spend-row.ts";

/** Names the shape of a line; a field that changes its meaning changes the number. */
export const spendJsonLineSchemaVersion = "switchyard-spend/1";

/**
 * One row as a JSON object on one line, without the line's end. Quantities and amounts are exact decimal strings, since
 * readers of JSON numbers round; instants are ISO 8601 in UTC, the hour's end exclusive.
 */
export function spendJsonLine(row: SpendRow): string {
  return JSON.stringify({
    hourStart: new Date(row.hourMs).toISOString(),
    hourEnd: new Date(row.hourMs + spendRowDurationMs).toISOString(),
    organisation: row.organisation,
    team: row.team,
    project: row.project,
    virtualKey: row.virtualKey,
    user: row.user,
    tags: row.tags,
    route: row.route,
    connection: row.connection,
    provider: row.provider,
    model: row.model,
    meter: row.meter,
    quantity: row.quantity.toString(),
    costUsd: formatUsd(row.costPicoUsd),
  });
}
