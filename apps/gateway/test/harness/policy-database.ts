/** A database as the control plane would have left it: migrated, with a login for gateways and published policy. */
import type { PolicyRevision } from "@switchyard/policy-engine/policy/policy-revision";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { prepareDatabase } from "@switchyard/local-stack/stack/prepare-database";
import pg from "pg";
import type { PublishedRevision } from "../../src/policies/activate-revision.ts";
import { publish } from "./policy-fixture.ts";

const gatewayPassword = "gateway-password-of-the-tests";

export interface PolicyDatabase {
  readonly ownerUrl: string;
  readonly gatewayUrl: string;
  query<Row extends pg.QueryResultRow>(sql: string, values?: readonly unknown[]): Promise<Row[]>;
  /** Publishes a revision: its row, the head, the announcement. Quotas it names get their rows. */
  publish(number: number, revision: PolicyRevision): Promise<void>;
  /** Publishes exactly this, right or wrong. */
  publishRaw(published: PublishedRevision): Promise<void>;
  stopServer(): Promise<void>;
  startServer(): Promise<void>;
  close(): Promise<void>;
}

export async function startPolicyDatabase(): Promise<PolicyDatabase> {
  const server = await startMigratedDatabase();
  const ownerUrl = server.connectionString;
  const { gatewayDatabaseUrl } = await prepareDatabase(ownerUrl, gatewayPassword, { usesRedis: false });
  const pool = new pg.Pool({ connectionString: ownerUrl, max: 2 });
  pool.on("error", () => undefined);
  const query = async <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []): Promise<Row[]> =>
    (await pool.query<Row>(sql, [...values])).rows;

  const publishRaw = async ({ number, content, sha256 }: PublishedRevision): Promise<void> => {
    const row =
      "insert into policy_revision (number, content, sha256, summary, created_by) values ($1, $2, $3, 'test', 'test')";
    await query(row, [number, content, sha256]);
    await query(
      "insert into policy_head (id, number) values (1, $1) on conflict (id) do update set number = excluded.number",
      [number],
    );
    await query("select pg_notify('switchyard_policy', $1)", [String(number)]);
  };

  return {
    ownerUrl,
    gatewayUrl: gatewayDatabaseUrl,
    query,
    publishRaw,
    publish: async (number, revision) => {
      for (const quota of revision.quotas) {
        await query(
          `insert into quota (id, name, unit, period, time_zone, limit_amount, mode, when_short, scope_type, scope_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (id) do nothing`,
          [
            quota.quotaId,
            quota.name,
            quota.unit,
            quota.period,
            quota.timeZone,
            quota.limit,
            quota.mode,
            quota.whenShort,
            quota.scopeType,
            quota.scopeId,
          ],
        );
      }
      await publishRaw(publish(number, revision));
    },
    stopServer: () => server.kill(),
    startServer: () => server.start(),
    close: async () => {
      await pool.end();
      await server.stop();
    },
  };
}
