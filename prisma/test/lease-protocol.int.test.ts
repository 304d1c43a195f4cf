import { randomUUID } from "node:crypto";
import { Client, type Pool } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import {
  expireLeases,
  type GatewayIdentity,
  type LeaseAnswer,
  type LeaseAsk,
  releaseEarlierBoot,
  returnLeases,
  sendHeartbeat,
  settleQuotas,
  takeLeases,
} from "../src/lease-protocol.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";
import { insertQuota, type QuotaRow } from "./insert-quota.ts";

let server: EmbeddedDatabase;
let connectionString: string;
let database: Pool;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  connectionString = await server.createMigratedDatabase();
  database = createConnectionPool({ connectionString, poolSize: 4 });
});
afterAll(async () => {
  await database.end();
  await server.stop();
});
beforeEach(async () => {
  await database.query("TRUNCATE gateway_process, quota_lease, quota_window, quota");
});

let gateways = 0;

/** A gateway process that has just reported in. */
async function startGateway(gatewayId = `gateway-${(gateways += 1)}`): Promise<GatewayIdentity> {
  const gateway = { gatewayId, bootId: randomUUID() };
  await beat(gateway);
  return gateway;
}

const beat = (gateway: GatewayIdentity) =>
  sendHeartbeat(database, { ...gateway, region: null, startedAtMs: 0, policyRevision: 1, policyProblem: null });

const fallSilent = (gateway: GatewayIdentity) =>
  database.query("UPDATE gateway_process SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE gateway_id = $1", [
    gateway.gatewayId,
  ]);

async function take(
  gateway: GatewayIdentity,
  quotaId: string,
  minimum: number,
  options: { wanted?: number; recall?: number | null; at?: "now" | "next" } = {},
): Promise<LeaseAnswer> {
  const { wanted = minimum, recall = null, at = "now" } = options;
  const answers = await takeLeases(database, gateway, [
    { quotaId, minimum: String(minimum), wanted: String(wanted), recall, at },
  ]);
  return answers[0]!;
}

async function giveBack(
  gateway: GatewayIdentity,
  leaseId: string,
  amount: number,
  recallAnswered: number | null = null,
  returnId: string | null = null,
) {
  const answers = await returnLeases(database, gateway, [
    { leaseId, amount: String(amount), recallAnswered, returnId },
  ]);
  return answers[0]!;
}

async function settle(quotaId: string, lease: LeaseAnswer | null, charged: number, overrun = 0) {
  const answers = await settleQuotas(database, [
    {
      quotaId,
      windowStartMs: lease?.windowStartMs ?? 0,
      leaseId: lease?.leaseId ?? null,
      charged: String(charged),
      overrun: String(overrun),
    },
  ]);
  return answers[0]!;
}

async function windowOf(quotaId: string) {
  const { rows } = await database.query(
    "SELECT ceiling, settled, leased, unreconciled, overrun FROM quota_window WHERE quota_id = $1 ORDER BY window_start",
    [quotaId],
  );
  return rows[0] as Record<"ceiling" | "settled" | "leased" | "unreconciled" | "overrun", string>;
}

async function leaseOf(leaseId: string | null) {
  const { rows } = await database.query("SELECT outstanding, state FROM quota_lease WHERE id = $1", [leaseId]);
  return rows[0] as { outstanding: string; state: string } | undefined;
}

const expire = async () => {
  const { rows } = await database.query<Record<"lost" | "freed" | "closed" | "deleted", number>>(
    `SELECT lost_leases AS lost, freed_leases AS freed, closed_leases AS closed, deleted_windows AS deleted
     FROM quota_expire_leases('5 minutes', '0')`,
  );
  return rows[0];
};

