/**
 * The pieces of an export file, one a batch of rows: a batch is read when the piece before was taken, so that a file of
 * any length needs the memory of two batches.
 */
import type { ExportFormat } from "@switchyard/api-contract/reports";
import { parsePicoUsd, zeroPicoUsd } from "@switchyard/metering/pico-usd";
import type { NamedId, SpendRow } from "@switchyard/metering/spend-row";
import { providerManifests } from "@switchyard/providers/manifests";
import type { CostExportRow } from "./cost-export.repository.ts";
import { type ExportChunk, exportWriters } from "./export-writers.ts";
import { KnownNames, type LookUpNames } from "./known-names.ts";

const providers = new Map(
  providerManifests.map(({ kind, displayName }): [string, NamedId] => [kind, { id: kind, name: displayName }]),
);

/** `nowMs` decides which billing periods are over. */
export async function* exportChunks(
  format: ExportFormat,
  batches: AsyncIterable<readonly CostExportRow[]>,
  lookUpNames: LookUpNames,
  nowMs: number,
): AsyncGenerator<ExportChunk> {
  const file = exportWriters[format].begin();
  if (file.head !== "") yield withoutRows(file.head);
  const names = new KnownNames(lookUpNames);
  for await (const rows of batches) {
    await names.learn(idsOf(rows));
    yield file.write(
      rows.map((row) => toSpendRow(row, names)),
      nowMs,
    );
  }
  const end = file.end();
  if (end.length > 0) yield withoutRows(end);
}

function withoutRows(content: ExportChunk["content"]): ExportChunk {
  return { content, rows: 0, sumPicoUsd: zeroPicoUsd };
}

function* idsOf(rows: readonly CostExportRow[]): Generator<string> {
  for (const row of rows) {
    yield row.organisation_id;
    yield row.team_id;
    yield row.project_id;
    yield row.virtual_key_id;
    yield row.route_id;
    yield row.connection_id;
    yield row.model_id;
  }
}

function toSpendRow(row: CostExportRow, names: KnownNames): SpendRow {
  return {
    hourMs: row.hour.getTime(),
    organisation: names.get("organisation", row.organisation_id),
    team: names.get("team", row.team_id),
    project: names.get("project", row.project_id),
    virtualKey: names.get("virtual_key", row.virtual_key_id),
    user: row.end_user,
    tags: row.tags,
    route: names.get("route", row.route_id),
    connection: names.get("connection", row.connection_id),
    provider: providers.get(row.provider_kind) ?? { id: row.provider_kind, name: row.provider_kind },
    model: names.get("model", row.model_id),
    meter: row.meter,
    quantity: BigInt(row.quantity),
    costPicoUsd: parsePicoUsd(row.cost_pico_usd),
  };
}
