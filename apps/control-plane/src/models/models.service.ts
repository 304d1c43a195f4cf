import { Injectable } from "@nestjs/common";
import type { Model, ModelDetail, modelOperations } from "@switchyard/api-contract/models";
import type { Actor } from "../auth/actor.ts";
import type { Connection } from "../database/database.ts";
import { type Page, toPage } from "../database/keyset.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import type { Published } from "../operations/published.ts";
import { PolicyRevisionPublisher } from "../policy-revisions/policy-revision.publisher.ts";
import { ProviderConnectionRepository } from "../provider-connections/provider-connection.repository.ts";
import { requireProviderKind } from "../provider-connections/provider-kinds.ts";
import { toPriceRows } from "./convert-price.ts";
import { ModelRepository, type ModelRow } from "./model.repository.ts";
import { currentPrice, presentModel, presentModelDetail } from "./present-model.ts";

type CreateBody = Call<typeof modelOperations.create>["body"];
type PriceBody = Call<typeof modelOperations.addPrice>["body"];

const clockToleranceMs = 60_000;

@Injectable()
export class ModelsService {
  readonly #models: ModelRepository;
  readonly #connections: ProviderConnectionRepository;
  readonly #publisher: PolicyRevisionPublisher;

  constructor(models: ModelRepository, connections: ProviderConnectionRepository, publisher: PolicyRevisionPublisher) {
    this.#models = models;
    this.#connections = connections;
    this.#publisher = publisher;
  }

  async list(query: Call<typeof modelOperations.list>["query"]): Promise<Page<Model>> {
    const now = new Date();
    const rows = await this.#models.list(query, query, now);
    return toPage(
      rows,
      query.limit,
      (row) => [row.providerModel, row.id],
      (row) => presentModel(row, now),
    );
  }

