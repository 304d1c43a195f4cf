/**
 * Prints the SQL that leads from the migrations to prisma/schema: the first draft of the next migration. Prisma's own
 * `migrate dev` cannot be used here, because its engine is a download and it knows nothing of partitions.
 */
import { findSchemaDrift } from "../src/schema-drift.ts";
import { startEmbeddedDatabase } from "./embedded-database.ts";

const server = await startEmbeddedDatabase();
try {
  const drift = await findSchemaDrift(await server.createMigratedDatabase());
  process.stdout.write(drift ?? "-- The migrations make exactly what prisma/schema says.\n");
} finally {
  await server.stop();
}
