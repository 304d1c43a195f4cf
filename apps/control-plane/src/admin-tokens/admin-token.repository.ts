import { Injectable } from "@nestjs/common";
import { type Connection, Database } from "../database/database.ts";
import { beforeInstant, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  name: true,
  publicId: true,
  role: true,
  createdBy: true,
  createdAt: true,
  lastUsedAt: true,
  revokedAt: true,
} as const;

export interface NewAdminToken {
  readonly id: string;
  readonly name: string;
  readonly publicId: string;
  readonly digest: Uint8Array<ArrayBuffer>;
  readonly role: string;
  readonly createdBy: string;
}

@Injectable()
export class AdminTokenRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest) {
    const before = beforeInstant(cursor);
    return this.#database.client.adminToken.findMany({
      where: before ? { OR: [{ createdAt: { lt: before.at } }, { createdAt: before.at, id: { lt: before.id } }] } : {},
      select,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection) {
    return connection.adminToken.findUnique({ where: { id }, select });
  }

  insert(connection: Connection, token: NewAdminToken) {
    return connection.adminToken.create({ data: token, select });
  }

  revoke(connection: Connection, id: string, revokedAt: Date) {
    return connection.adminToken.update({ where: { id }, data: { revokedAt }, select });
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}

export type AdminTokenRow = NonNullable<Awaited<ReturnType<AdminTokenRepository["find"]>>>;
