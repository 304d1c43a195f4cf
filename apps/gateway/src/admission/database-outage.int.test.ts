import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { HoldOutcome } from "./hold-outcome.ts";
import { MoneyDatabase } from "../../test/admission/money-database.ts";
import { soon } from "../../test/soon.ts";

const cent = 10_000_000_000n;
let database: MoneyDatabase;

beforeAll(async () => {
  // Writes through to the disk: what a test is told must survive the server's death.
  database = await MoneyDatabase.start({ durable: true });
});

afterAll(() => database.stop());

function expectHeld(outcome: HoldOutcome): void {
  expect(outcome).toMatchObject({ kind: "held" });
}

describe("a database that is killed", () => {
  it("is not missed while leases last, refuses money after that, and is found again", async () => {
    const budget = await database.addQuota(1_000n * cent);
    const limit = await database.addQuota(100n, { unit: "requests", period: "day" });
    const gateway = await database.startGateway();
    const other = await database.startGateway();
    onTestFinished(async () => {
      await gateway.stop();
      await other.stop();
    });
    // Something to report makes it beat at once, and learn of the other.
    gateway.heartbeat.reportPolicy(1, null);
    await expect.poll(() => gateway.reachability.liveGateways, soon).toBe(2);
    // Leases a tenth of the budget.
    expectHeld(await gateway.leases.hold([{ quota: budget, amount: cent }]));
    await database.server.kill();
    // Connections that are open may be served for a moment after the server died.
    const ask = async () => (await gateway.repository.take([])).length;
    await expect.poll(() => ask().catch(() => "dead"), soon).toBe("dead");
    expectHeld(await gateway.leases.hold([{ quota: budget, amount: 50n * cent }]));
    const short = await gateway.leases.hold([{ quota: budget, amount: 500n * cent }]);
    expect(short).toMatchObject({ refusal: { why: "unavailable" } });
    // A rate limit that was never leased goes on by an even share.
    const outcomes = Array.from({ length: 80 }, () => gateway.leases.hold([{ quota: limit, amount: 1n }]));
    expect(outcomes.filter((outcome) => !(outcome instanceof Promise) && outcome.kind === "held")).toHaveLength(50);

    await database.server.start();
    await expect
      .poll(() => gateway.reachability.isReachable && other.reachability.isReachable, { timeout: 20_000 })
      .toBe(true);
    expectHeld(await gateway.leases.hold([{ quota: budget, amount: 500n * cent }]));
    // Recalls arrive again: the other one gets all that this one does not use.
    expectHeld(await other.leases.hold([{ quota: budget, amount: 449n * cent }]));
  });
});
