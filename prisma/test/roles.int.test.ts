import { createPostgresBackend, Queue, Worker } from "bullmq";
import { Client, type Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import { ensureGatewayLogin } from "../src/gateway-login.ts";
import { prepareQueueSchema } from "../src/prepare-queue-schema.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";

const login = { roleName: "gateway_1", password: "correct-horse-battery-staple" };

let server: EmbeddedDatabase;
let ownerUrl: string;
let owner: Pool;
let gateway: Pool;

const urlOf = (password: string) => {
  const url = new URL(ownerUrl);
  url.username = login.roleName;
  url.password = password;
  return url.href;
};

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  ownerUrl = await server.createMigratedDatabase();
  await prepareQueueSchema(ownerUrl);
  await ensureGatewayLogin(ownerUrl, login);
  owner = createConnectionPool({ connectionString: ownerUrl, poolSize: 2 });
  gateway = createConnectionPool({ connectionString: urlOf(login.password), poolSize: 2 });
});
afterAll(async () => {
  await Promise.all([owner.end(), gateway.end()]);
  await server.stop();
});

const insufficientPrivilege = "42501";

async function everyTable(): Promise<{ table: string; column: string }[]> {
  const { rows } = await owner.query<{ table: string; column: string }>(`
    SELECT pg_class.oid::regclass::text AS table, quote_ident(attname) AS column
    FROM pg_class
    JOIN pg_namespace ON pg_namespace.oid = relnamespace
    JOIN pg_attribute ON attrelid = pg_class.oid AND attnum = 1
    WHERE relkind IN ('r', 'p', 'v', 'm', 'f') AND nspname NOT IN ('pg_catalog', 'information_schema')
      AND nspname NOT LIKE 'pg_toast%' AND nspname NOT LIKE 'pg_temp%'
    ORDER BY 1`);
  return rows;
}

/** "done", or the SQLSTATE that an attempt ended with. */
async function outcomeOf(attempt: Promise<unknown>): Promise<string> {
  try {
    await attempt;
    return "done";
  } catch (error) {
    return String((error as { code?: string }).code ?? error);
  }
}

/** The statements that were not refused for want of a privilege, with what became of them. */
async function notRefused(statements: readonly string[]): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {};
  for (const statement of statements) {
    const outcome = await outcomeOf(gateway.query(statement));
    if (outcome !== insufficientPrivilege) outcomes[statement] = outcome;
  }
  return outcomes;
}

