import { setTimeout as sleep } from "node:timers/promises";
import { settleQuotas } from "@switchyard/database/lease-protocol";
import type { Quota } from "@switchyard/metering/quota";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { HoldOutcome, QuotaHeld } from "./hold-outcome.ts";
import { windowOf } from "./soft-budget-window.ts";
import { MoneyDatabase, type LeasingGateway } from "../../test/admission/money-database.ts";

const cent = 10_000_000_000n;
let database: MoneyDatabase;

beforeAll(async () => {
  database = await MoneyDatabase.start();
});

afterAll(() => database.stop());

async function startGateways(count: number): Promise<LeasingGateway[]> {
  const gateways = await Promise.all(Array.from({ length: count }, () => database.startGateway()));
  onTestFinished(async () => {
    for (const gateway of gateways) await gateway.stop();
  });
  return gateways;
}

function heldOf(outcome: HoldOutcome): readonly QuotaHeld[] {
  if (outcome.kind !== "held") throw new Error(`refused: ${outcome.refusal.why}`);
  return outcome.held;
}

async function holdAll(gateways: readonly LeasingGateway[], quota: Quota, calls: number, amount: bigint) {
  const holds = gateways.flatMap(({ leases }) =>
    Array.from({ length: calls }, async () => leases.hold([{ quota, amount }])),
  );
  const outcomes = await Promise.all(holds);
  return {
    admitted: outcomes.filter(({ kind }) => kind === "held").length,
    refused: outcomes.filter((outcome) => outcome.kind === "refused" && outcome.refusal.why === "exhausted").length,
  };
}

async function settle(quota: Quota, held: QuotaHeld, charged: bigint): Promise<void> {
  const { windowStartMs, leaseId } = held.lease;
  const item = { quotaId: quota.quotaId, windowStartMs, leaseId, charged: charged.toString(), overrun: "0" };
  const [answer] = await settleQuotas(database.owner, [item]);
  if (answer?.status !== "settled") throw new Error(`not settled: ${answer?.status}`);
}

describe("a budget of one dollar", () => {
  it.each([
    [1, 200],
    [2, 150],
    [4, 100],
  ])("admits exactly 100 calls of a cent over %d processes with %d calls each", async (processes, calls) => {
    const budget = await database.addQuota(100n * cent);
    const gateways = await startGateways(processes);
    const { admitted, refused } = await holdAll(gateways, budget, calls, cent);
    expect({ admitted, refused }).toEqual({ admitted: 100, refused: processes * calls - 100 });
    expect(await database.committed(budget)).toMatchObject({ leased: 100n * cent, settled: 0n });
  });

  it("admits exactly 100 calls that come one after the other, now here, now there", async () => {
    const budget = await database.addQuota(100n * cent);
    const gateways = await startGateways(3);
    let admitted = 0;
    for (let call = 0; call < 110; call += 1) {
      const gateway = gateways[call % 3];
      const outcome = await gateway?.leases.hold([{ quota: budget, amount: cent }]);
      if (outcome?.kind === "held") admitted += 1;
    }
    expect(admitted).toBe(100);
  });

  it("is usable to the last cent when holds give back what they did not use", async () => {
    const budget = await database.addQuota(100n * cent);
    const gateways = await startGateways(3);
    let spent = 0n;
    // Each call holds five cents and costs one.
    for (let call = 0; call < 200 && spent + 5n * cent <= 100n * cent; call += 1) {
      const gateway = gateways[call % 3];
      if (gateway === undefined) continue;
      const [held] = heldOf(await gateway.leases.hold([{ quota: budget, amount: 5n * cent }]));
      if (held === undefined) throw new Error("nothing was held");
      gateway.leases.close(held, cent);
      await settle(budget, held, cent);
      spent += cent;
    }
    expect(spent).toBe(96n * cent);
    const [gateway] = gateways;
    expect(await gateway?.leases.hold([{ quota: budget, amount: 5n * cent }])).toMatchObject({ kind: "refused" });
    // What a refusal said is remembered for half a second, so this one asks elsewhere.
    expect(await gateways[1]?.leases.hold([{ quota: budget, amount: 4n * cent }])).toMatchObject({ kind: "held" });
  });
});

