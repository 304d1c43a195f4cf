import { Injectable } from "@nestjs/common";
import type { ViewedPage } from "@switchyard/api-contract/saved-views";
import { type Connection, Database } from "../database/database.ts";

const fields = {
  id: true,
  page: true,
  name: true,
  query: true,
  ownerId: true,
  ownerName: true,
  isShared: true,
} as const;
/** All that one person is shown; what others share beyond it is not. */
const mostListed = 500;

@Injectable()
export class SavedViewRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** A person's own views and the shared ones, by name. */
  list(ownerId: string, page: ViewedPage) {
    return this.#database.client.savedView.findMany({
      where: { page, removedAt: null, OR: [{ ownerId }, { isShared: true }] },
      select: fields,
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: mostListed,
    });
  }

  count(connection: Connection, ownerId: string, page: ViewedPage): Promise<number> {
    return connection.savedView.count({ where: { ownerId, page, removedAt: null } });
  }

  /** One that the person may see. */
  findVisible(connection: Connection, id: string, ownerId: string) {
    return connection.savedView.findFirst({
      where: { id, removedAt: null, OR: [{ ownerId }, { isShared: true }] },
      select: fields,
    });
  }

  insert(connection: Connection, data: Omit<SavedViewRow, "page"> & { page: ViewedPage }) {
    return connection.savedView.create({ data, select: fields });
  }

  /** Null where the person has no such view, removed or not as `isRemoved` says. */
  async update(
    connection: Connection,
    own: { id: string; ownerId: string; isRemoved: boolean },
    data: { name?: string; query?: string; isShared?: boolean; removedAt?: Date | null },
  ): Promise<SavedViewRow | null> {
    const { id, ownerId, isRemoved } = own;
    const where = { id, ownerId, removedAt: isRemoved ? { not: null } : null };
    const [row] = await connection.savedView.updateManyAndReturn({ where, data, select: fields });
    return row ?? null;
  }

  async defaultOf(ownerId: string, page: string, connection: Connection = this.#database.client) {
    const row = await connection.defaultView.findUnique({
      where: { ownerId_page: { ownerId, page } },
      select: { viewId: true },
    });
    return row?.viewId ?? null;
  }

  async setDefault(connection: Connection, ownerId: string, page: ViewedPage, viewId: string | null): Promise<void> {
    if (viewId === null) {
      await connection.defaultView.deleteMany({ where: { ownerId, page } });
      return;
    }
    await connection.defaultView.upsert({
      where: { ownerId_page: { ownerId, page } },
      create: { ownerId, page, viewId },
      update: { viewId },
      select: { viewId: true },
    });
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}

export interface SavedViewRow {
  readonly id: string;
  readonly page: string;
  readonly name: string;
  readonly query: string;
  readonly ownerId: string;
  readonly ownerName: string;
  readonly isShared: boolean;
}
