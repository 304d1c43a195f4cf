import { Injectable } from "@nestjs/common";
import type { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { formatUsd, picoUsd } from "@switchyard/metering/pico-usd";
import type { ImportedModel } from "@switchyard/metering/price-import";
import { comparePriceLists, type PriceListChange } from "@switchyard/metering/price-list-change";
import type { z } from "zod";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import { ModelRepository } from "../models/model.repository.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { CatalogueImportRepository } from "../seed/catalogue-import.repository.ts";
import { CataloguePriceRepository } from "./catalogue-price.repository.ts";
import { catalogueSource, offeredCatalogue } from "./offered-catalogue.ts";

type Changes = z.infer<typeof catalogueChangeOperations.list.response>;
type Applied = z.infer<typeof catalogueChangeOperations.apply.response>;
type OfferedPrice = ImportedModel["prices"][number];

/** A model whose offered price is another than the one it has, or that is not in the catalogue at all. */
interface Offer {
  readonly model: ImportedModel;
  /** Null: not in the catalogue. */
  readonly modelId: string | null;
  readonly price: OfferedPrice;
  readonly change: PriceListChange;
}

/** The price list of a new release is an offer: nothing changes until somebody has looked at it and taken it over. */
@Injectable()
export class CatalogueChangesService {
  readonly #prices: CataloguePriceRepository;
  readonly #models: ModelRepository;
  readonly #catalogue: CatalogueImportRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(
    prices: CataloguePriceRepository,
    models: ModelRepository,
    catalogue: CatalogueImportRepository,
    publisher: PolicyRevisionPublisher,
  ) {
    this.#prices = prices;
    this.#models = models;
    this.#catalogue = catalogue;
    this.#publisher = publisher;
  }

  async list(): Promise<Changes> {
    return { source: catalogueSource, items: (await this.#offers()).map(present) };
  }

  apply(
    actor: Actor,
    { models, approved }: Call<typeof catalogueChangeOperations.apply>["body"],
  ): Promise<Published<Applied>> {
    const wanted = new Set(models.map(keyOf));
    return this.#publisher.publish(actor, async (connection) => {
      const offers = (await this.#offers(connection)).filter(({ model }) => wanted.has(keyOf(model)));
      const large = offers.filter(({ modelId, change }) => modelId !== null && change.needsApproval);
      if (large.length > 0 && !approved) throw approvalRequired(large);
      const fresh = offers.flatMap(({ modelId, model }) => (modelId === null ? [model] : []));
      if (fresh.length > 0) await this.#catalogue.import(connection, fresh, catalogueSource, actor.name);
      for (const { modelId, price } of offers) {
        if (modelId !== null) await this.#reprice(connection, actor, modelId, price);
      }
      const applied = { added: fresh.length, repriced: offers.length - fresh.length };
      return {
        value: applied,
        summary: `Prices of ${applied.repriced} models taken over, ${applied.added} models added`,
        audit: {
          action: "catalogue.changes_applied",
          resourceType: "catalogue",
          resourceId: catalogueSource,
          after: { ...applied, approved, models: offers.map(({ model }) => keyOf(model)) },
        },
      };
    });
  }

  #reprice(connection: Connection, actor: Actor, modelId: string, price: OfferedPrice): Promise<void> {
    return this.#models.insertPrice(connection, {
      modelId,
      connectionId: null,
      effectiveFrom: new Date(),
      free: price.free,
      source: catalogueSource,
      note: null,
      createdBy: actor.name,
      lines: price.lines.map((line) => ({
        meter: line.meter,
        unitPricePicoUsd: BigInt(line.unitPricePicoUsd),
        aboveInputTokens: line.aboveInputTokens ?? null,
        windowStart: line.timeWindow?.startMinute ?? null,
        windowEnd: line.timeWindow?.endMinute ?? null,
        serviceTier: line.serviceTier ?? null,
      })),
    });
  }

  async #offers(connection?: Connection): Promise<Offer[]> {
    const known = new Map((await this.#prices.current(connection)).map((row) => [keyOf(row), row]));
    const nowMs = Date.now();
    return (await offeredCatalogue()).flatMap((model): Offer[] => {
      const price = model.prices.findLast(({ effectiveFromMs }) => effectiveFromMs <= nowMs);
      const current = known.get(keyOf(model));
      // A price that an admin set, and a model that was archived or made by one, are decisions that stand.
      if (price === undefined || (current !== undefined && current.source !== catalogueSource)) return [];
      const change = comparePriceLists(current ?? { free: false, lines: [] }, price);
      if (current === undefined) return [{ model, modelId: null, price, change: change ?? nothing }];
      return change === null ? [] : [{ model, modelId: current.modelId, price, change }];
    });
  }
}

const nothing: PriceListChange = { lines: [], stateChanged: false, needsApproval: false };

function present({ model, modelId, change }: Offer): Changes["items"][number] {
  return {
    providerKind: model.providerKind,
    providerModel: model.providerModel,
    kind: modelId === null ? "new" : "changed",
    needsApproval: modelId !== null && change.needsApproval,
    lines: change.lines.map(({ line, before, after, changeBasisPoints }) => ({
      ...conditionsOf(line),
      beforeUsd: before === null ? null : formatUsd(picoUsd(before)),
      afterUsd: after === null ? null : formatUsd(picoUsd(after)),
      changePercent: changeBasisPoints === null ? null : Number(changeBasisPoints) / 100,
    })),
  };
}

function conditionsOf({ meter, aboveInputTokens, timeWindow, serviceTier }: PriceListChange["lines"][number]["line"]) {
  return {
    meter,
    ...(aboveInputTokens !== undefined && { aboveInputTokens }),
    ...(timeWindow !== undefined && { timeWindow }),
    ...(serviceTier !== undefined && { serviceTier }),
  };
}

function keyOf({ providerKind, providerModel }: { providerKind: string; providerModel: string }): string {
  return `${providerKind}/${providerModel}`;
}

function approvalRequired(large: readonly Offer[]): ControlPlaneError {
  return new ControlPlaneError("approval_required", {
    problems: large.slice(0, 50).map(({ model }) => ({
      path: "approved",
      code: "large_change",
      message: `${keyOf(model)} changes by more than 20 %, or changes its kind of price`,
    })),
  });
}
