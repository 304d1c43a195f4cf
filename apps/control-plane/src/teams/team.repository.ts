import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { afterName, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  organisationId: true,
  name: true,
  createdAt: true,
  archivedAt: true,
  projects: {
    where: { archivedAt: null },
    select: { id: true, _count: { select: { virtualKeys: { where: { revokedAt: null } } } } },
  },
} as const;

@Injectable()
export class TeamRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest, includeArchived: boolean) {
    return this.#database.client.team.findMany({
      where: { ...(!includeArchived && { archivedAt: null }), ...afterName(cursor) },
      select,
      orderBy: [{ name: "asc" }, { id: "asc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.team.findUnique({ where: { id }, select });
  }

  async isNameTaken(connection: Connection, organisationId: string, name: string, exceptId?: string): Promise<boolean> {
    const other = await connection.team.findUnique({
      where: { organisationId_name: { organisationId, name } },
      select: { id: true },
    });
    return other !== null && other.id !== exceptId;
  }

  insert(connection: Connection, data: { id: string; organisationId: string; name: string }) {
    return connection.team.create({ data, select });
  }

  update(connection: Connection, id: string, data: { name?: string; archivedAt?: Date }) {
    return connection.team.update({ where: { id }, data, select });
  }
}

export type TeamRow = NonNullable<Awaited<ReturnType<TeamRepository["find"]>>>;
