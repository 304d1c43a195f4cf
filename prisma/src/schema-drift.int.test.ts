import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../test/embedded-database.ts";
import { findSchemaDrift } from "./schema-drift.ts";

let server: EmbeddedDatabase;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
});
afterAll(() => server.stop());

test("the migrations make exactly what the schema says", async () => {
  expect(await findSchemaDrift(await server.createMigratedDatabase())).toBeNull();
});

test("notices every kind of difference", async () => {
  const differences = [
    { change: "ALTER TABLE request_log ADD COLUMN note text", correction: 'DROP COLUMN "note"' },
    { change: "ALTER TABLE team DROP COLUMN archived_at", correction: '"archived_at" TIMESTAMPTZ(3)' },
    { change: "ALTER TABLE quota_window ALTER settled TYPE numeric(30, 0)", correction: '"settled" SET DATA TYPE' },
    { change: "ALTER TABLE quota ALTER mode DROP NOT NULL", correction: '"mode" SET NOT NULL' },
    { change: "ALTER TABLE route ALTER max_attempts SET DEFAULT 4", correction: '"max_attempts" SET DEFAULT 3' },
    { change: "DROP INDEX attempt_log_request_id_idx", correction: "attempt_log_request_id_idx" },
    { change: "ALTER TABLE session DROP CONSTRAINT session_user_id_fkey", correction: "session_user_id_fkey" },
    { change: "CREATE TABLE stray (id int PRIMARY KEY)", correction: 'DROP TABLE "stray"' },
  ];
  const connectionString = await server.createMigratedDatabase();
  const client = new Client({ connectionString });
  await client.connect();
  for (const { change } of differences) await client.query(change);
  await client.end();

  const drift = await findSchemaDrift(connectionString);
  expect(differences.filter(({ correction }) => !drift?.includes(correction))).toEqual([]);
});
