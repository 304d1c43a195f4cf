/** What the migration makes of roll-ups that were there is what they would be, had they been written with it. */
import { rm } from "node:fs/promises";
import { Client } from "pg";
import { expect, test } from "vitest";
import { migrate } from "../src/migrate.ts";
import { startEmbeddedDatabase } from "./embedded-database.ts";
import { copyMigrationsBefore } from "./migrations-before.ts";

const migration = "20261128016300_narrower_rollups";
const tables = ["spend", "attribution", "service", "request", "ledger"].flatMap((name) => [
  `${name}_rollup_hour`,
  `${name}_rollup_day`,
]);
const firstMs = Date.UTC(2026, 10, 20, 22, 30);

const calls = Array.from({ length: 40 }, (_, index) => {
  const key = index % 3;
  return {
    organisationId: "org",
    teamId: `team-${key % 2}`,
    projectId: `project-${key % 2}`,
    virtualKeyId: `key-${key}`,
    user: index % 4 === 0 ? null : `user-${index % 4}`,
    tags: index % 5 === 0 ? [] : ["env=prod", `feature=${index % 2}`],
    routeId: `route-${index % 2}`,
    connectionId: "connection",
    providerKind: "openai",
    modelId: "model",
    startedAt: firstMs + index * 360_000,
  };
});
const costs = calls.flatMap((call, index) =>
  ["input", "images"].map((meter) => ({ ...call, meter, quantity: index, costPicoUsd: String(index * 1_000_003) })),
);
const hourOf = (ms: number) => Math.floor(ms / 3_600_000) * 3_600_000;
const counts = calls.map((call, index) => ({
  ...call,
  hour: hourOf(call.startedAt),
  requests: 1,
  errors: index % 2,
  refusals: 0,
  cacheHits: 0,
  cacheLookups: 1,
  attempts: 1,
  durationBuckets: Array.from({ length: 68 }, (_, bucket) => Number(bucket === index)),
  firstTokenBuckets: Array.from({ length: 68 }, () => 0),
  costPicoUsd: "7",
}));

async function writeCalls(client: Client, addCost: string): Promise<void> {
  for (const call of calls) {
    await client.query(
      `INSERT INTO request_log (request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, end_user, tags,
         operation, requested_model, route_id, connection_id, provider_kind, model_id, policy_revision, stream, status, cache,
         attempts, cost_pico_usd, duration_ms, gateway_overhead_ms, request_bytes, response_bytes, warnings, because, gateway_id)
       VALUES (gen_random_uuid(), to_timestamp($1 / 1000.0), $2, $3, $4, $5, $6, $7, 'chat', 'm', $8, $9, $10, $11, 1, false,
         200, 'miss', 1, 7, 1, 1, 1, 1, '{}', '[]', 'g')`,
      [
        call.startedAt, call.organisationId, call.teamId, call.projectId, call.virtualKeyId, call.user, call.tags, call.routeId,
        call.connectionId, call.providerKind, call.modelId,
      ],
    );
    await client.query(
      `INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, request_id, team_id, project_id, virtual_key_id,
         connection_id, model_id)
       VALUES (gen_random_uuid(), to_timestamp($1 / 1000.0), 'settle', 7, gen_random_uuid(), $2, $3, $4, $5, $6)`,
      [call.startedAt, call.teamId, call.projectId, call.virtualKeyId, call.connectionId, call.modelId],
    );
  }
  await client.query(addCost, addCost.includes("$2") ? [JSON.stringify(costs), JSON.stringify(counts)] : [JSON.stringify(costs)]);
  // As a batch comes: every combination once.
  for (const count of counts) await client.query("SELECT rollup_add_requests($1)", [JSON.stringify([count])]);
} // prettier-ignore

async function contentsOf(client: Client): Promise<Record<string, unknown[]>> {
  const contents: Record<string, unknown[]> = {};
  for (const table of tables) {
    const { rows } = await client.query<{ row: unknown }>(
      `SELECT to_jsonb(${table}) AS row FROM ${table} ORDER BY ${table}::text`,
    );
    contents[table] = rows.map(({ row }) => row);
  }
  return contents;
}

test("roll-ups of before and after the migration are the same", { timeout: 60_000 }, async () => {
  const server = await startEmbeddedDatabase();
  const earlier = await copyMigrationsBefore(migration);
  const clients: Client[] = [];
  const connect = async (connectionString: string): Promise<Client> => {
    const client = new Client({ connectionString });
    await client.connect();
    clients.push(client);
    return client;
  };
  try {
    const connectionString = await server.createDatabase();
    await migrate({ connectionString, migrationsDirectory: earlier });
    const before = await connect(connectionString);
    await writeCalls(before, "SELECT rollup_add_cost($1)");
    await migrate({ connectionString });

    const after = await connect(await server.createMigratedDatabase());
    await writeCalls(after, "SELECT rollup_add_cost($1, $2)");
    const migrated = await contentsOf(before);
    expect(migrated).toEqual(await contentsOf(after));
    expect(Object.values(migrated).map((rows) => rows.length > 2)).toEqual(tables.map(() => true));
  } finally {
    for (const client of clients) await client.end();
    await rm(earlier, { recursive: true, force: true });
    await server.stop();
  }
});
