import { Injectable } from "@nestjs/common";
import type { PriceLine } from "@switchyard/metering/price-version";
import { type Connection, Database } from "../database/database.ts";

export interface CataloguePrice {
  modelId: string;
  providerKind: string;
  providerModel: string;
  /** Where the general version in force comes from; null where there is none. */
  source: string | null;
  free: boolean;
  lines: PriceLine[];
}

@Injectable()
export class CataloguePriceRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Every model, archived ones too, with the general price version that is in force. */
  current(connection: Connection = this.#database.client): Promise<CataloguePrice[]> {
    return connection.$queryRaw<CataloguePrice[]>`
      SELECT model.id AS "modelId", model.provider_kind AS "providerKind", model.provider_model AS "providerModel",
        version.source, coalesce(version.free, false) AS free, coalesce(priced.lines, '[]') AS lines
      FROM model
      LEFT JOIN LATERAL (
        SELECT id, source, free FROM price_version
        WHERE price_version.model_id = model.id AND price_version.connection_id IS NULL
          AND effective_from <= now()
        ORDER BY effective_from DESC, id DESC LIMIT 1
      ) AS version ON true
      LEFT JOIN LATERAL (
        SELECT jsonb_agg(jsonb_strip_nulls(jsonb_build_object(
          'meter', meter,
          'unitPricePicoUsd', unit_price_pico_usd::text,
          'aboveInputTokens', above_input_tokens,
          'timeWindow', CASE WHEN window_start_minute IS NOT NULL THEN
            jsonb_build_object('startMinute', window_start_minute, 'endMinute', window_end_minute) END,
          'serviceTier', service_tier))) AS lines
        FROM price_line WHERE price_line.price_version_id = version.id
      ) AS priced ON true`;
  }
}
