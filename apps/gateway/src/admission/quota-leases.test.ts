import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Quota } from "@switchyard/metering/quota";
import { DatabaseReachability } from "./database-reachability.ts";
import type { HoldOutcome, QuotaHeld } from "./hold-outcome.ts";
import { QuotaLeases } from "./quota-leases.ts";
import { LeaseDatabaseModel } from "../../test/admission/lease-database-model.ts";

function quota(quotaId: string, limit: bigint, more: Partial<Quota> = {}): Quota {
  return {
    quotaId,
    name: quotaId,
    unit: "pico_usd",
    period: "total",
    timeZone: "UTC",
    limit: limit.toString(),
    mode: "hard",
    whenShort: "refuse",
    scopeType: "team",
    scopeId: "team",
    ...more,
  };
}

const perMinute = { unit: "requests", period: "minute" } as const;
const noLog = { warn: () => undefined };
const noMetrics = { countAnswer: () => undefined };

interface Gateway {
  readonly leases: QuotaLeases;
  readonly reachability: DatabaseReachability;
}

/** Processes around one database model; `clock` is the monotonic clock of all of them and stands still unless moved. */
function setUp(quotas: readonly Quota[]) {
  const database = new LeaseDatabaseModel();
  const clock = { now: 1_000, isRunning: false };
  const advance = (milliseconds: number) => {
    clock.now += milliseconds;
    database.nowMs += milliseconds;
  };
  for (const { quotaId, limit, period } of quotas) {
    database.quotas.set(quotaId, { limit: BigInt(limit), periodMs: period === "minute" ? 60_000 : null });
  }
  const now = () => clock.now + (clock.isRunning ? performance.now() : 0);
  const start = (gatewayId: string, liveGateways = 1): Gateway => {
    const reachability = new DatabaseReachability(liveGateways);
    const connected = database.connect(gatewayId, (...recall) => leases.answerRecall(...recall));
    const leases = new QuotaLeases({ database: connected, reachability, logger: noLog, metrics: noMetrics, now });
    reachability.reportAnswer(liveGateways);
    onTestFinished(async () => void (await leases.returnEverything()));
    return { leases, reachability };
  };
  return { database, clock, advance, start };
}