describe("several processes", () => {
  it("never pass a limit, whatever they hold and charge", async () => {
    const step = fc.record({
      gateway: fc.nat(2),
      kind: fc.constantFrom("hold", "hold", "hold", "close", "wait"),
      amount: fc.bigInt({ min: 1n, max: 60n }),
      percent: fc.nat(100),
    });
    const gateways = await startGateways(3);
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 80 }), async (steps) => {
        const budget = await database.addQuota(500n);
        const open: { readonly gateway: LeasingGateway; readonly held: QuotaHeld }[] = [];
        const pending: Promise<void>[] = [];
        let spent = 0n;
        for (const { gateway: index, kind, amount, percent } of steps) {
          const gateway = gateways[index];
          if (gateway === undefined) continue;
          if (kind === "hold") {
            const hold = async (): Promise<void> => {
              const outcome = await gateway.leases.hold([{ quota: budget, amount }]);
              if (outcome.kind === "held") open.push(...outcome.held.map((held) => ({ gateway, held })));
            };
            pending.push(hold());
          } else if (kind === "close") {
            const last = open.pop();
            if (last === undefined) continue;
            const charged = (last.held.amount * BigInt(percent)) / 100n;
            last.gateway.leases.close(last.held, charged);
            if (charged > 0n) await settle(budget, last.held, charged);
            spent += charged;
          } else {
            await sleep(1);
          }
          // The limit itself is a CHECK of the database: breaking it would have thrown.
          const { settled } = await database.committed(budget);
          expect(settled).toBe(spent);
        }
        await Promise.all(pending);
        const held = open.reduce((sum, { held: { amount } }) => sum + amount, 0n);
        expect(spent + held).toBeLessThanOrEqual(500n);
        for (const { gateway, held: rest } of open) gateway.leases.close(rest, 0n);
        const { settled, leased } = await database.committed(budget);
        expect(settled + leased).toBeLessThanOrEqual(500n);
      }),
      { numRuns: 15 },
    );
  });

  it("keep to a limit of calls in flight", async () => {
    const limit = await database.addQuota(10n, { unit: "concurrent_requests", period: "concurrent" });
    const gateways = await startGateways(2);
    let inFlight = 0;
    let most = 0;
    const call = async ({ leases }: LeasingGateway): Promise<void> => {
      const outcome = await leases.hold([{ quota: limit, amount: 1n }]);
      if (outcome.kind !== "held") return;
      inFlight += 1;
      most = Math.max(most, inFlight);
      await sleep(2);
      inFlight -= 1;
      for (const held of outcome.held) leases.close(held, 0n);
    };
    for (let round = 0; round < 10; round += 1) {
      await Promise.all(gateways.flatMap((gateway) => Array.from({ length: 15 }, () => call(gateway))));
    }
    expect(most).toBe(10);
  });

  it("give back at once what another one needs", async () => {
    const budget = await database.addQuota(100n * cent);
    const [idle, busy] = await startGateways(2);
    if (idle === undefined || busy === undefined) throw new Error("no gateways");
    const [held] = heldOf(await idle.leases.hold([{ quota: budget, amount: 90n * cent }]));
    if (held === undefined) throw new Error("nothing was held");
    idle.leases.close(held, cent);
    await settle(budget, held, cent);
    expect(await busy.leases.hold([{ quota: budget, amount: 99n * cent }])).toMatchObject({ kind: "held" });
  });

  it("leave a killed one's lease alone until its journal is settled, and get the rest of it then", async () => {
    const budget = await database.addQuota(100n * cent);
    const victim = await database.startGateway();
    const [survivor] = await startGateways(1);
    if (survivor === undefined) throw new Error("no gateway");
    const [lost] = heldOf(await victim.leases.hold([{ quota: budget, amount: 30n * cent }]));
    const [done] = heldOf(await victim.leases.hold([{ quota: budget, amount: 40n * cent }]));
    if (lost === undefined || done === undefined) throw new Error("nothing was held");
    victim.leases.close(done, 10n * cent);
    await victim.drop();
    await database.owner.query(
      "UPDATE gateway_process SET heartbeat_at = heartbeat_at - interval '1 hour' WHERE gateway_id = $1",
      [victim.gatewayId],
    );
    const more = await survivor.leases.hold([{ quota: budget, amount: 60n * cent }]);
    expect(more).toMatchObject({ kind: "refused" });

    // What the replay finds in the journal: one close, and one hold without any.
    await settle(budget, done, 10n * cent);
    await settle(budget, lost, 30n * cent);
    const restarted = await database.startGateway(victim.gatewayId);
    onTestFinished(() => restarted.stop());
    await restarted.repository.releaseEarlierBoot(victim.bootId);
    expect(await database.committed(budget)).toMatchObject({ settled: 40n * cent, unreconciled: 0n, overrun: 0n });
    await sleep(510);
    expect(await survivor.leases.hold([{ quota: budget, amount: 60n * cent }])).toMatchObject({ kind: "held" });
  });
});

