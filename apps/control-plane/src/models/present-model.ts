import type { Model, ModelDetail, PriceVersion } from "@switchyard/api-contract/models";
import { instant } from "../database/instant.ts";
import { fromPriceRow } from "./convert-price.ts";
import type { ModelRow } from "./model.repository.ts";

type PriceRow = ModelRow["prices"][number];

export function presentModel(row: ModelRow, now: Date): Model {
  const current = currentPrice(row.prices, null, now);
  return {
    id: row.id,
    providerKind: row.providerKind,
    providerModel: row.providerModel,
    displayName: row.displayName,
    contextWindow: row.contextWindow,
    maxOutputTokens: row.maxOutputTokens,
    capabilities: row.capabilities as Model["capabilities"],
    source: row.source as Model["source"],
    pricing: current?.free ? "free" : current && current.lines.length > 0 ? "priced" : "unpriced",
    currentPrice: current ? presentPrice(current) : null,
    routeCount: new Set(row.targets.map(({ routeId }) => routeId)).size,
    createdAt: instant(row.createdAt),
  };
}

export function presentModelDetail(row: ModelRow, now: Date): ModelDetail {
  return { ...presentModel(row, now), prices: row.prices.map(presentPrice) };
}

/** The version in force for a connection, or for all of them (null); `prices` are newest first. */
export function currentPrice(prices: readonly PriceRow[], connectionId: string | null, now: Date): PriceRow | null {
  return prices.find((price) => price.connectionId === connectionId && price.effectiveFrom <= now) ?? null;
}

function presentPrice(row: PriceRow): PriceVersion {
  return {
    id: row.id,
    connectionId: row.connectionId,
    connectionName: row.connection?.name ?? null,
    effectiveFrom: instant(row.effectiveFrom),
    free: row.free,
    source: row.source,
    note: row.note,
    createdBy: row.createdBy,
    createdAt: instant(row.createdAt),
    lines: row.lines.map(fromPriceRow),
  };
}