  async get(id: string): Promise<ModelDetail> {
    return presentModelDetail(await this.#requireLive(undefined, id), new Date());
  }

  create(actor: Actor, body: CreateBody): Promise<Published<ModelDetail>> {
    return this.#publisher.publish(actor, async (connection) => {
      const id = await this.#insertOrRevive(connection, body);
      if (body.price)
        await this.#insertPrice(connection, actor, await this.#requireLive(connection, id), body.price, "price.");
      const model = await this.#detail(connection, id);
      return {
        value: model,
        summary: `Model ${body.providerModel} added`,
        audit: { action: "model.created", resourceType: "model", resourceId: id, after: model },
      };
    });
  }

  update(actor: Actor, id: string, body: Call<typeof modelOperations.update>["body"]): Promise<Published<ModelDetail>> {
    return this.#publisher.publish(actor, async (connection) => {
      const before = presentModel(await this.#requireLive(connection, id), new Date());
      await this.#models.update(connection, id, body);
      const after = await this.#detail(connection, id);
      return {
        value: after,
        summary: `Model ${before.providerModel} changed`,
        audit: { action: "model.changed", resourceType: "model", resourceId: id, before, after },
      };
    });
  }

  archive(actor: Actor, id: string): Promise<Published<void>> {
    return this.#publisher.publish(actor, async (connection) => {
      const row = await this.#requireLive(connection, id);
      if (row.targets.length > 0) throw new ControlPlaneError("in_use", { message: "Routes still use the model." });
      await this.#models.update(connection, id, { archivedAt: new Date() });
      return {
        value: undefined,
        summary: `Model ${row.providerModel} archived`,
        audit: {
          action: "model.archived",
          resourceType: "model",
          resourceId: id,
          before: presentModel(row, new Date()),
        },
      };
    });
  }

  addPrice(actor: Actor, id: string, body: PriceBody): Promise<Published<ModelDetail>> {
    return this.#publisher.publish(actor, async (connection) => {
      const row = await this.#requireLive(connection, id);
      const before = currentPrice(row.prices, body.connectionId, new Date());
      await this.#insertPrice(connection, actor, row, body, "");
      const model = await this.#detail(connection, id);
      const added = model.prices.find((price) => row.prices.every((known) => known.id !== price.id));
      return {
        value: model,
        summary: `New price of model ${row.providerModel}`,
        audit: {
          action: "model.price_added",
          resourceType: "model",
          resourceId: id,
          before: model.prices.find((price) => price.id === before?.id) ?? null,
          after: added ?? null,
        },
      };
    });
  }

  /** An archived model of the same provider and name comes back, with its history, instead of a second one. */
  async #insertOrRevive(connection: Connection, body: CreateBody): Promise<string> {
    const kind = requireProviderKind(body.providerKind);
    const settings = {
      displayName: body.displayName ?? body.providerModel,
      contextWindow: body.contextWindow,
      maxOutputTokens: body.maxOutputTokens,
      capabilities: body.capabilities ?? {
        // What a model does besides is for the admin to say: few do more than one thing.
        operations: kind.operations.filter((operation) => operation === "chat" || operation === "embeddings"),
        tools: false,
        vision: false,
        jsonSchema: false,
        streaming: true,
      },
    };
    const existing = await this.#models.findByProviderModel(connection, body.providerKind, body.providerModel);
    if (!existing) {
      return this.#models.insert(connection, {
        providerKind: body.providerKind,
        providerModel: body.providerModel,
        ...settings,
      });
    }
    if (existing.archivedAt === null) {
      throw new ControlPlaneError("name_taken", {
        problems: [{ path: "providerModel", code: "name_taken", message: "is in the catalogue already" }],
      });
    }
    await this.#models.update(connection, existing.id, { ...settings, archivedAt: null });
    return existing.id;
  }

  async #insertPrice(
    connection: Connection,
    actor: Actor,
    model: ModelRow,
    body: PriceBody,
    pathPrefix: string,
  ): Promise<void> {
    if (body.connectionId !== null)
      found(await this.#connections.findLive(connection, body.connectionId), "provider connection");
    if (body.free && body.lines.length > 0) {
      throw new ControlPlaneError("validation_failed", {
        problems: [{ path: `${pathPrefix}lines`, code: "free_with_lines", message: "a free version has no lines" }],
      });
    }
    const converted = toPriceRows(body.lines);
    if (!converted.ok) {
      const problems = converted.problems.map((problem) => ({ ...problem, path: pathPrefix + problem.path }));
      throw new ControlPlaneError("inexact_price", { problems });
    }
    await this.#models.insertPrice(connection, {
      modelId: model.id,
      connectionId: body.connectionId,
      effectiveFrom: chooseStart(model, body, pathPrefix),
      free: body.free,
      source: "custom",
      note: body.note,
      createdBy: actor.name,
      lines: converted.lines,
    });
  }

  async #requireLive(connection: Connection | undefined, id: string): Promise<ModelRow> {
    const row = found(await this.#models.find(id, connection), "model");
    return found(row.archivedAt === null ? row : null, "model");
  }

  async #detail(connection: Connection, id: string): Promise<ModelDetail> {
    return presentModelDetail(found(await this.#models.find(id, connection), "model"), new Date());
  }
}

// A first version may reach back as far as it likes; after that, calls that were priced stay as they were priced.
function chooseStart(model: ModelRow, { connectionId, effectiveFrom }: PriceBody, pathPrefix: string): Date {
  const now = new Date();
  const start = effectiveFrom === undefined ? now : new Date(effectiveFrom);
  const siblings = model.prices.filter((price) => price.connectionId === connectionId);
  const isBackdated = siblings.length > 0 && start.getTime() < now.getTime() - clockToleranceMs;
  const latestInForce = currentPrice(siblings, connectionId, now);
  const isHidden = latestInForce !== null && start <= latestInForce.effectiveFrom;
  if (!isBackdated && !isHidden) return start;
  throw new ControlPlaneError("price_in_past", {
    problems: [{ path: `${pathPrefix}effectiveFrom`, code: "price_in_past", message: "must not lie in the past" }],
  });
}
