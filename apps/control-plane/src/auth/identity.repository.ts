import { Injectable } from "@nestjs/common";
import { Database } from "../database/database.ts";

const touchAfterMs = 60_000;

@Injectable()
export class IdentityRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  findMemberOfUser(userId: string) {
    return this.#database.client.member.findUnique({ where: { userId }, select: { id: true, role: true } });
  }

  findAdminToken(publicId: string) {
    return this.#database.client.adminToken.findUnique({
      where: { publicId },
      select: { id: true, name: true, role: true, digest: true, revokedAt: true, lastUsedAt: true },
    });
  }

  /** Notes the use of a token, at most once a minute. */
  async touchAdminToken(id: string, lastUsedAt: Date | null, now: Date): Promise<void> {
    if (lastUsedAt !== null && now.getTime() - lastUsedAt.getTime() < touchAfterMs) return;
    await this.#database.client.adminToken.updateMany({ where: { id }, data: { lastUsedAt: now } });
  }

  /** Fails if the database does not answer. */
  async requireDatabase(): Promise<void> {
    await this.#database.client.$queryRaw`SELECT 1`;
  }
}