describe("heartbeat", () => {
  test("counts the processes that live, and a new boot takes the place of the old one", async () => {
    const first = await startGateway();
    const second = await startGateway();
    expect((await beat(first)).liveGateways).toBe(2);
    await fallSilent(second);
    expect((await beat(first)).liveGateways).toBe(1);
    const rebooted = await startGateway(second.gatewayId);
    expect((await beat(rebooted)).liveGateways).toBe(2);
  });

  test("keeps what the process runs, for the System page", async () => {
    const problem = { revision: 8, problems: ["weights sum to zero"] };
    const bootId = randomUUID();
    await sendHeartbeat(database, {
      gatewayId: "g",
      bootId,
      region: "eu-1",
      startedAtMs: 1_800_000_000_123,
      policyRevision: 7,
      policyProblem: problem,
    });
    const { rows } = await database.query("SELECT * FROM gateway_process");
    expect(rows).toEqual([
      {
        gateway_id: "g",
        boot_id: bootId,
        region: "eu-1",
        started_at: new Date(1_800_000_000_123),
        heartbeat_at: expect.any(Date),
        policy_revision: 7,
        policy_problem: problem,
      },
    ]);
  });
});

describe("taking", () => {
  test.each([
    {
      what: "what was wanted when that is more than a slice",
      others: 0,
      used: 0,
      minimum: 10,
      wanted: 300,
      granted: 300,
    },
    { what: "a tenth of the limit at the start", others: 0, used: 0, minimum: 1, wanted: 1, granted: 100 },
    { what: "half of an even share of the rest", others: 3, used: 800, minimum: 1, wanted: 1, granted: 25 },
    { what: "whole units only", others: 2, used: 899, minimum: 1, wanted: 1, granted: 16 },
    { what: "no less than the minimum", others: 9, used: 900, minimum: 60, wanted: 1, granted: 60 },
    { what: "no more than is left", others: 0, used: 950, minimum: 10, wanted: 300, granted: 50 },
    { what: "the last unit", others: 9, used: 999, minimum: 1, wanted: 1, granted: 1 },
  ])("grants $what", async ({ others, used, minimum, wanted, granted }) => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    for (let other = 0; other < others; other += 1) await startGateway();
    await database.query(
      "INSERT INTO quota_window (quota_id, window_start, ceiling, settled) VALUES ($1, 'epoch', 1000, $2)",
      [quotaId, used],
    );
    const answer = await take(gateway, quotaId, minimum, { wanted });
    expect(answer).toMatchObject({
      askIndex: 0,
      quotaId,
      status: "granted",
      granted: String(granted),
      windowStartMs: 0,
      windowEndMs: null,
      limit: "1000",
      remainingAfter: String(1000 - used - granted),
      recallNumber: 0,
    });
    expect(await leaseOf(answer.leaseId)).toEqual({ outstanding: String(granted), state: "active" });
    expect(await windowOf(quotaId)).toMatchObject({ ceiling: "1000", settled: String(used), leased: String(granted) });
  });

  test("a process has one lease in a window, and it grows", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const first = await take(gateway, quotaId, 200);
    const second = await take(gateway, quotaId, 300);
    expect(second.leaseId).toBe(first.leaseId);
    expect(await leaseOf(first.leaseId)).toEqual({ outstanding: "500", state: "active" });
    const rebooted = await startGateway(gateway.gatewayId);
    expect((await take(rebooted, quotaId, 1)).leaseId).not.toBe(first.leaseId);
  });

  test("slices shrink, and a quota is usable to its last unit and no further", async () => {
    const quotaId = await insertQuota(database, { limit: 1_000_003n });
    const [first, second] = [await startGateway(), await startGateway()];
    const grants: bigint[] = [];
    for (let turn = 0; ; turn += 1) {
      const answer = await take(turn % 2 === 0 ? first : second, quotaId, 1);
      if (answer.status !== "granted") break;
      grants.push(BigInt(answer.granted));
    }
    expect(grants.reduce((sum, grant) => sum + grant, 0n)).toBe(1_000_003n);
    expect(grants[0]).toBe(100_000n);
    expect(grants.at(-1)).toBe(1n);
    expect(grants).toEqual(grants.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0)));
  });

  test("amounts beyond a double's precision stay exact", async () => {
    const limit = 10n ** 30n - 1n;
    const quotaId = await insertQuota(database, { limit });
    const gateway = await startGateway();
    const wanted = 123_456_789_012_345_678_901_234_567_891n;
    const [answer] = await takeLeases(database, gateway, [
      { quotaId, minimum: "1", wanted: String(wanted), recall: null, at: "now" },
    ]);
    expect(answer).toMatchObject({ granted: String(wanted), remainingAfter: String(limit - wanted) });
  });

  test("answers every ask of a batch, whatever becomes of the others", async () => {
    const daily = await insertQuota(database, { period: "day", timeZone: "America/New_York" });
    const rate = await insertQuota(database, { unit: "tokens", period: "minute" });
    const soft = await insertQuota(database, { mode: "soft" });
    const archived = await insertQuota(database);
    await database.query("UPDATE quota SET archived_at = now() WHERE id = $1", [archived]);
    const gateway = await startGateway();
    const ask = (quotaId: string, at: "now" | "next" = "now"): LeaseAsk => ({
      quotaId,
      minimum: "1",
      wanted: "5",
      recall: null,
      at,
    });
    const asks = [ask(rate, "next"), ask(soft), ask("nobody's"), ask(daily), ask(rate), ask(archived)];
    const answers = (await takeLeases(database, gateway, asks)).toSorted((a, b) => a.askIndex - b.askIndex);
    expect(answers.map(({ askIndex, quotaId, status }) => [askIndex, quotaId, status])).toEqual([
      [0, rate, "granted"],
      [1, soft, "unknown_quota"],
      [2, "nobody's", "unknown_quota"],
      [3, daily, "granted"],
      [4, rate, "granted"],
      [5, archived, "unknown_quota"],
    ]);
    const [next, , unknown, day, now] = answers as [LeaseAnswer, LeaseAnswer, LeaseAnswer, LeaseAnswer, LeaseAnswer];
    expect(unknown).toMatchObject({ leaseId: null, granted: "0", windowStartMs: null, limit: null });
    expect(next.windowStartMs).toBe(now.windowEndMs);
    expect(next.windowEndMs).toBe(now.windowEndMs! + 60_000);
    expect(next.leaseId).not.toBe(now.leaseId);
    expect(now.windowStartMs).toBeLessThanOrEqual(now.databaseNowMs);
    expect(now.windowEndMs).toBeGreaterThan(now.databaseNowMs);
    const newYorkHour = new Intl.DateTimeFormat("en-GB", { timeZone: "America/New_York", timeStyle: "medium" });
    expect(newYorkHour.format(day.windowStartMs!)).toBe("00:00:00");
  });

  test("the same quota twice in a batch is served twice", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const ask: LeaseAsk = { quotaId, minimum: "600", wanted: "600", recall: null, at: "now" };
    const answers = await takeLeases(database, gateway, [ask, ask]);
    expect(answers.map(({ status, granted }) => [status, granted])).toEqual([
      ["granted", "600"],
      ["exhausted", "0"],
    ]);
    expect(answers[1]).toMatchObject({ remainingAfter: "400", limit: "1000" });
  });

  test("what a provider billed beyond the holds is no longer there to lease", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const lease = await take(gateway, quotaId, 500);
    await settle(quotaId, lease, 500, 450);
    expect(await take(gateway, quotaId, 51)).toMatchObject({ status: "exhausted", remainingAfter: "50" });
    expect(await take(gateway, quotaId, 50)).toMatchObject({ status: "granted", granted: "50" });
  });
});

