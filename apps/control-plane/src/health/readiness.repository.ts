import { Injectable } from "@nestjs/common";
import { migrationNames } from "@switchyard/database/migration-names";
import { Database } from "../database/database.ts";

@Injectable()
export class ReadinessRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Migrations that this build needs and the database lacks. Fails when the database does not answer. */
  async pendingMigrations(): Promise<string[]> {
    const [table] = await this.#database.client.$queryRaw<{ exists: boolean }[]>`
      SELECT to_regclass('_prisma_migrations') IS NOT NULL AS exists`;
    const applied = table?.exists
      ? await this.#database.client.$queryRaw<{ name: string }[]>`
          SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`
      : [];
    const known = new Set(applied.map(({ name }) => name));
    return (await migrationNames()).filter((name) => !known.has(name));
  }
}