describe("a gateway's login", () => {
  test("reads policy, ingested batches and the queue's version, and no other table", async () => {
    const tables = await everyTable();
    expect(tables.length).toBeGreaterThan(60);
    expect(await notRefused(tables.map(({ table }) => `SELECT * FROM ${table}`))).toEqual({
      "SELECT * FROM policy_head": "done",
      "SELECT * FROM policy_revision": "done",
      "SELECT * FROM journal_batch": "done",
      "SELECT * FROM bullmq.migration": "done",
    });
  });

  test("changes no table at all", async () => {
    const changes = (await everyTable()).flatMap(({ table, column }) => [
      `INSERT INTO ${table} DEFAULT VALUES`,
      `UPDATE ${table} SET ${column} = NULL`,
      `DELETE FROM ${table}`,
      `TRUNCATE ${table}`,
      `SELECT FROM ${table} FOR UPDATE`,
    ]);
    expect(await notRefused(changes)).toEqual({});
  });

  test("calls the lease functions, reports health, looks up a receipt and what the fleet knows, takes a probe, claims a key, adds to a queue, and no other function of ours", async () => {
    const { rows } = await owner.query<{ name: string }>(
      `SELECT nspname || '.' || proname AS name
       FROM pg_proc JOIN pg_namespace ON pg_namespace.oid = pronamespace
       WHERE nspname NOT IN ('pg_catalog', 'information_schema')
         AND has_function_privilege($1, pg_proc.oid, 'EXECUTE')
       ORDER BY 1`,
      [login.roleName],
    );
    expect(rows.map(({ name }) => name)).toEqual([
      "bullmq.add_job",
      "bullmq.add_jobs_bulk",
      "public.connection_probe_end",
      "public.connection_probes_take",
      "public.gateway_health_of_others",
      "public.gateway_health_report",
      "public.gateway_heartbeat",
      "public.gateway_performance_facts",
      "public.gateway_receipt",
      "public.idempotency_end",
      "public.idempotency_free",
      "public.idempotency_look",
      "public.idempotency_take",
      "public.quota_granted",
      "public.quota_release_boot",
      "public.quota_return",
      "public.quota_take",
    ]);
  });

  test("cannot call what the worker calls", async () => {
    const calls = [
      "SELECT quota_settle('[]')",
      "SELECT quota_expire_leases('1 minute')",
      "SELECT maintain_usage_partitions(1)",
      "SELECT quota_lease_draw(gen_random_uuid(), 1)",
      "SELECT rollup_add_cost('[]')",
      "SELECT bullmq.drain('usage', true)",
    ];
    expect(await notRefused(calls)).toEqual({});
  });

  test("owns nothing and makes nothing, not even a temporary table", async () => {
    const statements = [
      "CREATE TABLE mine (id int)",
      "CREATE TEMPORARY TABLE job (id int)",
      "CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
      "CREATE SCHEMA mine",
      "CREATE ROLE another",
      "CREATE TABLE bullmq.mine (id int)",
      "ALTER ROLE gateway_1 SUPERUSER",
      "SET ROLE owner",
      "DROP TABLE team",
      "ALTER TABLE policy_head DISABLE TRIGGER ALL",
      "SELECT * FROM pg_authid",
      "SELECT pg_read_file('/etc/passwd')",
      "COPY policy_revision TO PROGRAM 'true'",
    ];
    expect(await notRefused(statements)).toEqual({});
  });

  test("every SECURITY DEFINER function has a search path that ends with the caller's temporary schema", async () => {
    const { rows } = await owner.query<{ name: string; settings: string[] | null }>(
      `SELECT oid::regprocedure::text AS name, proconfig AS settings FROM pg_proc WHERE prosecdef`,
    );
    expect(rows.length).toBeGreaterThanOrEqual(6);
    expect(
      rows.filter(
        ({ settings }) => !settings?.some((setting) => /^search_path=(public|bullmq), pg_temp$/.test(setting)),
      ),
    ).toEqual([]);
  });

  test("listens for policy and recalls", async () => {
    const listener = new Client({ connectionString: urlOf(login.password) });
    await listener.connect();
    await expect(listener.query("LISTEN switchyard_policy; LISTEN switchyard_quota_recall")).resolves.toBeDefined();
    await listener.end();
  });
});

