/** A budget for each user, over several processes and a real database. */
import type { Quota } from "@switchyard/metering/quota";
import { memberQuota } from "@switchyard/metering/quota-member";
import { settleQuotas } from "@switchyard/database/lease-protocol";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { MoneyDatabase, type LeasingGateway } from "../../test/admission/money-database.ts";
import type { HoldOutcome, QuotaHeld } from "./hold-outcome.ts";

const cent = 10_000_000_000n;
const inAMoment = { idleMs: 0, mostMembers: 3 };
let database: MoneyDatabase;

beforeAll(async () => {
  database = await MoneyDatabase.start();
});

afterAll(() => database.stop());

const eachUser = (limit: bigint) =>
  database.addQuota(limit, { eachOf: "user", scopeType: "project", scopeId: "project", period: "day" });

async function startGateways(count: number, eviction = inAMoment): Promise<LeasingGateway[]> {
  const gateways = await Promise.all(Array.from({ length: count }, () => database.startGateway(undefined, eviction)));
  onTestFinished(async () => {
    for (const gateway of gateways) await gateway.stop();
  });
  return gateways;
}

function heldOf(outcome: HoldOutcome): QuotaHeld {
  if (outcome.kind !== "held" || outcome.held[0] === undefined) throw new Error("refused");
  return outcome.held[0];
}

/** As the worker books what the journal says. */
async function spend(gateway: LeasingGateway, held: QuotaHeld): Promise<void> {
  gateway.leases.close(held, held.amount);
  const { windowStartMs, leaseId } = held.lease;
  const charge = { quotaId: held.quota.quotaId, windowStartMs, leaseId, charged: String(held.amount), overrun: "0" };
  expect((await settleQuotas(database.owner, [charge]))[0]?.status).toBe("settled");
}

async function untilForgotten({ leases }: LeasingGateway): Promise<void> {
  await vi.waitFor(
    () => {
      leases.tick();
      expect(leases.size).toBe(0);
    },
    { timeout: 20_000, interval: 100 },
  );
}

it("lets each user spend the limit and not a cent more, whichever process serves them", async () => {
  const template = await eachUser(10n * cent);
  const gateways = await startGateways(3, { idleMs: 60_000, mostMembers: 100 });
  const admitted = async (user: string | null): Promise<number> => {
    const quota = memberQuota(template, user);
    const holds = gateways.flatMap(({ leases }) =>
      Array.from({ length: 10 }, async () => leases.hold([{ quota, amount: cent }])),
    );
    return (await Promise.all(holds)).filter(({ kind }) => kind === "held").length;
  };
  expect(await Promise.all(["ada", "bob", null].map(admitted))).toEqual([10, 10, 10]);
  const { rows } = await database.owner.query("SELECT name FROM quota WHERE template_id = $1 ORDER BY name", [
    template.quotaId,
  ]);
  expect(rows.map(({ name }) => name)).toEqual(
    ["no user", "user ada", "user bob"].map((who) => `${template.name}, ${who}`),
  );
});

it("forgets users who do not call, and never what they spent", async () => {
  const template = await eachUser(10n * cent);
  const [gateway] = await startGateways(1);
  if (gateway === undefined) throw new Error("no gateway");
  for (let user = 0; user < 12; user += 1) {
    const quota = memberQuota(template, `user-${user}`);
    await spend(gateway, heldOf(await gateway.leases.hold([{ quota, amount: 4n * cent }])));
  }
  await untilForgotten(gateway);
  const quota = memberQuota(template, "user-7");
  expect(await database.committed(quota)).toMatchObject({ settled: 4n * cent, leased: 0n });
  const again = heldOf(await gateway.leases.hold([{ quota, amount: 6n * cent }]));
  expect(await gateway.leases.hold([{ quota, amount: cent }])).toMatchObject({ kind: "refused" });
  await spend(gateway, again);
  await untilForgotten(gateway);
  expect(await gateway.repository.granted()).toSatisfy((totals: { quotaId: string; grantedTotal: string }[]) =>
    totals.every(({ grantedTotal }) => grantedTotal === "0"),
  );
  expect(await database.committed(quota)).toMatchObject({ settled: 10n * cent, leased: 0n });
});

it("gives members the limit that their template has now", async () => {
  const template = await eachUser(1n * cent);
  const [gateway] = await startGateways(1);
  const quota = memberQuota(template, "ada");
  await gateway?.leases.hold([{ quota, amount: cent }]);
  const change = (sql: string, ...values: unknown[]) =>
    database.owner.query(`UPDATE quota SET ${sql} WHERE id = $1`, [template.quotaId, ...values]);
  await change("limit_amount = $2", String(3n * cent));
  await vi.waitFor(async () => {
    expect(await gateway?.leases.hold([{ quota, amount: 2n * cent }])).toMatchObject({ kind: "held" });
  });
  await change("archived_at = now()");
  const another: Quota = memberQuota(template, "bob");
  expect(await gateway?.leases.hold([{ quota: another, amount: 50n * cent }])).toMatchObject({
    kind: "held",
    held: [],
  });
});
