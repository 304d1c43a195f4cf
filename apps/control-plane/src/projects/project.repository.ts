import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { afterName, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  teamId: true,
  name: true,
  createdAt: true,
  archivedAt: true,
  zeroRetention: true,
  passthroughConnectionIds: true,
  team: { select: { name: true, archivedAt: true } },
  _count: { select: { virtualKeys: { where: { revokedAt: null } } } },
} as const;

/** What can be changed about a project. */
export interface ProjectSettings {
  readonly name: string;
  readonly zeroRetention: boolean;
  readonly passthroughConnectionIds: string[];
}

@Injectable()
export class ProjectRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest, filter: { teamId?: string | undefined; includeArchived: boolean }) {
    return this.#database.client.project.findMany({
      where: {
        ...(filter.teamId !== undefined && { teamId: filter.teamId }),
        ...(!filter.includeArchived && { archivedAt: null }),
        ...afterName(cursor),
      },
      select,
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.project.findUnique({ where: { id }, select });
  }

  /** The ids of these that are there and not archived. */
  async liveIds(connection: Connection, ids: readonly string[]): Promise<Set<string>> {
    const rows = await connection.project.findMany({
      where: { id: { in: [...ids] }, archivedAt: null },
      select: { id: true },
    });
    return new Set(rows.map(({ id }) => id));
  }

  async isNameTaken(connection: Connection, teamId: string, name: string, exceptId?: string): Promise<boolean> {
    const other = await connection.project.findUnique({
      where: { teamId_name: { teamId, name } },
      select: { id: true },
    });
    return other !== null && other.id !== exceptId;
  }

  insert(connection: Connection, data: { id: string; teamId: string; name: string }) {
    return connection.project.create({ data, select });
  }

  async update(connection: Connection, id: string, data: ProjectSettings): Promise<void> {
    await connection.project.update({ where: { id }, data, select: { id: true } });
  }

  /** Archives a project and revokes its keys; answers how many were still in use. */
  async archive(connection: Connection, id: string, now: Date): Promise<number> {
    await connection.project.update({ where: { id }, data: { archivedAt: now }, select: { id: true } });
    const { count } = await connection.virtualKey.updateMany({
      where: { projectId: id, revokedAt: null },
      data: { revokedAt: now },
    });
    return count;
  }
}

export type ProjectRow = NonNullable<Awaited<ReturnType<ProjectRepository["find"]>>>;