const turns = async (count: number) => {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

function heldOf(outcome: HoldOutcome): readonly QuotaHeld[] {
  if (outcome.kind !== "held") throw new Error(`refused: ${outcome.refusal.why}`);
  return outcome.held;
}

describe("a lease that covers the call", () => {
  it("is spent without a promise and without the database", async () => {
    const budget = quota("budget", 1_000n);
    const { database, start } = setUp([budget]);
    const { leases } = start("a");
    await leases.hold([{ quota: budget, amount: 10n }]);
    const asked = database.asks.length;
    for (let call = 0; call < 5; call += 1) {
      const outcome = leases.hold([{ quota: budget, amount: 10n }]);
      expect(outcome).toMatchObject({ kind: "held" });
    }
    expect(database.asks).toHaveLength(asked);
  });

  it("holds all needs or none", async () => {
    const large = quota("large", 1_000n);
    const small = quota("small", 10n);
    const { database, start } = setUp([large, small]);
    const { leases } = start("a");
    const needs = [
      { quota: large, amount: 5n },
      { quota: small, amount: 8n },
    ];
    const first = heldOf(await leases.hold(needs));
    const before = leases.knowledgeOf(large);
    expect(await leases.hold(needs)).toMatchObject({ kind: "refused", refusal: { quota: small, why: "exhausted" } });
    expect(leases.knowledgeOf(large)).toEqual(before);
    for (const held of first) leases.close(held, 0n);
    expect(leases.hold(needs)).toMatchObject({ kind: "held" });
    expect(database.committed("small")).toBeLessThanOrEqual(10n);
  });

  it("is refilled in the background before it runs dry", async () => {
    const budget = quota("budget", 1_000n);
    const { database, start, advance } = setUp([budget]);
    const { leases } = start("a");
    // The first grant is a slice of a tenth of the limit.
    await leases.hold([{ quota: budget, amount: 1n }]);
    expect(database.asks).toHaveLength(1);
    advance(1_000);
    expect(leases.hold([{ quota: budget, amount: 76n }])).toMatchObject({ kind: "held" });
    await turns(8);
    expect(database.asks).toHaveLength(2);
    expect(database.asks[1]).toEqual([{ quotaId: "budget", minimum: "1", wanted: "1", recall: 0, at: "now" }]);
    expect(leases.hold([{ quota: budget, amount: 60n }])).toMatchObject({ kind: "held" });
  });
});

describe("calls that come together", () => {
  it("share one round trip for all their quotas", async () => {
    const quotas = ["one", "two", "three"].map((id) => quota(id, 100_000n));
    const { database, start } = setUp(quotas);
    const { leases } = start("a");
    const needs = quotas.map((of) => ({ quota: of, amount: 1_000n }));
    const outcomes = await Promise.all(Array.from({ length: 50 }, async () => leases.hold(needs)));
    expect(outcomes.every(({ kind }) => kind === "held")).toBe(true);
    expect(database.asks).toHaveLength(1);
    expect(database.asks[0]?.map(({ minimum, wanted }) => [minimum, wanted])).toEqual([
      ["1000", "50000"],
      ["1000", "50000"],
      ["1000", "50000"],
    ]);
  });

  it("are served in the order they came, a small one not before a large one", async () => {
    const budget = quota("budget", 100n);
    const { start } = setUp([budget]);
    const { leases } = start("a");
    const order: string[] = [];
    const call = async (name: string, amount: bigint) => {
      const outcome = await leases.hold([{ quota: budget, amount }]);
      order.push(`${name} ${outcome.kind}`);
    };
    await Promise.all([call("large", 90n), call("small", 5n), call("too large", 50n), call("fits", 4n)]);
    expect(order.toSorted()).toEqual(["fits held", "large held", "small held", "too large refused"]);
    expect(order[0]).toBe("large held");
  });

  it("are not kept waiting by one that waits for another quota", async () => {
    const shared = quota("shared", 1_000n);
    const spent = quota("spent", 10n);
    const { database, start } = setUp([shared, spent]);
    const other = start("other");
    const { leases } = start("a");
    await other.leases.hold([{ quota: spent, amount: 10n }]);
    database.forget("other");
    // "other" holds all of it and never answers the recall.
    database.connect("other", () => undefined);
    const stuck = leases.hold([
      { quota: spent, amount: 1n },
      { quota: shared, amount: 1n },
    ]);
    expect(await leases.hold([{ quota: shared, amount: 1n }])).toMatchObject({ kind: "held" });
    expect(stuck).toBeInstanceOf(Promise);
    expect(await Promise.race([stuck, turns(5).then(() => "still waiting")])).toBe("still waiting");
    await other.leases.returnEverything();
  });
});

describe("an exhausted quota", () => {
  it("is not asked for again for half a second, nor across the end of its window", async () => {
    const limit = quota("limit", 2n, perMinute);
    const { database, start, advance } = setUp([limit]);
    const { leases } = start("a");
    const need = [{ quota: limit, amount: 1n }];
    await leases.hold(need);
    await leases.hold(need);
    expect(await leases.hold(need)).toMatchObject({ kind: "refused" });
    const asked = database.asks.length;
    for (let call = 0; call < 100; call += 1) expect(leases.hold(need)).toMatchObject({ kind: "refused" });
    await turns(5);
    expect(database.asks).toHaveLength(asked);
    advance(501);
    expect(await leases.hold(need)).toMatchObject({ kind: "refused" });
    expect(database.asks).toHaveLength(asked + 1);
    const { refusal } = leases.hold(need) as Extract<HoldOutcome, { kind: "refused" }>;
    expect(refusal.resetsInMs).toBeGreaterThan(0);
    advance(refusal.resetsInMs ?? 0);
    expect(await leases.hold(need)).toMatchObject({ kind: "held" });
  });

  it("says what would still fit, and lets that through", async () => {
    const budget = quota("budget", 100n);
    const { start } = setUp([budget]);
    const { leases } = start("a");
    await leases.hold([{ quota: budget, amount: 70n }]);
    expect(await leases.hold([{ quota: budget, amount: 31n }])).toMatchObject({
      kind: "refused",
      refusal: { why: "exhausted", remaining: 30n },
    });
    expect(await leases.hold([{ quota: budget, amount: 30n }])).toMatchObject({ kind: "held" });
  });

  it("lets a call through as soon as another one gave its hold back", async () => {
    const budget = quota("budget", 100n);
    const { start } = setUp([budget]);
    const { leases } = start("a");
    const [held] = heldOf(await leases.hold([{ quota: budget, amount: 100n }]));
    expect(await leases.hold([{ quota: budget, amount: 60n }])).toMatchObject({ kind: "refused" });
    if (held === undefined) throw new Error("nothing was held");
    leases.close(held, 40n);
    expect(leases.hold([{ quota: budget, amount: 60n }])).toMatchObject({ kind: "held" });
  });
});

// Many interleavings, on a machine that may be busy.
describe("several processes", { timeout: 60_000 }, () => {
  const setUpRunning = (quotas: readonly Quota[]) => {
    const world = setUp(quotas);
    world.clock.isRunning = true;
    return world;
  };

  it("give back what they do not use when another one is short", async () => {
    const budget = quota("budget", 100n);
    const { database, start } = setUpRunning([budget]);
    const a = start("a");
    const b = start("b");
    const [heldByA] = heldOf(await a.leases.hold([{ quota: budget, amount: 60n }]));
    if (heldByA === undefined) throw new Error("nothing was held");
    a.leases.close(heldByA, 10n);
    expect(a.leases.knowledgeOf(budget)?.remaining).toBeGreaterThanOrEqual(50n);
    expect(await b.leases.hold([{ quota: budget, amount: 90n }])).toMatchObject({ kind: "held" });
    expect(database.committed("budget")).toBe(100n);
  });

  it("answer a recall that comes while another one is being answered", async () => {
    const budget = quota("budget", 100n);
    const { database, start } = setUpRunning([budget]);
    const a = start("a");
    const b = start("b");
    const [held] = heldOf(await a.leases.hold([{ quota: budget, amount: 100n }]));
    if (held === undefined) throw new Error("nothing was held");
    a.leases.answerAllRecalls();
    await turns(2);
    // Under way now: it answers every recall there was, but not this one.
    const waiting = b.leases.hold([{ quota: budget, amount: 60n }]);
    a.leases.close(held, 0n);
    expect(await waiting).toMatchObject({ kind: "held" });
    expect(database.committed("budget")).toBeLessThanOrEqual(100n);
  });

  it("join what each has too little of: nobody is refused what is there", async () => {
    const budget = quota("budget", 100n);
    const { start } = setUpRunning([budget]);
    const a = start("a");
    const b = start("b");
    const [heldByA] = heldOf(await a.leases.hold([{ quota: budget, amount: 60n }]));
    const [heldByB] = heldOf(await b.leases.hold([{ quota: budget, amount: 40n }]));
    if (heldByA === undefined || heldByB === undefined) throw new Error("nothing was held");
    a.leases.close(heldByA, 0n);
    b.leases.close(heldByB, 0n);
    const outcomes = await Promise.all([
      a.leases.hold([{ quota: budget, amount: 100n }]),
      b.leases.hold([{ quota: budget, amount: 100n }]),
    ]);
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(["held", "refused"]);
  });

  it("wait two seconds at most for one that does not answer", async () => {
    const budget = quota("budget", 100n);
    const { database, start, clock } = setUp([budget]);
    const a = start("a");
    const b = start("b");
    const [held] = heldOf(await a.leases.hold([{ quota: budget, amount: 100n }]));
    if (held === undefined) throw new Error("nothing was held");
    a.leases.close(held, 0n);
    database.connect("a", () => undefined);
    const waiting = Promise.resolve(b.leases.hold([{ quota: budget, amount: 1n }]));
    let outcome: HoldOutcome | null = null;
    void waiting.then((settled) => (outcome = settled));
    for (let step = 0; step < 400 && outcome === null; step += 1) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      clock.now += 10;
    }
    expect(await waiting).toMatchObject({ kind: "refused", refusal: { why: "exhausted" } });
    expect(clock.now).toBeGreaterThan(3_000);
  });

  it("admit exactly as many calls as the budget covers, whatever the order of events", async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.integer({ min: 2, max: 4 }), async (scheduler, processes) => {
        const budget = quota("budget", 100n);
        const { database, start } = setUpRunning([budget]);
        database.delay = () => scheduler.schedule(Promise.resolve());
        const gateways = Array.from({ length: processes }, (_, index) => start(`g${index}`));
        const calls = gateways.flatMap(({ leases }) =>
          Array.from({ length: 12 }, () => Promise.resolve(leases.hold([{ quota: budget, amount: 5n }]))),
        );
        const all = Promise.all(calls);
        let isDone = false;
        void all.then(() => (isDone = true));
        while (!isDone) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          await scheduler.waitIdle();
          expect(database.committed("budget")).toBeLessThanOrEqual(100n);
        }
        const outcomes = await all;
        expect(outcomes.filter(({ kind }) => kind === "held")).toHaveLength(20);
        database.delay = () => Promise.resolve();
      }),
      { numRuns: 25 },
    );
  });

  it("never pass the limit, and give everything back in the end", async () => {
    const step = fc.record({
      gateway: fc.nat(2),
      kind: fc.constantFrom("hold", "hold", "close", "turn", "tick"),
      amount: fc.bigInt({ min: 1n, max: 40n }),
      charged: fc.nat(100),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 60 }), async (steps) => {
        const budget = quota("budget", 300n);
        const { database, start, advance } = setUpRunning([budget]);
        const gateways = [start("a"), start("b"), start("c")];
        const open: { readonly gateway: Gateway; readonly held: QuotaHeld }[] = [];
        const pending: Promise<void>[] = [];
        let spent = 0n;
        const close = (percent: number) => {
          const last = open.pop();
          if (last === undefined) return;
          const { gateway, held } = last;
          const charged = (held.amount * BigInt(percent)) / 100n;
          gateway.leases.close(held, charged);
          database.settle("budget", held.lease.windowStartMs, held.lease.leaseId ?? "", charged);
          spent += charged;
        };
        for (const { gateway: index, kind, amount, charged } of steps) {
          const gateway = gateways[index];
          if (gateway === undefined) continue;
          if (kind === "hold") {
            const outcome = Promise.resolve(gateway.leases.hold([{ quota: budget, amount }]));
            pending.push(
              outcome.then((settled) => {
                if (settled.kind === "held") open.push(...settled.held.map((held) => ({ gateway, held })));
              }),
            );
          } else if (kind === "close") close(charged);
          else if (kind === "tick") gateway.leases.tick();
          else await turns(3);
          expect(database.committed("budget")).toBeLessThanOrEqual(300n);
        }
        await Promise.all(pending);
        while (open.length > 0) close(50);
        // Wherever the rest lies idle, one call that needs all of it gets it, once no refusal is remembered any more.
        advance(501);
        const [first] = gateways;
        if (first === undefined || spent === 300n) return;
        for (const held of heldOf(await first.leases.hold([{ quota: budget, amount: 300n - spent }]))) {
          first.leases.close(held, 0n);
        }
        for (const { leases } of gateways) await leases.returnEverything();
        expect(database.committed("budget")).toBe(spent);
      }),
      { numRuns: 60 },
    );
  });
});