describe("a limit that changes in the middle of a window", () => {
  const setLimit = (quotaId: string, limit: number) =>
    database.query("UPDATE quota SET limit_amount = $2 WHERE id = $1", [quotaId, limit]);

  test("when raised, there is more at once", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    await take(gateway, quotaId, 1000);
    expect(await take(gateway, quotaId, 1)).toMatchObject({ status: "exhausted", limit: "1000" });
    await setLimit(quotaId, 1500);
    expect(await take(gateway, quotaId, 500)).toMatchObject({ status: "granted", remainingAfter: "0", limit: "1500" });
    expect(await windowOf(quotaId)).toMatchObject({ ceiling: "1500", leased: "1500" });
  });

  test("when lowered below what is in use, there is nothing until enough has come back", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const lease = await take(gateway, quotaId, 800);
    await setLimit(quotaId, 300);
    expect(await take(gateway, quotaId, 1)).toMatchObject({ status: "exhausted", remainingAfter: "0", limit: "300" });
    await settle(quotaId, lease, 100);
    await giveBack(gateway, lease.leaseId!, 600);
    expect(await take(gateway, quotaId, 101)).toMatchObject({ status: "exhausted", remainingAfter: "100" });
    expect(await take(gateway, quotaId, 100)).toMatchObject({ status: "granted", granted: "100" });
    // The ceiling remembers the highest limit, so that what was leased under it can still be settled.
    expect(await windowOf(quotaId)).toMatchObject({ ceiling: "1000", settled: "100", leased: "200" });
  });

  test("a budget that becomes hard above its limit refuses, and one that becomes soft still settles its leases", async () => {
    const quotaId = await insertQuota(database, { mode: "soft", limit: 100n });
    const gateway = await startGateway();
    await settle(quotaId, null, 150);
    await database.query("UPDATE quota SET mode = 'hard' WHERE id = $1", [quotaId]);
    expect(await take(gateway, quotaId, 1)).toMatchObject({ status: "exhausted", remainingAfter: "0" });
    await setLimit(quotaId, 200);
    const lease = await take(gateway, quotaId, 50);
    await database.query("UPDATE quota SET mode = 'soft' WHERE id = $1", [quotaId]);
    expect(await settle(quotaId, lease, 50)).toMatchObject({ status: "settled", settled: "50", overrun: "0" });
    expect(await settle(quotaId, null, 70)).toMatchObject({ status: "short", settled: "0", overrun: "70" });
    expect(await windowOf(quotaId)).toMatchObject({ ceiling: "200", settled: "200", leased: "0", overrun: "70" });
  });
});

