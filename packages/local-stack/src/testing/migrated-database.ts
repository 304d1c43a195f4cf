/**
 * A database of the caller's own that is migrated and has its queue. Migrating takes longer than most tests: the
 * layers that need it do so once a run (`setup` of this file) and every server begins as a copy of the outcome. Without
 * that, for one test run by hand, each starts from nothing, with the same result.
 */
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { migrate } from "@switchyard/database/migrate";
import { prepareQueueSchema } from "@switchyard/database/prepare-queue-schema";
import { type EmbeddedDatabase, type EmbeddedDatabaseOptions, startEmbeddedDatabase } from "../embedded-database.ts";

/** Reaches the processes that vitest runs test files in. */
const variable = "SWITCHYARD_MIGRATED_CLUSTER";

/** Starts a server with a migrated database. Every step after the copy is idempotent, and so costs next to nothing. */
export async function startMigratedDatabase(options: EmbeddedDatabaseOptions = {}): Promise<EmbeddedDatabase> {
  const prepare = async (connectionString: string): Promise<void> => {
    await migrate({ connectionString });
    await prepareQueueSchema(connectionString);
    await options.prepare?.(connectionString);
  };
  return await startEmbeddedDatabase({ copyOf: process.env[variable], ...options, prepare });
}

/** What vitest runs before the first file of a layer, and what that returns after the last. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-migrated-"));
  // PostgreSQL may run as another account, which has to pass through.
  await chmod(folder, 0o711);
  const dataDir = join(folder, "data");
  const database = await startMigratedDatabase({ dataDir });
  await database.stop();
  process.env[variable] = dataDir;
  return async () => await rm(folder, { recursive: true, force: true });
}
