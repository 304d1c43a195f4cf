/**
 * Applies prisma/migrations and keeps Prisma's own records of it (`_prisma_migrations`), so that `prisma migrate deploy`
 * and this runner may take turns. Each migration and its record are one transaction: a process that is killed at any
 * point leaves either both or neither, and the next start goes on.
 */
import { createHash, randomUUID } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Client } from "pg";
import { withOwnerSession } from "./owner-session.ts";

export type MigrationProgress =
  | { readonly kind: "waiting" }
  | { readonly kind: "applying"; readonly name: string; readonly position: number; readonly of: number }
  | { readonly kind: "up_to_date"; readonly applied: readonly string[] };

export interface MigrateOptions {
  /** Of the owner: a role that may create tables, functions and (unless it exists) the role switchyard_gateway. */
  readonly connectionString: string;
  readonly onProgress?: (progress: MigrationProgress) => void;
  /** Another folder of migrations than the product's own. */
  readonly migrationsDirectory?: string;
}

/** The database and the migrations folder contradict each other; the message says what to do. */
export class MigrationError extends Error {
  override readonly name = "MigrationError";
}

interface Migration {
  readonly name: string;
  readonly script: string;
  readonly checksum: string;
}

/** The same lock that Prisma takes, so that its command line waits for us as well. */
const advisoryLock = 72707369;
const productMigrations = fileURLToPath(new URL("../migrations", import.meta.url));

/**
 * Brings the database up to date and answers the names of the migrations that this call applied. Safe to call from any
 * number of processes at once: one works, the others wait. Throws MigrationError when history was edited or left failed.
 */
export async function migrate(options: MigrateOptions): Promise<readonly string[]> {
  const report = options.onProgress ?? (() => {});
  const migrations = await readMigrations(options.migrationsDirectory ?? productMigrations);
  return withOwnerSession(options.connectionString, async (client) => {
    // Held by the session: it is gone with the connection, whatever happens to this process.
    const { rows } = await client.query<{ locked: boolean }>("SELECT pg_try_advisory_lock($1) AS locked", [
      advisoryLock,
    ]);
    if (rows[0]?.locked !== true) {
      report({ kind: "waiting" });
      await client.query("SELECT pg_advisory_lock($1)", [advisoryLock]);
    }
    const pending = await findPending(client, migrations);
    for (const [index, migration] of pending.entries()) {
      report({ kind: "applying", name: migration.name, position: index + 1, of: pending.length });
      await apply(client, migration);
    }
    const applied = pending.map(({ name }) => name);
    report({ kind: "up_to_date", applied });
    return applied;
  });
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  return Promise.all(
    names.toSorted().map(async (name) => {
      const script = await readFile(join(directory, name, "migration.sql"), "utf8");
      return { name, script, checksum: createHash("sha256").update(script).digest("hex") };
    }),
  );
}

async function findPending(client: Client, migrations: readonly Migration[]): Promise<Migration[]> {
  await client.query(`
    CREATE TABLE IF NOT EXISTS _prisma_migrations (
      id VARCHAR(36) PRIMARY KEY NOT NULL,
      checksum VARCHAR(64) NOT NULL,
      finished_at TIMESTAMPTZ,
      migration_name VARCHAR(255) NOT NULL,
      logs TEXT,
      rolled_back_at TIMESTAMPTZ,
      started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
      applied_steps_count INTEGER NOT NULL DEFAULT 0
    )`);
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(`
    SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished
    FROM _prisma_migrations WHERE rolled_back_at IS NULL`);
  const recorded = new Map(rows.map((row) => [row.name, row]));
  return migrations.filter(({ name, checksum }) => {
    const record = recorded.get(name);
    if (record === undefined) return true;
    if (!record.finished) {
      throw new MigrationError(
        `Migration ${name} was begun by another tool and did not finish. Check what it left behind, then run ` +
          `"prisma migrate resolve --rolled-back ${name}" and start again.`,
      );
    }
    if (record.checksum !== checksum) {
      throw new MigrationError(
        `Migration ${name} was changed after it had been applied to this database. Restore its file and put the change ` +
          `into a new migration; a development database may be deleted instead.`,
      );
    }
    return false;
  });
}

async function apply(client: Client, { name, script, checksum }: Migration): Promise<void> {
  const startedAt = new Date();
  await client.query("BEGIN");
  try {
    await client.query(script);
    await client.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at, applied_steps_count)
       VALUES ($1, $2, $3, $4, now(), 1)`,
      [randomUUID(), checksum, name, startedAt],
    );
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK");
    throw new Error(`Migration ${name} failed and left nothing behind: ${String(error)}`, { cause: error });
  }
}