describe("recalling", () => {
  async function holdEverything() {
    const quotaId = await insertQuota(database);
    const [holder, asker] = [await startGateway(), await startGateway()];
    const lease = await take(holder, quotaId, 1000);
    return { quotaId, holder, asker, leaseId: lease.leaseId! };
  }

  /** Collects notifications of the recall channel; `drain` waits until everything sent before it has arrived. */
  async function listen() {
    const listener = new Client({ connectionString });
    await listener.connect();
    const received: unknown[] = [];
    let onMarker = () => {};
    listener.on("notification", ({ channel, payload }) => {
      if (channel === "marker") onMarker();
      else received.push(JSON.parse(payload ?? "null"));
    });
    await listener.query("LISTEN switchyard_quota_recall; LISTEN marker");
    return {
      async drain() {
        const marker = Promise.withResolvers<void>();
        onMarker = marker.resolve;
        await database.query("NOTIFY marker");
        await marker.promise;
        return received.splice(0);
      },
      end: () => listener.end(),
    };
  }

  test("asks the holders once, waits for their answers, and hands over what came back", async () => {
    const { quotaId, holder, asker, leaseId } = await holdEverything();
    const listener = await listen();

    expect(await take(asker, quotaId, 40)).toMatchObject({ status: "recalling", granted: "0", recallNumber: 1 });
    expect(await listener.drain()).toEqual([{ quotaId, windowStartMs: 0, recall: 1 }]);

    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "recalling", recallNumber: 1 });
    expect(await listener.drain()).toEqual([]);

    expect(await giveBack(holder, leaseId, 70, 1)).toEqual({ leaseId, returned: "70", repeated: false });
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "granted", granted: "40" });
    await listener.end();
  });

  test("an answer that there is nothing to give ends the waiting", async () => {
    const { quotaId, holder, asker, leaseId } = await holdEverything();
    await take(asker, quotaId, 40);
    await giveBack(holder, leaseId, 0, 1);
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "exhausted", remainingAfter: "0" });
    // A later ask may try again: the holder's calls may have ended meanwhile.
    expect(await take(asker, quotaId, 40)).toMatchObject({ status: "recalling", recallNumber: 2 });
    // An answer to a recall that was never made does not count for the one that is.
    await giveBack(holder, leaseId, 0, 1);
    expect(await take(asker, quotaId, 40, { recall: 2 })).toMatchObject({ status: "recalling" });
  });

  test("answers cannot be given in advance", async () => {
    const { quotaId, holder, asker, leaseId } = await holdEverything();
    await giveBack(holder, leaseId, 0, 99);
    expect(await take(asker, quotaId, 40)).toMatchObject({ status: "recalling", recallNumber: 1 });
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "recalling" });
  });

  test("waits for every holder, but only for those that live and hold something", async () => {
    const quotaId = await insertQuota(database);
    const [silent, empty, slow, quick, asker] = [
      await startGateway(),
      await startGateway(),
      await startGateway(),
      await startGateway(),
      await startGateway(),
    ];
    await take(silent, quotaId, 200);
    const emptied = await take(empty, quotaId, 200);
    const slowLease = await take(slow, quotaId, 300);
    const quickLease = await take(quick, quotaId, 300);
    await fallSilent(silent);
    await settle(quotaId, emptied, 200);

    expect(await take(asker, quotaId, 40)).toMatchObject({ status: "recalling", recallNumber: 1 });
    await giveBack(quick, quickLease.leaseId!, 10, 1);
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "recalling", remainingAfter: "10" });
    await giveBack(slow, slowLease.leaseId!, 0, 1);
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "exhausted", remainingAfter: "10" });
    expect(await take(asker, quotaId, 10, { recall: 1 })).toMatchObject({ status: "granted", granted: "10" });
  });

  test("nobody recalls from itself", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    await take(gateway, quotaId, 1000);
    expect(await take(gateway, quotaId, 1)).toMatchObject({ status: "exhausted", recallNumber: 0 });
  });

  test("a lease that was taken after the recall does not keep the asker waiting", async () => {
    const { quotaId, holder, asker, leaseId } = await holdEverything();
    const rival = await startGateway();
    await take(asker, quotaId, 40);
    await giveBack(holder, leaseId, 40, 1);
    await take(rival, quotaId, 40);
    expect(await take(asker, quotaId, 40, { recall: 1 })).toMatchObject({ status: "exhausted" });
  });
});

