/**
 * Many gateways, one worker and the expiry job at once, against the same few quotas. Every step is drawn from a seed;
 * how the database interleaves them is not, and must not matter.
 */
import { randomUUID } from "node:crypto";
import { Client, type Pool } from "pg";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import {
  type LeaseAsk,
  type QuotaRecall,
  type QuotaSettlement,
  returnLeases,
  sendHeartbeat,
  settleQuotas,
  takeLeases,
} from "../src/lease-protocol.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";
import { insertQuota } from "./insert-quota.ts";

let server: EmbeddedDatabase;
let connectionString: string;
let database: Pool;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  connectionString = await server.createMigratedDatabase();
  // Deadlocks are found after a second and fail the test; a statement that merely waits for its turn must not.
  database = createConnectionPool({ connectionString, poolSize: 16, statementTimeoutMs: 30_000 });
});
afterAll(async () => {
  await database.end();
  await server.stop();
});
beforeEach(async () => {
  await database.query("TRUNCATE gateway_process, quota_lease, quota_window, quota");
});

/** A small generator of repeatable numbers (mulberry32); answers an integer from 0 to below - 1. */
function seededNumbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

/** One gateway process, and what it believes to own: quota id -> its lease and the units left on it. */
class Gateway {
  readonly identity: { readonly gatewayId: string; readonly bootId: string };
  readonly owned = new Map<string, { leaseId: string; windowStartMs: number; units: number }>();

  constructor(gatewayId: string) {
    this.identity = { gatewayId, bootId: randomUUID() };
  }

  beat() {
    return sendHeartbeat(database, {
      ...this.identity,
      region: null,
      startedAtMs: 0,
      policyRevision: null,
      policyProblem: null,
    });
  }

  async take(asks: readonly LeaseAsk[]) {
    const answers = await takeLeases(database, this.identity, asks);
    for (const { status, quotaId, leaseId, windowStartMs, granted } of answers) {
      if (status !== "granted") continue;
      const lease = this.owned.get(quotaId) ?? { leaseId: leaseId!, windowStartMs: windowStartMs!, units: 0 };
      lease.units += Number(granted);
      this.owned.set(quotaId, lease);
    }
    return answers;
  }

  unitsOf(quotaId: string): number {
    return this.owned.get(quotaId)?.units ?? 0;
  }

  /** Takes units out of its own belief, at most `wanted`, before it tells anybody. */
  withdraw(quotaId: string, wanted: number): number {
    const lease = this.owned.get(quotaId);
    if (lease === undefined) return 0;
    const units = Math.min(wanted, lease.units);
    lease.units -= units;
    return units;
  }

  async giveBack(quotaId: string, wanted: number, recallAnswered: number | null = null) {
    const lease = this.owned.get(quotaId);
    if (lease === undefined) return;
    const units = this.withdraw(quotaId, wanted);
    const [answer] = await returnLeases(database, this.identity, [
      { leaseId: lease.leaseId, amount: String(units), recallAnswered, returnId: randomUUID() },
    ]);
    if (answer?.returned !== String(units)) throw new Error(`returned ${answer?.returned} of ${units}`);
  }

  settlement(quotaId: string, units: number): QuotaSettlement {
    const lease = this.owned.get(quotaId)!;
    const { leaseId, windowStartMs } = lease;
    return { quotaId, windowStartMs, leaseId, charged: String(units), overrun: "0" };
  }
}

async function windowSums() {
  const { rows } = await database.query<Record<"id" | "settled" | "leased" | "owned" | "overrun", string>>(`
    SELECT quota_id AS id, settled, leased, overrun,
      (SELECT coalesce(sum(outstanding), 0) FROM quota_lease
       WHERE quota_lease.quota_id = quota_window.quota_id) AS owned
    FROM quota_window ORDER BY quota_id`);
  return rows;
}