describe("a window that ends", () => {
  it("leaves calls under way charging their own window, and gives the rest back", async () => {
    const budget = quota("budget", 1_000n, { period: "day" });
    const { database, start, advance } = setUp([budget]);
    database.quotas.set("budget", { limit: 1_000n, periodMs: 86_400_000 });
    const { leases } = start("a");
    const yesterday = database.nowMs;
    const [held] = heldOf(await leases.hold([{ quota: budget, amount: 50n }]));
    if (held === undefined) throw new Error("nothing was held");
    advance(86_400_000);
    leases.tick();
    await turns(8);
    expect(database.committed("budget", yesterday)).toBe(50n);
    const [today] = heldOf(await leases.hold([{ quota: budget, amount: 50n }]));
    expect(today?.lease).not.toBe(held.lease);
    leases.close(held, 20n);
    await turns(8);
    expect(database.committed("budget", yesterday)).toBe(20n);
  });

  it("has the next minute's lease ready before it begins", async () => {
    const limit = quota("limit", 600n, perMinute);
    const { database, start, advance } = setUp([limit]);
    database.nowMs = 1_800_000_000_000;
    const { leases } = start("a");
    await leases.hold([{ quota: limit, amount: 1n }]);
    advance(58_499);
    leases.tick();
    await turns(8);
    expect(database.asks).toHaveLength(1);
    advance(2);
    leases.tick();
    await turns(8);
    expect(database.asks[1]).toMatchObject([{ at: "next", minimum: "1", recall: 0 }]);
    leases.tick();
    await turns(8);
    expect(database.asks).toHaveLength(2);
    advance(1_499);
    expect(leases.hold([{ quota: limit, amount: 1n }])).toMatchObject({ kind: "held" });
  });

  it("does not lease the next minute for a limit that nobody used", async () => {
    const limit = quota("limit", 600n, perMinute);
    const { database, start, advance } = setUp([limit]);
    const { leases } = start("a");
    const [held] = heldOf(await leases.hold([{ quota: limit, amount: 1n }]));
    if (held !== undefined) leases.close(held, 0n);
    advance(59_000);
    leases.tick();
    await turns(8);
    expect(database.asks).toHaveLength(1);
  });
});