describe("returning", () => {
  test("gives back at most what the lease has", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const { leaseId } = await take(gateway, quotaId, 300);
    expect(await giveBack(gateway, leaseId!, 100)).toMatchObject({ returned: "100" });
    expect(await giveBack(gateway, leaseId!, 250)).toMatchObject({ returned: "200" });
    expect(await giveBack(gateway, leaseId!, 1)).toMatchObject({ returned: "0" });
    expect(await giveBack(gateway, leaseId!, -5)).toMatchObject({ returned: "0" });
    expect(await windowOf(quotaId)).toMatchObject({ leased: "0", settled: "0" });
  });

  test("repeated with its id, is applied once; the next one is applied again", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const { leaseId } = await take(gateway, quotaId, 300);
    const returnId = randomUUID();
    expect(await giveBack(gateway, leaseId!, 100, 0, returnId)).toMatchObject({ returned: "100", repeated: false });
    expect(await giveBack(gateway, leaseId!, 100, 0, returnId)).toMatchObject({ returned: "0", repeated: true });
    expect(await giveBack(gateway, leaseId!, 50, 0, randomUUID())).toMatchObject({ returned: "50", repeated: false });
    expect(await giveBack(gateway, leaseId!, 1)).toMatchObject({ returned: "1", repeated: false });
    expect(await leaseOf(leaseId)).toMatchObject({ outstanding: "149" });
  });

  test("a lease of another gateway, of another boot, or of nobody is left alone", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const { leaseId } = await take(gateway, quotaId, 300);
    const strangers = [await startGateway(), { ...gateway, bootId: randomUUID() }];
    for (const stranger of strangers) {
      expect(await giveBack(stranger, leaseId!, 100)).toEqual({ leaseId, returned: "0", repeated: false });
    }
    expect(await giveBack(gateway, randomUUID(), 100)).toMatchObject({ returned: "0" });
    expect(await leaseOf(leaseId)).toMatchObject({ outstanding: "300" });
  });
});

