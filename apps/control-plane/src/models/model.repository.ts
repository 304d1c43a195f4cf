import { Injectable } from "@nestjs/common";
import { Prisma } from "@switchyard/database/generated/client";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { type Connection, Database } from "../database/database.ts";
import { type PageRequest, nameCursor } from "../database/keyset.ts";
import type { PriceLineRow } from "../policy-revisions/policy-rows.ts";

const priceSelect = {
  id: true,
  connectionId: true,
  effectiveFrom: true,
  free: true,
  source: true,
  note: true,
  createdBy: true,
  createdAt: true,
  connection: { select: { name: true } },
  lines: {
    select: {
      meter: true,
      unitPricePicoUsd: true,
      aboveInputTokens: true,
      windowStart: true,
      windowEnd: true,
      serviceTier: true,
    },
    orderBy: { id: "asc" },
  },
} satisfies Prisma.PriceVersionSelect;

const select = {
  id: true,
  providerKind: true,
  providerModel: true,
  displayName: true,
  contextWindow: true,
  maxOutputTokens: true,
  capabilities: true,
  source: true,
  createdAt: true,
  archivedAt: true,
  prices: { select: priceSelect, orderBy: [{ effectiveFrom: "desc" }, { id: "desc" }] },
  targets: { select: { routeId: true } },
} satisfies Prisma.ModelSelect;

export interface ModelFilter {
  readonly search?: string | undefined;
  readonly providerKind?: string | undefined;
  readonly pricing?: "priced" | "free" | "unpriced" | undefined;
  readonly inUse?: boolean | undefined;
}

export interface ModelSettings {
  readonly displayName?: string | undefined;
  readonly contextWindow?: number | null | undefined;
  readonly maxOutputTokens?: number | null | undefined;
  readonly capabilities?: object | undefined;
}

export interface NewPriceVersion {
  readonly modelId: string;
  readonly connectionId: string | null;
  readonly effectiveFrom: Date;
  readonly free: boolean;
  readonly source: string;
  readonly note: string | null;
  readonly createdBy: string;
  readonly lines: readonly PriceLineRow[];
}

@Injectable()
export class ModelRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A page of live models in order of the provider's name for them, with their prices. */
  async list(page: PageRequest, filter: ModelFilter, now: Date): Promise<ModelRow[]> {
    const ids = await this.#listIds(page, filter, now);
    const rows = await this.#database.client.model.findMany({ where: { id: { in: ids } }, select });
    const byId = new Map(rows.map((row) => [row.id, row]));
    return ids.flatMap((id) => byId.get(id) ?? []);
  }

  async #listIds({ limit, cursor }: PageRequest, filter: ModelFilter, now: Date): Promise<string[]> {
    const after = nameCursor(cursor);
    const pattern = `%${(filter.search ?? "").replaceAll(/[\\%_]/g, "\\$&")}%`;
    const inUse = Prisma.sql`EXISTS (SELECT FROM route_target WHERE route_target.model_id = model.id)`;
    const rows = await this.#database.client.$queryRaw<{ id: string }[]>`
      SELECT model.id
      FROM model
      LEFT JOIN LATERAL (
        SELECT CASE
          WHEN version.free THEN 'free'
          WHEN EXISTS (SELECT FROM price_line WHERE price_line.price_version_id = version.id) THEN 'priced'
        END AS pricing
        FROM price_version AS version
        WHERE version.model_id = model.id AND version.connection_id IS NULL AND version.effective_from <= ${now}
        ORDER BY version.effective_from DESC, version.id DESC
        LIMIT 1
      ) AS current_price ON true
      WHERE model.archived_at IS NULL
        ${filter.search === undefined ? Prisma.empty : Prisma.sql`AND (model.provider_model ILIKE ${pattern} OR model.display_name ILIKE ${pattern})`}
        ${filter.providerKind === undefined ? Prisma.empty : Prisma.sql`AND model.provider_kind = ${filter.providerKind}`}
        ${filter.pricing === undefined ? Prisma.empty : Prisma.sql`AND coalesce(current_price.pricing, 'unpriced') = ${filter.pricing}`}
        ${filter.inUse === undefined ? Prisma.empty : filter.inUse ? Prisma.sql`AND ${inUse}` : Prisma.sql`AND NOT ${inUse}`}
        ${after === null ? Prisma.empty : Prisma.sql`AND (model.provider_model, model.id) > (${after.name}, ${after.id})`}
      ORDER BY model.provider_model, model.id
      LIMIT ${limit + 1}`;
    return rows.map(({ id }) => id);
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.model.findUnique({ where: { id }, select });
  }

  findByProviderModel(connection: Connection, providerKind: string, providerModel: string) {
    return connection.model.findUnique({
      where: { providerKind_providerModel: { providerKind, providerModel } },
      select: { id: true, archivedAt: true },
    });
  }

  /** The ids of these that are there and not archived. */
  async liveIds(connection: Connection, ids: readonly string[]): Promise<Set<string>> {
    const rows = await connection.model.findMany({
      where: { id: { in: [...ids] }, archivedAt: null },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  async insert(
    connection: Connection,
    model: {
      readonly providerKind: string;
      readonly providerModel: string;
      readonly displayName: string;
      readonly contextWindow: number | null;
      readonly maxOutputTokens: number | null;
      readonly capabilities: object;
    },
  ): Promise<string> {
    const { id } = await connection.model.create({
      data: { id: createUuidV7(), ...model },
      select: { id: true },
    });
    return id;
  }

  async update(
    connection: Connection,
    id: string,
    settings: ModelSettings & { archivedAt?: Date | null },
  ): Promise<void> {
    const { archivedAt } = settings;
    await connection.model.update({
      where: { id },
      data: { ...definedSettings(settings), ...(archivedAt !== undefined && { archivedAt }) },
      select: { id: true },
    });
  }

  async insertPrice(connection: Connection, { lines, ...version }: NewPriceVersion): Promise<void> {
    const id = createUuidV7();
    await connection.priceVersion.create({ data: { id, ...version }, select: { id: true } });
    await connection.priceLine.createMany({
      data: lines.map((line) => ({ id: createUuidV7(), priceVersionId: id, ...line })),
    });
  }
}

export type ModelRow = NonNullable<Awaited<ReturnType<ModelRepository["find"]>>>;

function definedSettings({ displayName, contextWindow, maxOutputTokens, capabilities }: ModelSettings) {
  return {
    ...(displayName !== undefined && { displayName }),
    ...(contextWindow !== undefined && { contextWindow }),
    ...(maxOutputTokens !== undefined && { maxOutputTokens }),
    ...(capabilities !== undefined && { capabilities }),
  };
}