describe("a gateway's queue", () => {
  const queueOf = (connectionString: string, skipMetasUpdate: boolean, name = "usage") => {
    const connection = { connectionString, migrate: false };
    const queue = new Queue(name, { connection, skipMetasUpdate }, createPostgresBackend);
    // A connection on its way out hears of the server's end; without a listener BullMQ prints that.
    queue.on("error", () => {});
    return queue;
  };

  test.each([true, false])("adds jobs, one by one and in bulk (skipMetasUpdate: %s)", async (skipMetasUpdate) => {
    const errors: unknown[] = [];
    const queue = queueOf(urlOf(login.password), skipMetasUpdate);
    queue.on("error", (error) => errors.push(error));
    const tag = `batch-${skipMetasUpdate}`;
    await queue.add("ingest-usage", { batchId: tag, events: [] }, { jobId: tag, attempts: 3, removeOnComplete: true });
    // Shipped again, because the first answer was lost: the same job.
    await queue.add("ingest-usage", { batchId: tag, events: [] }, { jobId: tag });
    await queue.addBulk([
      { name: "ingest-usage", data: { batchId: `${tag}-2` }, opts: { jobId: `${tag}-2` } },
      { name: "ingest-usage", data: { batchId: `${tag}-3` } },
    ]);
    await queue.close();
    const { rows } = await owner.query<{ batch: string }>(
      "SELECT data ->> 'batchId' AS batch FROM bullmq.job WHERE data ->> 'batchId' LIKE $1 || '%' ORDER BY 1",
      [tag],
    );
    expect(rows.map(({ batch }) => batch)).toEqual([tag, `${tag}-2`, `${tag}-3`]);
    expect(errors).toEqual([]);
  });

  test("cannot read, take, remove or clear jobs", async () => {
    const queue = queueOf(urlOf(login.password), true);
    const outcomes = {
      getJobs: await outcomeOf(queue.getJobs()),
      getJobCounts: await outcomeOf(queue.getJobCounts()),
      drain: await outcomeOf(queue.drain()),
      pause: await outcomeOf(queue.pause()),
      remove: await outcomeOf(queue.remove("batch-true")),
      obliterate: await outcomeOf(queue.obliterate({ force: true })),
      upsertJobScheduler: await outcomeOf(queue.upsertJobScheduler("mine", { every: 1000 })),
    };
    expect(outcomes).toEqual(Object.fromEntries(Object.keys(outcomes).map((name) => [name, insufficientPrivilege])));
    await queue.close();
  });

  test("feeds the owner's worker", async () => {
    const seen = Promise.withResolvers<unknown>();
    const worker = new Worker(
      "hand-over",
      (job) => {
        seen.resolve(job.data);
        return Promise.resolve();
      },
      { connection: { connectionString: ownerUrl } },
      createPostgresBackend,
    );
    worker.on("error", seen.reject);
    const queue = queueOf(urlOf(login.password), true, "hand-over");
    await queue.add("job", { amount: "1" });
    expect(await seen.promise).toEqual({ amount: "1" });
    await Promise.all([queue.close(), worker.close()]);
  });

  test("preparing again, also by several starters at once, keeps all of it", async () => {
    await Promise.all([prepareQueueSchema(ownerUrl), prepareQueueSchema(ownerUrl), prepareQueueSchema(ownerUrl)]);
    const queue = queueOf(urlOf(login.password), true);
    await expect(queue.add("ingest-usage", { batchId: "again" })).resolves.toHaveProperty("id");
    await queue.close();
  });
});

describe("ensureGatewayLogin", () => {
  const canLogIn = async (password: string) => {
    const client = new Client({ connectionString: urlOf(password) });
    try {
      await client.connect();
      return true;
    } catch (error) {
      expect(error).toMatchObject({ code: "28P01" });
      return false;
    } finally {
      await client.end();
    }
  };

  test("sets the password, and sets it anew", async () => {
    expect(await canLogIn(login.password)).toBe(true);
    expect(await canLogIn("wrong-horse-battery-staple")).toBe(false);
    await ensureGatewayLogin(ownerUrl, { ...login, password: "another-horse-battery" });
    expect(await canLogIn(login.password)).toBe(false);
    expect(await canLogIn("another-horse-battery")).toBe(true);
    await ensureGatewayLogin(ownerUrl, login);
  });

  test("several starters at once agree", async () => {
    const several = Array.from({ length: 4 }, () => ensureGatewayLogin(ownerUrl, { ...login, roleName: "gateway_2" }));
    await expect(Promise.all(several)).resolves.toHaveLength(4);
  });

  test("never turns a privileged role into a gateway's", async () => {
    await expect(ensureGatewayLogin(ownerUrl, { ...login, roleName: "owner" })).rejects.toThrow(/privileged/);
    await owner.query("CREATE ROLE maker CREATEROLE");
    await expect(ensureGatewayLogin(ownerUrl, { ...login, roleName: "maker" })).rejects.toThrow(/privileged/);
  });

  test.each([
    ["a name with a quote", { roleName: 'x"; DROP ROLE owner; --', password: login.password }],
    ["a short password", { roleName: "gateway_3", password: "short" }],
    ["a password that SASLprep would change", { roleName: "gateway_3", password: "sixteen-letters-é" }],
  ])("refuses %s", async (_what, bad) => {
    await expect(ensureGatewayLogin(ownerUrl, bad)).rejects.toBeInstanceOf(RangeError);
  });

  test("shows the password to no statement log", async () => {
    const { rows } = await owner.query<{ stored: string }>(
      "SELECT rolpassword AS stored FROM pg_authid WHERE rolname = $1",
      [login.roleName],
    );
    expect(rows[0]!.stored).toMatch(/^SCRAM-SHA-256\$4096:/);
    expect(rows[0]!.stored).not.toContain(login.password);
  });
});