describe("settling", () => {
  test("moves what was charged from leased to settled", async () => {
    const quotaId = await insertQuota(database);
    const lease = await take(await startGateway(), quotaId, 300);
    expect(await settle(quotaId, lease, 120)).toEqual({
      quotaId,
      windowStartMs: 0,
      leaseId: lease.leaseId,
      status: "settled",
      settled: "120",
      overrun: "0",
    });
    expect(await windowOf(quotaId)).toEqual({
      ceiling: "1000",
      settled: "120",
      leased: "180",
      unreconciled: "0",
      overrun: "0",
    });
    expect(await leaseOf(lease.leaseId)).toMatchObject({ outstanding: "180" });
  });

  test("books beyond the lease as overrun instead of failing, and says so", async () => {
    const quotaId = await insertQuota(database);
    const lease = await take(await startGateway(), quotaId, 300);
    expect(await settle(quotaId, lease, 310, 5)).toMatchObject({ status: "short", settled: "300", overrun: "15" });
    expect(await windowOf(quotaId)).toMatchObject({ settled: "300", leased: "0", overrun: "15" });
  });

  test("a charge to a lease or a quota that does not exist is never lost silently", async () => {
    const quotaId = await insertQuota(database);
    const other = await insertQuota(database);
    const gateway = await startGateway();
    const lease = await take(gateway, other, 300);
    const stray = { ...lease, leaseId: randomUUID() };
    expect(await settle(quotaId, stray, 10)).toMatchObject({ status: "unknown_lease", settled: "0", overrun: "10" });
    expect(await settle(quotaId, lease, 10)).toMatchObject({ status: "unknown_lease", settled: "0", overrun: "10" });
    expect(await settle("nobody's", lease, 10)).toMatchObject({ status: "unknown_quota", settled: "0", overrun: "0" });
    expect(await windowOf(quotaId)).toMatchObject({ overrun: "20", settled: "0" });
    expect(await leaseOf(lease.leaseId)).toMatchObject({ outstanding: "300" });
  });

  test("a soft budget has no ceiling, and its window appears with the first charge", async () => {
    const quotaId = await insertQuota(database, { mode: "soft", limit: 10n, period: "day", timeZone: "Europe/Berlin" });
    const windowStart = new Date("2026-10-24T22:00:00Z");
    const charge = { quotaId, windowStartMs: windowStart.getTime(), leaseId: null, charged: "25", overrun: "3" };
    expect(await settleQuotas(database, [charge, { ...charge, charged: "5", overrun: "0" }])).toMatchObject([
      { status: "settled", windowStartMs: charge.windowStartMs, settled: "25", overrun: "3" },
      { status: "settled", settled: "5", overrun: "0" },
    ]);
    const { rows } = await database.query("SELECT * FROM quota_window WHERE quota_id = $1", [quotaId]);
    expect(rows).toMatchObject([
      {
        window_start: windowStart,
        window_end: new Date("2026-10-25T23:00:00Z"),
        ceiling: null,
        settled: "30",
        overrun: "3",
      },
    ]);
  });

  test.each([
    ["negative charge", { charged: "-1", overrun: "0" }],
    ["negative overrun", { charged: "1", overrun: "-1" }],
  ])("a %s refuses the whole batch", async (_what, amounts) => {
    const quotaId = await insertQuota(database, { mode: "soft" });
    const good = { quotaId, windowStartMs: 0, leaseId: null, charged: "1", overrun: "0" };
    await expect(settleQuotas(database, [good, { ...good, ...amounts }])).rejects.toMatchObject({ code: "22023" });
    expect(await windowOf(quotaId)).toBeUndefined();
  });

  test("is part of the transaction that it is called in", async () => {
    const quotaId = await insertQuota(database, { mode: "soft" });
    const client = await database.connect();
    await client.query("BEGIN");
    await settleQuotas(client, [{ quotaId, windowStartMs: 0, leaseId: null, charged: "1", overrun: "0" }]);
    await client.query("ROLLBACK");
    client.release();
    expect(await windowOf(quotaId)).toBeUndefined();
  });
});

