import { readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const productMigrations = fileURLToPath(new URL("../migrations", import.meta.url));

/** The names of the migrations that this build expects to find applied, oldest first. */
export async function migrationNames(): Promise<readonly string[]> {
  const entries = await readdir(productMigrations, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}
