import { Injectable } from "@nestjs/common";
import type { ImportedModel } from "@switchyard/metering/price-import";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { Connection } from "../database/database.ts";
import { capabilitiesOf } from "./model-capabilities.ts";

/** Writes a whole catalogue in three statements. */
@Injectable()
export class CatalogueImportRepository {
  async import(
    connection: Connection,
    models: readonly ImportedModel[],
    source: string,
    createdBy: string,
  ): Promise<void> {
    const modelRows = models.map((model) => ({ model, id: createUuidV7() }));
    const versionRows = modelRows.flatMap(({ model, id }) =>
      model.prices.map((version) => ({ version, id: createUuidV7(), modelId: id })),
    );
    const lineRows = versionRows.flatMap(({ version, id }) =>
      version.lines.map((line) => ({ line, id: createUuidV7(), priceVersionId: id })),
    );

    const modelJson = modelRows.map(({ id, model }) => ({
      id,
      provider_kind: model.providerKind,
      provider_model: model.providerModel,
      display_name: model.displayName,
      context_window: model.contextWindow,
      capabilities: capabilitiesOf(model.providerModel),
    }));
    await connection.$executeRaw`
      INSERT INTO model (id, provider_kind, provider_model, display_name, context_window, capabilities, source)
      SELECT id, provider_kind, provider_model, display_name, context_window, capabilities, 'catalogue'
      FROM jsonb_to_recordset(${JSON.stringify(modelJson)}::jsonb) AS row(
        id text, provider_kind text, provider_model text, display_name text, context_window integer, capabilities jsonb)`;

    const versionJson = versionRows.map(({ id, modelId, version }) => ({
      id,
      model_id: modelId,
      effective_from: new Date(version.effectiveFromMs),
      free: version.free,
    }));
    await connection.$executeRaw`
      INSERT INTO price_version (id, model_id, effective_from, free, source, created_by)
      SELECT id, model_id, effective_from, free, ${source}, ${createdBy}
      FROM jsonb_to_recordset(${JSON.stringify(versionJson)}::jsonb) AS row(
        id text, model_id text, effective_from timestamptz, free boolean)`;

    const lineJson = lineRows.map(({ id, priceVersionId, line }) => ({
      id,
      price_version_id: priceVersionId,
      meter: line.meter,
      unit_price: line.unitPricePicoUsd,
      above_input_tokens: line.aboveInputTokens ?? null,
      window_start: line.timeWindow?.startMinute ?? null,
      window_end: line.timeWindow?.endMinute ?? null,
      service_tier: line.serviceTier ?? null,
    }));
    await connection.$executeRaw`
      INSERT INTO price_line (
        id, price_version_id, meter, unit_price_pico_usd, above_input_tokens, window_start_minute, window_end_minute, service_tier)
      SELECT id, price_version_id, meter, unit_price, above_input_tokens, window_start, window_end, service_tier
      FROM jsonb_to_recordset(${JSON.stringify(lineJson)}::jsonb) AS row(
        id text, price_version_id text, meter text, unit_price bigint, above_input_tokens integer, window_start integer,
        window_end integer, service_tier text)`;
  }
}