describe("a process that is lost", () => {
  test("its lease is set aside and still counts, until its journal is replayed and its boot released", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const survivor = await startGateway();
    const lease = await take(gateway, quotaId, 900);
    await fallSilent(gateway);
    expect(await expire()).toEqual({ lost: 1, freed: 0, closed: 0, deleted: 0 });
    expect(await windowOf(quotaId)).toMatchObject({ leased: "0", unreconciled: "900" });
    expect(await take(survivor, quotaId, 101)).toMatchObject({ status: "exhausted", remainingAfter: "100" });
    expect(await expire()).toEqual({ lost: 0, freed: 0, closed: 0, deleted: 0 });

    expect(await settle(quotaId, lease, 250)).toMatchObject({ status: "settled", settled: "250", overrun: "0" });
    expect(await windowOf(quotaId)).toMatchObject({ settled: "250", unreconciled: "650" });

    const rebooted = await startGateway(gateway.gatewayId);
    expect(await releaseEarlierBoot(database, rebooted.gatewayId, gateway.bootId)).toEqual([
      { leaseId: lease.leaseId, quotaId, windowStartMs: 0, released: "650" },
    ]);
    expect(await windowOf(quotaId)).toMatchObject({ settled: "250", leased: "0", unreconciled: "0", overrun: "0" });
    expect(await leaseOf(lease.leaseId)).toEqual({ outstanding: "0", state: "closed" });
    expect(await releaseEarlierBoot(database, rebooted.gatewayId, gateway.bootId)).toEqual([]);
    expect(await take(survivor, quotaId, 750)).toMatchObject({ status: "granted", granted: "750" });
  });

  test("when it turns out to have been away only, it goes on with the lease that it had", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    const lease = await take(gateway, quotaId, 600);
    await fallSilent(gateway);
    await expire();
    await beat(gateway);
    // Spent and returned while set aside, as if nothing had happened.
    expect(await settle(quotaId, lease, 50)).toMatchObject({ status: "settled", settled: "50" });
    expect(await giveBack(gateway, lease.leaseId!, 50)).toMatchObject({ returned: "50" });
    expect(await windowOf(quotaId)).toMatchObject({ settled: "50", leased: "0", unreconciled: "500" });
    // It lives, so others may recall from it; and its next ask puts the lease back into use.
    expect(await take(await startGateway(), quotaId, 500)).toMatchObject({ status: "recalling" });
    expect(await take(gateway, quotaId, 100)).toMatchObject({ status: "granted", leaseId: lease.leaseId });
    expect(await windowOf(quotaId)).toMatchObject({ settled: "50", leased: "600", unreconciled: "0" });
    expect(await leaseOf(lease.leaseId)).toEqual({ outstanding: "600", state: "active" });
  });

  test("the leases of a boot that was replaced are set aside too, once they are old", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    await take(gateway, quotaId, 600);
    await startGateway(gateway.gatewayId);
    expect(await expire()).toMatchObject({ lost: 0 });
    await database.query("UPDATE quota_lease SET updated_at = updated_at - interval '1 hour'");
    expect(await expire()).toMatchObject({ lost: 1 });
    expect(await windowOf(quotaId)).toMatchObject({ leased: "0", unreconciled: "600" });
  });

  test("its calls in flight have ended with it", async () => {
    const quotaId = await insertQuota(database, { unit: "concurrent_requests", period: "concurrent", limit: 10n });
    const gateway = await startGateway();
    const lease = await take(gateway, quotaId, 10);
    await fallSilent(gateway);
    expect(await expire()).toEqual({ lost: 0, freed: 1, closed: 0, deleted: 0 });
    expect(await leaseOf(lease.leaseId)).toEqual({ outstanding: "0", state: "closed" });
    expect(await take(await startGateway(), quotaId, 10)).toMatchObject({ status: "granted" });
  });

  test("nothing is taken for lost soon after the server has started", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    await take(gateway, quotaId, 600);
    await fallSilent(gateway);
    const { rows } = await database.query("SELECT * FROM quota_expire_leases('5 minutes', '1 day')");
    expect(rows).toEqual([{ lost_leases: 0, freed_leases: 0, closed_leases: 0, deleted_windows: 0 }]);
    expect(await windowOf(quotaId)).toMatchObject({ leased: "600" });
    const { rows: defaults } = await database.query(
      "SELECT pg_get_function_arguments('quota_expire_leases'::regproc) AS signature",
    );
    expect(defaults).toEqual([
      { signature: "stale_after interval, start_grace interval DEFAULT '00:02:00'::interval" },
    ]);
    // What the worker calls; this server may or may not be two minutes old.
    expect(await expireLeases(database, 3_600_000 * 24)).toMatchObject({ lostLeases: 0 });
  });
});