test.each([1, 2, 3])("what is taken, returned and settled adds up (seed %i)", async (seed) => {
  const limits = new Map<string, number>();
  for (const limit of [997, 5003, 20011]) limits.set(await insertQuota(database, { limit: BigInt(limit) }), limit);
  const quotaIds = [...limits.keys()];
  const settled = new Map(quotaIds.map((quotaId) => [quotaId, 0]));
  const gateways = Array.from({ length: 5 }, (_, index) => new Gateway(`gateway-${index}`));

  async function settleSome(gateway: Gateway, pick: (below: number) => number): Promise<void> {
    // One transaction of the worker, over several quotas in any order; every fifth is rolled back.
    const parts = [...gateway.owned.keys()].map((quotaId) => ({
      quotaId,
      units: gateway.withdraw(quotaId, pick(40)),
    }));
    if (pick(2) === 0) parts.reverse();
    const worker = await database.connect();
    try {
      await worker.query("BEGIN");
      const answers = await settleQuotas(
        worker,
        parts.map(({ quotaId, units }) => gateway.settlement(quotaId, units)),
      );
      expect(answers.filter(({ status, overrun }) => status !== "settled" || overrun !== "0")).toEqual([]);
      const isCommitted = pick(5) !== 0;
      await worker.query(isCommitted ? "COMMIT" : "ROLLBACK");
      for (const { quotaId, units } of parts) {
        if (isCommitted) settled.set(quotaId, settled.get(quotaId)! + units);
        else gateway.owned.get(quotaId)!.units += units;
      }
    } finally {
      worker.release();
    }
  }

  async function run(gateway: Gateway, pick: (below: number) => number): Promise<void> {
    await gateway.beat();
    for (let step = 0; step < 60; step += 1) {
      const action = pick(10);
      if (action < 5) {
        const asked = quotaIds.filter(() => pick(3) > 0);
        if (pick(2) === 0) asked.reverse();
        await gateway.take(
          asked.map((quotaId) => {
            const minimum = 1 + pick(50);
            return { quotaId, minimum: String(minimum), wanted: String(minimum + pick(50)), recall: null, at: "now" };
          }),
        );
      } else if (action < 8) {
        await settleSome(gateway, pick);
      } else if (action < 9) {
        await gateway.giveBack(quotaIds[pick(quotaIds.length)]!, pick(60));
      } else {
        await database.query("SELECT quota_expire_leases('1 hour', '0')");
      }
    }
  }

  // Each gateway twice: the worker settles a lease while its owner takes more of it or gives some back.
  const hands = [...gateways, ...gateways];
  await Promise.all(hands.map((gateway, index) => run(gateway, seededNumbers(seed * 1000 + index))));

  const believed = (quotaId: string) => gateways.reduce((sum, gateway) => sum + gateway.unitsOf(quotaId), 0);
  expect(await windowSums()).toEqual(
    quotaIds.map((id) => ({
      id,
      settled: String(settled.get(id)),
      leased: String(believed(id)),
      owned: String(believed(id)),
      overrun: "0",
    })),
  );
  for (const [quotaId, limit] of limits) expect(settled.get(quotaId)! + believed(quotaId)).toBeLessThanOrEqual(limit);
  expect(Math.max(...settled.values())).toBeGreaterThan(997);
});

test.each([11, 12])("gateways that compete spend a budget to its last unit (seed %i)", async (seed) => {
  const limit = 2003;
  const quotaId = await insertQuota(database, { limit: BigInt(limit) });
  const gateways = Array.from({ length: 4 }, (_, index) => new Gateway(`gateway-${index}`));
  let spent = 0;

  /** Leases what one call needs, waiting for a recall where that helps. Answers whether the call may go ahead. */
  async function admit(gateway: Gateway, cost: number): Promise<boolean> {
    let recall: number | null = null;
    while (gateway.unitsOf(quotaId) < cost) {
      const missing = String(cost - gateway.unitsOf(quotaId));
      const [answer] = await gateway.take([{ quotaId, minimum: missing, wanted: missing, recall, at: "now" }]);
      if (answer!.status === "exhausted") return false;
      recall = answer!.status === "recalling" ? answer!.recallNumber : null;
    }
    gateway.withdraw(quotaId, cost);
    return true;
  }

  async function serve(gateway: Gateway, pick: (below: number) => number): Promise<void> {
    const listener = new Client({ connectionString });
    await listener.connect();
    const answers: Promise<void>[] = [];
    listener.on("notification", ({ payload }) => {
      const { recall } = JSON.parse(payload!) as QuotaRecall;
      answers.push(gateway.giveBack(quotaId, Number.MAX_SAFE_INTEGER, recall));
    });
    await listener.query("LISTEN switchyard_quota_recall");
    await gateway.beat();
    for (let cost = 1 + pick(9); ; cost = 1 + pick(9)) {
      let isAdmitted = await admit(gateway, cost);
      if (!isAdmitted && cost > 1) {
        cost = 1;
        isAdmitted = await admit(gateway, cost);
      }
      if (!isAdmitted) break;
      await settleQuotas(database, [gateway.settlement(quotaId, cost)]);
      spent += cost;
    }
    await Promise.all(answers);
    await listener.end();
  }

  await Promise.all(gateways.map((gateway, index) => serve(gateway, seededNumbers(seed * 1000 + index))));

  expect(spent).toBe(limit);
  expect(await windowSums()).toEqual([{ id: quotaId, settled: String(limit), leased: "0", owned: "0", overrun: "0" }]);
});
