import { randomBytes, randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { ClaimRepository } from "./claim.repository.ts";

let database: MoneyDatabase;

beforeAll(async () => {
  database = await MoneyDatabase.start();
});

afterAll(() => database.stop());

const silent = { debug: () => undefined };
const answered = {
  state: "answered",
  errorCode: null,
  contentType: "text/plain",
  sealedAnswer: Buffer.from("sealed"),
} as const;

async function startProcess() {
  const process = await database.startGateway();
  const identity = { gatewayId: process.gatewayId, bootId: process.bootId, region: null, startedAtMs: Date.now() };
  const claims = new ClaimRepository(database.gatewayUrl, identity, silent);
  onTestFinished(async () => {
    await claims.close();
    await process.stop();
  });
  await database.owner.query(
    `INSERT INTO gateway_process (gateway_id, boot_id, started_at, heartbeat_at) VALUES ($1, $2, now(), now())
     ON CONFLICT (gateway_id) DO NOTHING`,
    [identity.gatewayId, identity.bootId],
  );
  return { claims, ...identity };
}

it("gives a key to one of many calls, from any process, and tells the others how it ended", async () => {
  const processes = [await startProcess(), await startProcess()] as const;
  const key = randomBytes(32);
  const asks = Array.from({ length: 20 }, async (_, index) => {
    const requestId = randomUUID();
    const found = await processes[index % 2 === 0 ? 0 : 1].claims.take(key, requestId, "digest");
    return { requestId, owner: found?.requestId };
  });
  const taken = (await Promise.all(asks)).filter(({ requestId, owner }) => requestId === owner);
  expect(taken).toHaveLength(1);
  const owner = taken[0]?.requestId ?? "";
  const [first, second] = processes;
  expect((await second.claims.look([key])).get(key.toString("hex"))).toMatchObject({
    requestId: owner,
    state: "running",
  });

  await first.claims.end({ claimKey: key, requestId: randomUUID(), outcome: null });
  await first.claims.end({ claimKey: key, requestId: owner, outcome: answered });
  // Repeated, and too late to change anything.
  await first.claims.end({ claimKey: key, requestId: owner, outcome: null });
  expect(await second.claims.take(key, randomUUID(), "digest")).toMatchObject({ requestId: owner, ...answered });
});

it("frees a key, and one whose time is over", async () => {
  const { claims } = await startProcess();
  const [freed, old] = [randomBytes(32), randomBytes(32)];
  const [first, second] = [randomUUID(), randomUUID()];
  await claims.take(freed, first, "digest");
  await claims.end({ claimKey: freed, requestId: first, outcome: null });
  expect(await claims.take(freed, second, "other")).toMatchObject({ requestId: second, requestDigest: "other" });

  await claims.take(old, first, "digest");
  await claims.end({ claimKey: old, requestId: first, outcome: answered });
  await database.owner.query("UPDATE idempotency_claim SET expires_at = now() WHERE claim_key = $1", [old]);
  expect(await claims.look([old])).toEqual(new Map());
  expect(await claims.take(old, second, "other")).toMatchObject({
    requestId: second,
    state: "running",
    sealedAnswer: null,
  });
});

it("keeps an answer for its time, and how the call ended for longer", async () => {
  const { claims } = await startProcess();
  const key = randomBytes(32);
  const requestId = randomUUID();
  await claims.take(key, requestId, "digest");
  await claims.end({ claimKey: key, requestId, outcome: answered });
  await database.owner.query("UPDATE idempotency_claim SET answer_until = now() WHERE claim_key = $1", [key]);
  expect((await claims.look([key])).get(key.toString("hex"))).toMatchObject({ state: "answered", sealedAnswer: null });
});

it("says that a call is lost when its process has gone, or another has its place", async () => {
  const { claims, gatewayId } = await startProcess();
  const key = randomBytes(32);
  await claims.take(key, randomUUID(), "digest");
  const state = async () => (await claims.look([key])).get(key.toString("hex"))?.state;
  const change = (what: string) =>
    database.owner.query(`UPDATE gateway_process SET ${what} WHERE gateway_id = $1`, [gatewayId]);
  expect(await state()).toBe("running");
  await change("heartbeat_at = now() - interval '1 minute'");
  expect(await state()).toBe("lost");
  await change("heartbeat_at = now(), boot_id = gen_random_uuid()");
  expect(await state()).toBe("lost");
});

it("lets a gateway do nothing else with claims", async () => {
  const { rows } = await database.owner.query<{ may: boolean }>(
    "SELECT has_table_privilege('switchyard_gateway', 'idempotency_claim', 'SELECT, INSERT, UPDATE, DELETE') AS may",
  );
  expect(rows).toEqual([{ may: false }]);
});