describe("releasing an earlier boot", () => {
  test("refuses the boot that is running", async () => {
    const quotaId = await insertQuota(database);
    const gateway = await startGateway();
    await take(gateway, quotaId, 600);
    await expect(releaseEarlierBoot(database, gateway.gatewayId, gateway.bootId)).rejects.toMatchObject({
      code: "55006",
    });
    expect(await windowOf(quotaId)).toMatchObject({ leased: "600" });
  });

  test("counts requests and tokens as used: no journal says how many were", async () => {
    const rate = await insertQuota(database, { unit: "tokens", period: "day" });
    const slots = await insertQuota(database, { unit: "concurrent_requests", period: "concurrent" });
    const gateway = await startGateway();
    await take(gateway, rate, 300);
    await take(gateway, slots, 200);
    await startGateway(gateway.gatewayId);
    const released = await releaseEarlierBoot(database, gateway.gatewayId, gateway.bootId);
    expect(released.map(({ quotaId, released: amount }) => [quotaId, amount])).toEqual([
      [rate, "0"],
      [slots, "200"],
    ]);
    expect(await windowOf(rate)).toMatchObject({ settled: "300", leased: "0" });
    expect(await windowOf(slots)).toMatchObject({ settled: "0", leased: "0" });
  });
});

describe("tidying up", () => {
  test("minutes that are long over are deleted, other windows and recent minutes stay", async () => {
    const rate = await insertQuota(database, { unit: "requests", period: "minute" });
    const daily = await insertQuota(database, { period: "day" });
    const gateway = await startGateway();
    await take(gateway, rate, 1);
    await take(gateway, daily, 1);
    for (const minutesAgo of [11, 30, 5]) {
      await database.query(
        `WITH ended AS (
           INSERT INTO quota_window (quota_id, window_start, window_end, ceiling, leased)
           SELECT $1, start, start + interval '1 minute', 1000, 5
           FROM (SELECT date_trunc('minute', now()) - $2::int * interval '1 minute' - interval '1 minute' AS start) AS at
           RETURNING quota_id, window_start
         )
         INSERT INTO quota_lease (id, quota_id, window_start, gateway_id, boot_id, outstanding)
         SELECT gen_random_uuid(), quota_id, window_start, $3, $4, 5 FROM ended`,
        [rate, minutesAgo, gateway.gatewayId, gateway.bootId],
      );
    }
    expect(await expire()).toMatchObject({ lost: 0, deleted: 2 });
    const { rows } = await database.query(
      "SELECT quota_id AS id, count(*)::int AS windows FROM quota_window GROUP BY 1",
    );
    expect(rows).toHaveLength(2);
    expect(rows).toEqual(
      expect.arrayContaining([
        { id: rate, windows: 2 },
        { id: daily, windows: 1 },
      ]),
    );
  });

  test("empty leases of windows that are over are closed; a late charge is still booked", async () => {
    const quotaId = await insertQuota(database, { period: "day" });
    const gateway = await startGateway();
    const lease = await take(gateway, quotaId, 100);
    await giveBack(gateway, lease.leaseId!, 100);
    expect(await expire()).toMatchObject({ closed: 0 });
    await database.query("UPDATE quota_window SET window_end = window_start + interval '1 millisecond'");
    expect(await expire()).toMatchObject({ closed: 1 });
    expect(await leaseOf(lease.leaseId)).toEqual({ outstanding: "0", state: "closed" });
    expect(await settle(quotaId, lease, 7)).toMatchObject({ status: "short", settled: "0", overrun: "7" });
  });
});

test.each<QuotaRow>([
  { unit: "requests", period: "minute" },
  { unit: "tokens", period: "day", timeZone: "Asia/Kathmandu" },
  { period: "week", timeZone: "Atlantic/Azores" },
  { period: "month", timeZone: "Australia/Lord_Howe" },
  { unit: "concurrent_requests", period: "concurrent" },
])("every kind of quota is leased and returned: %o", async (row) => {
  const quotaId = await insertQuota(database, row);
  const gateway = await startGateway();
  const lease = await take(gateway, quotaId, 1000);
  expect(lease.status).toBe("granted");
  expect(await giveBack(gateway, lease.leaseId!, 1000)).toMatchObject({ returned: "1000" });
  expect(await windowOf(quotaId)).toMatchObject({ leased: "0", ceiling: "1000" });
});