describe("without the database", () => {
  it("goes on spending what it has, and then refuses money at once", async () => {
    const budget = quota("budget", 1_000n);
    const { database, start } = setUp([budget]);
    const { leases, reachability } = start("a");
    await leases.hold([{ quota: budget, amount: 1n }]);
    database.isDown = true;
    expect(leases.hold([{ quota: budget, amount: 99n }])).toMatchObject({ kind: "held" });
    // The first call that is short finds out, the next ones know.
    expect(await leases.hold([{ quota: budget, amount: 5n }])).toMatchObject({ refusal: { why: "unavailable" } });
    expect(reachability.isReachable).toBe(false);
    expect(leases.hold([{ quota: budget, amount: 5n }])).toMatchObject({ refusal: { why: "unavailable" } });
  });

  it("keeps to an even share of a rate limit, less what it used already", async () => {
    const limit = quota("limit", 100n, perMinute);
    const { database, start, advance } = setUp([limit]);
    const { leases, reachability } = start("a", 4);
    const [held] = heldOf(await leases.hold([{ quota: limit, amount: 10n }]));
    expect(held?.amount).toBe(10n);
    database.isDown = true;
    reachability.reportFailure();
    const one = [{ quota: limit, amount: 1n }];
    let admitted = 0;
    for (let call = 0; call < 60; call += 1) {
      const outcome = leases.hold(one);
      if (!(outcome instanceof Promise) && outcome.kind === "held") admitted += 1;
    }
    // 100 / 4 = 25, of which 10 were used from a lease.
    expect(admitted).toBe(15);
    expect(leases.hold(one)).toMatchObject({ refusal: { why: "exhausted" } });
    advance(60_000);
    admitted = 0;
    for (let call = 0; call < 60; call += 1) {
      const outcome = leases.hold(one);
      if (!(outcome instanceof Promise) && outcome.kind === "held") admitted += 1;
    }
    expect(admitted).toBe(25);
  });

  it("leases again as soon as the database is back", async () => {
    const limit = quota("limit", 100n, perMinute);
    const { database, start } = setUp([limit]);
    const { leases, reachability } = start("a", 2);
    database.isDown = true;
    reachability.reportFailure();
    expect(leases.hold([{ quota: limit, amount: 1n }])).toMatchObject({ kind: "held" });
    database.isDown = false;
    reachability.reportAnswer(2);
    const [held] = heldOf(await leases.hold([{ quota: limit, amount: 1n }]));
    expect(held?.lease.leaseId).not.toBeNull();
  });

  it("knows at the end whether something may still count as leased that nobody has", async () => {
    const budget = quota("budget", 1_000n);
    const { database, start } = setUp([budget]);
    const calm = start("calm");
    await calm.leases.hold([{ quota: budget, amount: 1n }]);
    expect(await calm.leases.returnEverything()).toBe(true);
    const unlucky = start("unlucky");
    database.losesAnswers = true;
    expect(await unlucky.leases.hold([{ quota: budget, amount: 1n }])).toMatchObject({ kind: "refused" });
    database.losesAnswers = false;
    unlucky.reachability.reportAnswer(1);
    // Looked up and given back, as soon as the database is there again.
    expect(await unlucky.leases.returnEverything()).toBe(true);
    expect(database.committed("budget")).toBe(1n);
  });

  it("asks once more before it takes the database for away", async () => {
    const budget = quota("budget", 100n);
    const { database, start } = setUp([budget]);
    const { leases, reachability } = start("a");
    database.losesAnswers = true;
    const outcome = leases.hold([{ quota: budget, amount: 100n }]);
    while (database.asks.length === 0) await turns(1);
    await turns(1);
    database.losesAnswers = false;
    expect(await outcome).toMatchObject({ kind: "held" });
    expect(reachability.isReachable).toBe(true);
    expect(database.committed("budget")).toBe(100n);
  });

  it("spends what was granted to it in an answer that got lost", async () => {
    const budget = quota("budget", 100n);
    const { database, start } = setUp([budget]);
    const { leases, reachability } = start("a");
    database.losesAnswers = true;
    expect(await leases.hold([{ quota: budget, amount: 100n }])).toMatchObject({ kind: "refused" });
    database.losesAnswers = false;
    expect(database.committed("budget")).toBe(100n);
    reachability.reportAnswer(1);
    await turns(8);
    expect(leases.hold([{ quota: budget, amount: 60n }])).toMatchObject({ kind: "held" });
    expect(leases.hold([{ quota: budget, amount: 40n }])).toMatchObject({ kind: "held" });
    expect(await leases.hold([{ quota: budget, amount: 1n }])).toMatchObject({ kind: "refused" });
    expect(database.committed("budget")).toBe(100n);
  });

  it("repeats a return of unknown outcome under the same id, so that it counts once", async () => {
    const budget = quota("budget", 100n);
    const { database, start } = setUp([budget]);
    const { leases, reachability } = start("a");
    const [held] = heldOf(await leases.hold([{ quota: budget, amount: 30n }]));
    if (held === undefined) throw new Error("nothing was held");
    leases.close(held, 0n);
    database.losesAnswers = true;
    leases.answerRecall("budget", 0, 1);
    await turns(8);
    expect(reachability.isReachable).toBe(false);
    expect(database.committed("budget")).toBe(0n);
    database.losesAnswers = false;
    reachability.reportAnswer(1);
    await turns(8);
    const ids = database.returns.flat().map(({ returnId }) => returnId);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids).size).toBe(1);
    expect(database.committed("budget")).toBe(0n);
  });
});

describe("a quota that the database does not know", () => {
  it("limits nothing: it was archived after this policy was made", async () => {
    const archived = quota("archived", 1n);
    const { start } = setUp([]);
    const { leases } = start("a");
    expect(await leases.hold([{ quota: archived, amount: 5n }])).toEqual({ kind: "held", held: [] });
    expect(leases.hold([{ quota: archived, amount: 5n }])).toEqual({ kind: "held", held: [] });
  });
});
