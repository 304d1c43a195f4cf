import { Injectable } from "@nestjs/common";
import {
  mostSavedViews,
  type SavedView,
  type savedViewOperations,
  type ViewedPage,
} from "@switchyard/api-contract/saved-views";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { AuditEntryRepository } from "../audit-log/audit-entry.repository.ts";
import type { Actor } from "../auth/actor.ts";
import { ControlPlaneError, found } from "../errors/control-plane-error.ts";
import type { Call } from "../operations/handles.ts";
import { SavedViewRepository, type SavedViewRow } from "./saved-view.repository.ts";

const what = "saved view of yours";

/** Everybody's own business, except what is shared: only that is in the audit log. */
@Injectable()
export class SavedViewsService {
  readonly #views: SavedViewRepository;
  readonly #audit: AuditEntryRepository;

  constructor(views: SavedViewRepository, audit: AuditEntryRepository) {
    this.#views = views;
    this.#audit = audit;
  }

  async list(actor: Actor, page: ViewedPage): Promise<{ items: SavedView[] }> {
    const [rows, defaultId] = await Promise.all([
      this.#views.list(actor.id, page),
      this.#views.defaultOf(actor.id, page),
    ]);
    return { items: rows.map((row) => present(row, actor, defaultId)) };
  }

  save(actor: Actor, body: Call<typeof savedViewOperations.save>["body"]): Promise<SavedView> {
    return this.#views.transaction(async (connection) => {
      if ((await this.#views.count(connection, actor.id, body.page)) >= mostSavedViews) throw tooMany();
      const row = await this.#views.insert(connection, {
        ...body,
        id: createUuidV7(),
        ownerId: actor.id,
        ownerName: actor.name,
      });
      if (row.isShared) await this.#note(connection, actor, "saved_view.shared", row);
      return present(row, actor, null);
    });
  }

  change(actor: Actor, id: string, body: Call<typeof savedViewOperations.change>["body"]): Promise<SavedView> {
    const { name, query, isShared } = body;
    const data = {
      ...(name === undefined ? {} : { name }),
      ...(query === undefined ? {} : { query }),
      ...(isShared === undefined ? {} : { isShared }),
    };
    return this.#update(actor, { id, isRemoved: false }, data, "saved_view.changed");
  }

  async remove(actor: Actor, id: string): Promise<void> {
    await this.#update(actor, { id, isRemoved: false }, { removedAt: new Date() }, "saved_view.removed");
  }

  restore(actor: Actor, id: string): Promise<SavedView> {
    return this.#update(actor, { id, isRemoved: true }, { removedAt: null }, "saved_view.restored");
  }

  setDefault(actor: Actor, page: ViewedPage, viewId: string | null): Promise<void> {
    return this.#views.transaction(async (connection) => {
      if (viewId !== null) {
        const view = found(await this.#views.findVisible(connection, viewId, actor.id), "saved view");
        if (view.page !== page) found(null, "saved view");
      }
      await this.#views.setDefault(connection, actor.id, page, viewId);
    });
  }

  #update(
    actor: Actor,
    which: { id: string; isRemoved: boolean },
    data: Parameters<SavedViewRepository["update"]>[2],
    action: string,
  ): Promise<SavedView> {
    return this.#views.transaction(async (connection) => {
      const before = which.isRemoved ? null : await this.#views.findVisible(connection, which.id, actor.id);
      const row = found(await this.#views.update(connection, { ...which, ownerId: actor.id }, data), what);
      if (row.isShared || before?.isShared) await this.#note(connection, actor, action, row);
      return present(row, actor, await this.#views.defaultOf(actor.id, row.page, connection));
    });
  }

  async #note(
    connection: Parameters<AuditEntryRepository["record"]>[0],
    actor: Actor,
    action: string,
    { id, page, name, query, isShared }: SavedViewRow,
  ): Promise<void> {
    const draft = { action, resourceType: "saved_view", resourceId: id, after: { page, name, query, isShared } };
    await this.#audit.record(connection, actor, draft, null);
  }
}

function present({ ownerId, ...view }: SavedViewRow, actor: Actor, defaultId: string | null): SavedView {
  return { ...view, page: view.page as ViewedPage, isYours: ownerId === actor.id, isDefault: view.id === defaultId };
}

function tooMany(): ControlPlaneError {
  const message = `would be one too many: remove one of the ${mostSavedViews} first`;
  return new ControlPlaneError("validation_failed", { problems: [{ path: "page", code: "too_many", message }] });
}
