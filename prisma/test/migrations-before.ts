import { cp, mkdtemp, readdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

const productMigrations = new URL("../migrations", import.meta.url).pathname;

/** A folder of its own with the product's migrations before this one: the state that the migration finds. */
export async function copyMigrationsBefore(migration: string): Promise<string> {
  const earlier = await mkdtemp(join(tmpdir(), "switchyard-migrations-"));
  for (const name of await readdir(productMigrations)) {
    if (/^\d/.test(name) && name < migration)
      await cp(join(productMigrations, name), join(earlier, name), { recursive: true });
  }
  return earlier;
}
