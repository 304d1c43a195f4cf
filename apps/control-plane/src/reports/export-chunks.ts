/**
 * The pieces of an export file, one a batch of rows: a batch is read when the piece before was taken, so that a file of
 * any length needs the memory of two batches.
 */
import type { ExportFormat } from "@switchyard/api-contract/reports";
import { parsePicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import type { NamedId, SpendRow } from "@switchyard/metering/spend-row";
import { providerManifests } from "@switchyard/providers/manifests";
import type { NameOf } from "../resource-names/resource-name.repository.ts";
import type { CostExportRow } from "./cost-export.repository.ts";
import { type ExportChunk, exportWriters } from "./export-writers.ts";

/** Turns ids into names, a batch at a time. */
export type LookUpNames = (ids: Iterable<string>) => Promise<NameOf>;

/** `nowMs` decides which billing periods are over. */
export async function* exportChunks(
  format: ExportFormat,
  batches: AsyncIterable<readonly CostExportRow[]>,
  lookUpNames: LookUpNames,
  nowMs: number,
): AsyncGenerator<ExportChunk> {
  const file = exportWriters[format].begin();
  if (file.head !== "") yield withoutRows(file.head);
  for await (const rows of batches) {
    const nameOf = await lookUpNames(new Set(rows.flatMap(idsOf)));
    const spend = rows.map((row) => toSpendRow(row, nameOf));
    yield file.write(spend, nowMs);
  }
  const end = file.end();
  if (end.length > 0) yield withoutRows(end);
}

function withoutRows(content: ExportChunk["content"]): ExportChunk {
  return { content, rows: 0, sumPicoUsd: zeroPicoUsd };
}

function idsOf(row: CostExportRow): string[] {
  return [
    row.organisation_id,
    row.team_id,
    row.project_id,
    row.virtual_key_id,
    row.route_id,
    row.connection_id,
    row.model_id,
  ];
}

function toSpendRow(row: CostExportRow, nameOf: NameOf): SpendRow {
  const named = (type: string, id: string): NamedId => ({ id, name: nameOf(type, id) });
  const manifest = providerManifests.find(({ kind }) => kind === row.provider_kind);
  return {
    hourMs: row.hour.getTime(),
    organisation: named("organisation", row.organisation_id),
    team: named("team", row.team_id),
    project: named("project", row.project_id),
    virtualKey: named("virtual_key", row.virtual_key_id),
    user: row.end_user,
    tags: row.tags,
    route: named("route", row.route_id),
    connection: named("connection", row.connection_id),
    provider: { id: row.provider_kind, name: manifest?.displayName ?? row.provider_kind },
    model: named("model", row.model_id),
    meter: row.meter,
    quantity: BigInt(row.quantity),
    costPicoUsd: parsePicoUsd(row.cost_pico_usd),
  };
}
