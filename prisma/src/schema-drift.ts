/**
 * Compares a migrated database with prisma/schema, so that hand-written SQL and the schema that the client is generated
 * from cannot drift apart unseen. Prisma's own schema engine compares, in its WebAssembly build. It looks at tables,
 * columns, types, defaults, keys and indexes. What a Prisma schema cannot say is outside its view and needs no
 * allowance: partitions, CHECKs, triggers, functions, grants.
 * For development and tests: production installs do without the engine.
 */
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PrismaPg } from "@prisma/adapter-pg";
import {
  bindMigrationAwareSqlAdapterFactory,
  ColumnTypeEnum,
  type SqlMigrationAwareDriverAdapterFactory,
} from "@prisma/driver-adapter-utils";
import { SchemaEngine } from "@prisma/schema-engine-wasm";
import { Pool, type QueryResult, types } from "pg";

const schemaDirectory = fileURLToPath(new URL("../schema", import.meta.url));

/** The SQL that would make the database what prisma/schema says; null when there is nothing to change. */
export async function findSchemaDrift(connectionString: string): Promise<string | null> {
  const files = await readSchema();
  const pool = new Pool({ connectionString });
  try {
    const engine = await SchemaEngine.new(
      { datamodels: files.map(({ path, content }) => [path, content]) },
      () => {},
      bindMigrationAwareSqlAdapterFactory(introspectingAdapter(pool)),
    );
    const { exitCode, stdout } = await engine.diff({
      from: { tag: "schemaDatasource", files, configDir: schemaDirectory },
      to: { tag: "schemaDatamodel", files },
      script: true,
      exitCode: true,
      filters: { externalTables: [], externalEnums: [] },
    });
    return exitCode === 0 ? null : stdout;
  } finally {
    await pool.end();
  }
}

async function readSchema(): Promise<{ path: string; content: string }[]> {
  const names = await readdir(schemaDirectory);
  return Promise.all(
    names.map(async (name) => {
      const path = join(schemaDirectory, name);
      return { path, content: await readFile(path, "utf8") };
    }),
  );
}

/**
 * The engine reads columns of PostgreSQL's internal type "char" and wants single characters; the adapter of 7.10 does
 * not know the type and refuses the whole query. Such columns pass the adapter as uuid, of which the catalogue has none,
 * and are called what they are behind it.
 */
function introspectingAdapter(pool: Pool): SqlMigrationAwareDriverAdapterFactory {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<QueryResult>;
  const queryWithoutChars = async (...args: unknown[]) => {
    const result = await query(...args);
    for (const field of result.fields) {
      if (field.dataTypeID === types.builtins.CHAR) field.dataTypeID = types.builtins.UUID;
    }
    return result;
  };
  pool.query = queryWithoutChars as typeof pool.query;

  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  factory.connect = async () => {
    const adapter = await connect();
    const queryRaw = adapter.queryRaw.bind(adapter);
    adapter.queryRaw = async (sql) => {
      const result = await queryRaw(sql);
      const columnTypes = result.columnTypes.map((type) =>
        type === ColumnTypeEnum.Uuid ? ColumnTypeEnum.Character : type,
      );
      return { ...result, columnTypes };
    };
    return adapter;
  };
  return factory;
}