describe("the windows of soft budgets", () => {
  it("are those of the database", async () => {
    const zones = [
      "UTC",
      "Europe/Berlin",
      "America/New_York",
      "America/Havana",
      "Asia/Kathmandu",
      "Pacific/Apia",
      "Africa/Cairo",
    ];
    const instant = fc.integer({ min: Date.UTC(2020, 0, 1), max: Date.UTC(2035, 0, 1) });
    // Clocks that are set back or forward over midnight are where such rules differ.
    const awkward = fc.constantFrom(
      Date.UTC(2026, 10, 1, 4, 30),
      Date.UTC(2026, 10, 1, 5, 30),
      Date.UTC(2026, 2, 8, 5, 30),
      Date.UTC(2026, 3, 23, 22, 30),
      Date.UTC(2026, 9, 29, 21, 30),
      Date.UTC(2011, 11, 30, 12, 0),
    );
    const period = fc.constantFrom("minute", "day", "week", "month", "total");
    await fc.assert(
      fc.asyncProperty(fc.oneof(instant, awkward), fc.constantFrom(...zones), period, async (atMs, timeZone, of) => {
        const { rows } = await database.owner.query<{ start_ms: number; end_ms: number | null }>(
          `SELECT extract(epoch FROM window_start)::float8 * 1000 AS start_ms,
             extract(epoch FROM window_end)::float8 * 1000 AS end_ms
           FROM quota_window_bounds($1, $2, timestamptz 'epoch' + $3::bigint * interval '1 millisecond')`,
          [of, timeZone, atMs],
        );
        const { startMs, endMs } = windowOf({ period: of, timeZone }, atMs);
        expect({ start_ms: startMs, end_ms: endMs === Infinity ? null : endMs }).toEqual(rows[0]);
      }),
      { numRuns: 300 },
    );
  });
});

it("finds again what was granted in an answer that got lost, and gives it to whoever asks", async () => {
  const budget = await database.addQuota(100n * cent);
  const [unlucky, other] = (await startGateways(2)) as [LeasingGateway, LeasingGateway];
  const take = unlucky.repository.take.bind(unlucky.repository);
  let needs = 0;
  unlucky.repository.take = async (asks) => {
    const answers = await take(asks);
    // What is asked for ahead of need, because little is left afterwards, is another matter.
    if (!asks.some(({ minimum }) => BigInt(minimum) === 80n * cent)) return answers;
    needs += 1;
    if (needs === 1) throw new Error("the connection was lost");
    return answers;
  };
  const [held] = heldOf(await unlucky.leases.hold([{ quota: budget, amount: 80n * cent }]));
  // Found, and not asked for a second time.
  expect(needs).toBe(1);
  if (held === undefined) throw new Error("nothing was held");
  unlucky.leases.close(held, 0n);
  expect(await other.leases.hold([{ quota: budget, amount: 100n * cent }])).toMatchObject({ kind: "held" });
  expect(await database.committed(budget)).toMatchObject({ leased: 100n * cent });
});
