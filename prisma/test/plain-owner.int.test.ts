/** Hosted PostgreSQL gives no superuser: an owner that may create roles, and owns its database, is enough. */
import { randomUUID } from "node:crypto";
import { createPostgresBackend, Queue } from "bullmq";
import { Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import { ensureGatewayLogin } from "../src/gateway-login.ts";
import { sendHeartbeat, takeLeases } from "../src/lease-protocol.ts";
import { migrate } from "../src/migrate.ts";
import { prepareQueueSchema } from "../src/prepare-queue-schema.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";
import { insertQuota } from "./insert-quota.ts";

let server: EmbeddedDatabase;
let adminUrl: string;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  adminUrl = await server.createDatabase();
});
afterAll(() => server.stop());

const password = "correct-horse-battery-staple";

const urlFor = (role: string) => {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = password;
  return url.href;
};

async function createOwner(role: string, attributes: string): Promise<void> {
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`CREATE ROLE ${role} LOGIN ${attributes} PASSWORD '${password}'`);
  await admin.query(`ALTER DATABASE ${new URL(adminUrl).pathname.slice(1)} OWNER TO ${role}`);
  await admin.end();
}

test("an owner that may not create roles is told which one is missing", async () => {
  await createOwner("plain", "");
  await expect(migrate({ connectionString: urlFor("plain") })).rejects.toThrow(
    /the role switchyard_gateway is missing and plain may not create it/,
  );
});

test("an owner that may create roles prepares everything, and gateways lease and enqueue", async () => {
  await createOwner("maker", "CREATEROLE");
  // What the first attempt had committed belongs to the other owner.
  const admin = new Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query("REASSIGN OWNED BY plain TO maker");
  await admin.end();

  await migrate({ connectionString: urlFor("maker") });
  await prepareQueueSchema(urlFor("maker"));
  await ensureGatewayLogin(urlFor("maker"), { roleName: "gateway", password });
  await ensureGatewayLogin(urlFor("maker"), { roleName: "gateway", password });

  const owner = createConnectionPool({ connectionString: urlFor("maker"), poolSize: 1 });
  const gateway = createConnectionPool({ connectionString: urlFor("gateway"), poolSize: 1 });
  const quotaId = await insertQuota(owner);
  const identity = { gatewayId: "g", bootId: randomUUID() };
  await sendHeartbeat(gateway, {
    ...identity,
    region: null,
    startedAtMs: 0,
    policyRevision: null,
    policyProblem: null,
  });
  expect(
    await takeLeases(gateway, identity, [{ quotaId, minimum: "1", wanted: "1", recall: null, at: "now" }]),
  ).toMatchObject([{ status: "granted", granted: "100" }]);

  const queue = new Queue(
    "usage",
    { connection: { connectionString: urlFor("gateway") }, skipMetasUpdate: true },
    createPostgresBackend,
  );
  // A connection on its way out hears of the server's end; without a listener BullMQ prints that.
  queue.on("error", () => {});
  await queue.addBulk([{ name: "ingest-usage", data: {} }]);
  expect((await owner.query("SELECT count(*)::int AS jobs FROM bullmq.job")).rows).toEqual([{ jobs: 1 }]);
  expect((await owner.query("SELECT count(*)::int AS made FROM maintain_usage_partitions(8, 30)")).rows).toEqual([
    { made: 3 },
  ]);
  await Promise.all([queue.close(), owner.end(), gateway.end()]);
});
