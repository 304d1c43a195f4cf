import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PrismaPg } from "@prisma/adapter-pg";
import { bindMigrationAwareSqlAdapterFactory } from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import { Client } from "pg";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "../test/embedded-database.ts";
import { migrate, MigrationError, type MigrationProgress } from "./migrate.ts";

const productMigrations = new URL("../migrations", import.meta.url).pathname;

let server: EmbeddedDatabase;
let migrationsDirectory: string;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
});
afterAll(() => server.stop());
beforeEach(async () => {
  migrationsDirectory = await mkdtemp(join(tmpdir(), "switchyard-migrations-"));
});
afterEach(() => rm(migrationsDirectory, { recursive: true, force: true }));

async function query<Row extends object>(connectionString: string, sql: string): Promise<Row[]> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Row>(sql)).rows;
  } finally {
    await client.end();
  }
}

async function writeMigration(name: string, script: string): Promise<void> {
  await mkdir(join(migrationsDirectory, name), { recursive: true });
  await writeFile(join(migrationsDirectory, name, "migration.sql"), script);
}

async function listProductMigrations(): Promise<string[]> {
  const entries = await readdir(productMigrations, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted();
}

test("applies every migration once, in order, and says so", async () => {
  const connectionString = await server.createDatabase();
  const names = await listProductMigrations();
  const progress: MigrationProgress[] = [];

  expect(await migrate({ connectionString, onProgress: (event) => progress.push(event) })).toEqual(names);
  expect(progress).toEqual([
    ...names.map((name, index) => ({ kind: "applying", name, position: index + 1, of: names.length })),
    { kind: "up_to_date", applied: names },
  ]);

  expect(await migrate({ connectionString })).toEqual([]);
});

test("starters that race share the work: each migration is applied once", async () => {
  const connectionString = await server.createDatabase();
  const another = await server.createDatabase();
  const applied = await Promise.all([
    migrate({ connectionString }),
    migrate({ connectionString }),
    migrate({ connectionString }),
    // Another database of the same server meets the same roles.
    migrate({ connectionString: another }),
  ]);
  const names = await listProductMigrations();
  expect(applied.slice(0, 3).flat().toSorted()).toEqual(names);
  expect(applied[3]).toEqual(names);
  expect(
    await query(connectionString, "SELECT migration_name AS name FROM _prisma_migrations ORDER BY started_at"),
  ).toEqual(names.map((name) => ({ name })));
});

test("a migrator that must wait reports it and then finds nothing to do", async () => {
  const connectionString = await server.createDatabase();
  await migrate({ connectionString });
  const holder = new Client({ connectionString });
  await holder.connect();
  await holder.query("SELECT pg_advisory_lock(72707369)");
  const kinds: string[] = [];
  const waiting = migrate({
    connectionString,
    onProgress: (event) => {
      kinds.push(event.kind);
      if (event.kind === "waiting") void holder.end();
    },
  });
  expect(await waiting).toEqual([]);
  expect(kinds).toEqual(["waiting", "up_to_date"]);
});

test("Prisma's own engine finds the history complete and unedited", async () => {
  const connectionString = await server.createMigratedDatabase();
  const names = await listProductMigrations();
  const engine = await SchemaEngine.new(
    { datamodels: undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(new PrismaPg({ connectionString })),
  );
  const diagnosis = await engine.diagnoseMigrationHistory({
    migrationsList: {
      baseDir: productMigrations,
      lockfile: {
        path: "migration_lock.toml",
        content: await readFile(join(productMigrations, "migration_lock.toml"), "utf8"),
      },
      shadowDbInitScript: "",
      migrationDirectories: await Promise.all(
        names.map(async (name) => ({
          path: name,
          migrationFile: {
            path: "migration.sql",
            content: {
              tag: "ok" as const,
              value: await readFile(join(productMigrations, name, "migration.sql"), "utf8"),
            },
          },
        })),
      ),
    },
    optInToShadowDatabase: false,
    filters: { externalTables: [], externalEnums: [] },
  });
  expect(diagnosis).toEqual({
    editedMigrationNames: [],
    failedMigrationNames: [],
    hasMigrationsTable: true,
    history: null,
  });
});

test("a migration that fails leaves nothing behind, and the corrected one is applied", async () => {
  const connectionString = await server.createDatabase();
  await writeMigration("1_good", "CREATE TABLE good (id int);");
  await writeMigration("2_bad", "CREATE TABLE half (id int); SELECT 1 / 0;");
  await expect(migrate({ connectionString, migrationsDirectory })).rejects.toThrow(/2_bad.*division by zero/);
  expect(await query(connectionString, "SELECT to_regclass('half') AS half")).toEqual([{ half: null }]);

  await writeMigration("2_bad", "CREATE TABLE half (id int);");
  expect(await migrate({ connectionString, migrationsDirectory })).toEqual(["2_bad"]);
});

test("refuses to go on when an applied migration was edited", async () => {
  const connectionString = await server.createDatabase();
  await writeMigration("1_table", "CREATE TABLE one (id int);");
  await migrate({ connectionString, migrationsDirectory });
  await writeMigration("1_table", "CREATE TABLE one (id bigint);");
  const refusal = migrate({ connectionString, migrationsDirectory });
  await expect(refusal).rejects.toBeInstanceOf(MigrationError);
  await expect(refusal).rejects.toThrow(/1_table was changed/);
});

test("refuses to go on over another tool's unfinished migration, until that is resolved", async () => {
  const connectionString = await server.createDatabase();
  await writeMigration("1_table", "CREATE TABLE one (id int);");
  await migrate({ connectionString, migrationsDirectory });
  await query(connectionString, "UPDATE _prisma_migrations SET finished_at = NULL; DROP TABLE one");
  await expect(migrate({ connectionString, migrationsDirectory })).rejects.toThrow(/1_table was begun/);
  await query(connectionString, "UPDATE _prisma_migrations SET rolled_back_at = now()");
  expect(await migrate({ connectionString, migrationsDirectory })).toEqual(["1_table"]);
});

test("an older release starts against a database that a newer one has migrated", async () => {
  const connectionString = await server.createMigratedDatabase();
  await cp(productMigrations, migrationsDirectory, { recursive: true });
  const newest = (await listProductMigrations()).at(-1)!;
  await rm(join(migrationsDirectory, newest), { recursive: true });
  expect(await migrate({ connectionString, migrationsDirectory })).toEqual([]);
});

test("names the database trouble instead of hanging when nobody listens", async () => {
  await expect(migrate({ connectionString: "postgres://owner@127.0.0.1:1/none" })).rejects.toThrow(/ECONNREFUSED/);
});
