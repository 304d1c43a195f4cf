import { Injectable } from "@nestjs/common";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import { type Connection, Database } from "../database/database.ts";
import { nameCursor, type PageRequest } from "../database/keyset.ts";

const select = {
  id: true,
  userId: true,
  role: true,
  createdAt: true,
  user: { select: { name: true, email: true } },
} as const;

/** The library's name for accounts that sign in with email and password. */
const passwordProvider = "credential";

@Injectable()
export class MemberRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  list({ limit, cursor }: PageRequest) {
    const after = nameCursor(cursor);
    return this.#database.client.member.findMany({
      where: after
        ? { OR: [{ user: { name: { gt: after.name } } }, { user: { name: after.name }, id: { gt: after.id } }] }
        : {},
      select,
      orderBy: [{ user: { name: "asc" } }, { id: "asc" }],
      take: limit + 1,
    });
  }

  find(id: string, connection: Connection = this.#database.client) {
    return connection.member.findUnique({ where: { id }, select });
  }

  /** Makes user, password account and membership in one go. Breaks a unique constraint if the email is known. */
  async insert(
    connection: Connection,
    { name, email, passwordHash, role }: { name: string; email: string; passwordHash: string; role: string },
  ): Promise<string> {
    const userId = createUuidV7();
    const memberId = createUuidV7();
    await connection.user.create({ data: { id: userId, name, email, emailVerified: true }, select: { id: true } });
    await connection.account.create({
      data: { id: createUuidV7(), userId, accountId: userId, providerId: passwordProvider, password: passwordHash },
      select: { id: true },
    });
    await connection.member.create({ data: { id: memberId, userId, role }, select: { id: true } });
    return memberId;
  }

  async changeRole(connection: Connection, id: string, role: string): Promise<void> {
    await connection.member.update({ where: { id }, data: { role }, select: { id: true } });
  }

  /** Removes the person: membership, password and every session go with the user. */
  async remove(connection: Connection, userId: string): Promise<void> {
    await connection.user.delete({ where: { id: userId }, select: { id: true } });
  }

  /** Locks all owners, so that two of them cannot demote each other at once; answers their ids. */
  async lockOwners(connection: Connection): Promise<string[]> {
    const rows = await connection.$queryRaw<{ id: string }[]>`
      SELECT id FROM member WHERE role = 'owner' ORDER BY id FOR UPDATE`;
    return rows.map(({ id }) => id);
  }

  transaction<Result>(work: (connection: Connection) => Promise<Result>): Promise<Result> {
    return this.#database.transaction(work);
  }
}

export type MemberRow = NonNullable<Awaited<ReturnType<MemberRepository["find"]>>>;
