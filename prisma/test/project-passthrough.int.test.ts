/** The migration takes no key what it was allowed: its project allows what the keys in use were allowed, and no more. */
import { rm } from "node:fs/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { migrate } from "../src/migrate.ts";
import { startEmbeddedDatabase } from "./embedded-database.ts";
import { copyMigrationsBefore } from "./migrations-before.ts";

test("projects allow the passthrough that their keys had", { timeout: 60_000 }, async () => {
  const server = await startEmbeddedDatabase();
  const earlier = await copyMigrationsBefore("20261128017000_project_passthrough");
  const connectionString = await server.createDatabase();
  await migrate({ connectionString, migrationsDirectory: earlier });
  const client = new Client({ connectionString });
  await client.connect();
  try {
    await client.query(`INSERT INTO organisation (id, name) VALUES ('o', 'O')`);
    await client.query(`INSERT INTO team (id, organisation_id, name) VALUES ('t', 'o', 'T')`);
    await client.query(
      `INSERT INTO project (id, team_id, name) VALUES ('used', 't', 'Used'), ('unused', 't', 'Unused')`,
    );
    const keys: readonly [string, string, string | null, string | null][] = [
      ["one", "used", '["b", "a"]', null],
      ["two", "used", '["b"]', null],
      ["none", "used", "null", null],
      ["revoked", "used", '["revoked"]', "2026-11-01T00:00:00Z"],
      ["plain", "unused", null, null],
      ["empty", "unused", "[]", null],
    ];
    for (const [id, projectId, connectionIds, revokedAt] of keys) {
      await client.query(
        `INSERT INTO virtual_key
           (id, project_id, name, public_id, digest, last_four, created_by, passthrough_connection_ids, revoked_at)
         VALUES ($1, $2, $1, $1, decode(repeat('00', 32), 'hex'), 'last', 'test', $3, $4)`,
        [id, projectId, connectionIds, revokedAt],
      );
    }
    await migrate({ connectionString });
    const { rows } = await client.query("SELECT id, passthrough_connection_ids AS allowed FROM project ORDER BY id");
    expect(rows).toEqual([
      { id: "unused", allowed: null },
      { id: "used", allowed: ["a", "b"] },
    ]);
  } finally {
    await client.end();
    await rm(earlier, { recursive: true, force: true });
    await server.stop();
  }
});
