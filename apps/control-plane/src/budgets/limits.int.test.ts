/** Budgets and rate limits against the lease functions that gateways use. */
import { randomUUID } from "node:crypto";
import { projectOperations } from "@switchyard/api-contract/projects";
import { budgetOperations, rateLimitOperations } from "@switchyard/api-contract/quotas";
import { policyRevisionSchema } from "@switchyard/policy-engine/policy/policy-revision";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
let scope: { type: "project"; id: string };

beforeAll(async () => {
  controlPlane = await startControlPlane();
  scope = { type: "project", id: (await controlPlane.ok(projectOperations.list)).items[0]!.id };
});

afterAll(() => controlPlane.stop());

const bootId = randomUUID();

async function take(quotaId: string, amount: bigint) {
  const asks = JSON.stringify([{ quotaId, minimum: String(amount), wanted: String(amount), recall: null, at: "now" }]);
  const { rows } = await controlPlane.pool.query<{
    status: string;
    lease_id: string;
    granted: string;
    window_start: Date;
  }>("SELECT status, lease_id, granted::text, window_start FROM quota_take('gateway-0', $1, $2::jsonb)", [
    bootId,
    asks,
  ]);
  return rows[0]!;
}

const cent = 10n ** 10n;

describe("a budget", () => {
  it("shows what is used, held and left as leases are taken and settled", async () => {
    const { id } = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Hard", scope, limitUsd: "0.10", period: "total" },
    });
    const lease = await take(id, 4n * cent);
    expect(lease).toMatchObject({ status: "granted", granted: String(4n * cent) });
    const charge = {
      quotaId: id,
      windowStartMs: lease.window_start.getTime(),
      leaseId: lease.lease_id,
      charged: String(3n * cent),
      overrun: String(cent / 2n),
    };
    await controlPlane.pool.query("SELECT quota_settle($1::jsonb)", [JSON.stringify([charge])]);
    const { state } = await controlPlane.ok(budgetOperations.get, { params: { id } });
    expect(state).toMatchObject({ usedUsd: "0.035", heldUsd: "0.01", remainingUsd: "0.055", unreconciledUsd: "0" });
  });

  it("says when its window began and when the next one does", async () => {
    const body = { name: "Daily", scope, limitUsd: "1", period: "day" } as const;
    const { state } = await controlPlane.ok(budgetOperations.create, { body });
    expect(Date.parse(state.nextReset!) - Date.parse(state.windowStart!)).toBe(86_400_000);
  });

  it("counts by a new limit at once, without waiting for a revision to arrive", async () => {
    const { id } = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Raised", scope, limitUsd: "0.01", period: "total" },
    });
    expect((await take(id, cent)).status).toBe("granted");
    expect((await take(id, cent)).status).toBe("exhausted");
    await controlPlane.ok(budgetOperations.update, { params: { id }, body: { limitUsd: "0.02" } });
    expect((await take(id, cent)).status).toBe("granted");
    expect((await take(id, cent)).status).toBe("exhausted");
    const { state } = await controlPlane.ok(budgetOperations.get, { params: { id } });
    expect(state).toMatchObject({
      windowStart: null,
      nextReset: null,
      heldUsd: "0.02",
      remainingUsd: "0",
      forecastUsd: null,
    });
  });

  it("can be raised for a while, which ends by itself or when somebody ends it", async () => {
    const { id } = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Lifted for a while", scope, limitUsd: "0.01", period: "total" },
    });
    expect((await take(id, cent)).status).toBe("granted");
    const until = new Date(Date.now() + 3_600_000).toISOString();
    const raised = await controlPlane.ok(budgetOperations.raise, {
      params: { id },
      body: { amountUsd: "0.03", until, note: "launch day" },
    });
    expect(raised).toMatchObject({
      limitUsd: "0.01",
      raise: { amountUsd: "0.03", until },
      state: { remainingUsd: "0.03" },
    });
    expect((await take(id, cent)).status).toBe("granted");
    await controlPlane.pool.query("UPDATE quota SET raise_until = now() - interval '1 second' WHERE id = $1", [id]);
    expect((await take(id, cent)).status).toBe("exhausted");
    expect(await controlPlane.ok(budgetOperations.get, { params: { id } })).toMatchObject({
      raise: null,
      state: { remainingUsd: "0" },
    });
    await controlPlane.ok(budgetOperations.raise, {
      params: { id },
      body: { amountUsd: "0.03", until, note: "again" },
    });
    expect((await controlPlane.ok(budgetOperations.endRaise, { params: { id } })).raise).toBeNull();
    expect((await take(id, cent)).status).toBe("exhausted");
    for (const body of [
      { amountUsd: "0", until, note: "nothing" },
      { amountUsd: "1", until: new Date(0).toISOString(), note: "over" },
    ]) {
      expect((await controlPlane.fails(budgetOperations.raise, { params: { id }, body })).status).toBe(400);
    }
  });

  it("stops counting when it is lifted, and leaves policy", async () => {
    const { id } = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Lifted", scope, limitUsd: "1", period: "month", timeZone: "America/New_York" },
    });
    await controlPlane.ok(budgetOperations.archive, { params: { id } });
    expect((await take(id, cent)).status).toBe("unknown_quota");
    expect((await controlPlane.fails(budgetOperations.get, { params: { id } })).status).toBe(404);
    const { rows } = await controlPlane.pool.query<{ content: string }>(
      "SELECT content FROM policy_revision JOIN policy_head USING (number)",
    );
    const { quotas } = policyRevisionSchema.parse(JSON.parse(rows[0]!.content));
    expect(quotas.map(({ quotaId }) => quotaId)).not.toContain(id);
  });

  it.each([
    ["a negative limit", { limitUsd: "-1" }, 400, "limitUsd"],
    ["a limit that is not a number", { limitUsd: "NaN" }, 400, "limitUsd"],
    ["a limit as a JSON number", { limitUsd: 1.5 }, 400, "limitUsd"],
    ["more money than there is", { limitUsd: "999999999999999999999" }, 400, "limitUsd"],
    ["a zone that is none", { timeZone: "Mars/Olympus" }, 400, "timeZone"],
    ["a threshold of nothing", { thresholdsPct: [0] }, 400, "thresholdsPct[0]"],
    ["a scope that names nothing", { scope: { type: "team", id: "nothing" } }, 422, "scope.id"],
    ["a tag without a value", { scope: { type: "tag", id: "env" } }, 422, "scope.id"],
    ["an unknown scope type", { scope: { type: "planet", id: "mars" } }, 400, "scope.type"],
  ])("refuses %s", async (_what, fault, status, path) => {
    const body = { name: "Faulty", scope, limitUsd: "1", period: "day", ...fault };
    const answer = await controlPlane.fails(budgetOperations.create, { body });
    expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([status, path]);
  });

  it("may be set for users, sessions and tags that nobody has seen yet", async () => {
    for (const literal of [
      { type: "user", id: "u-1" },
      { type: "session", id: "s-1" },
      { type: "tag", id: "env=prod" },
    ] as const) {
      const body = { name: `For ${literal.type}`, scope: literal, limitUsd: "1", period: "day" } as const;
      expect((await controlPlane.ok(budgetOperations.create, { body })).scopeName).toBe(literal.id);
    }
  });
});

describe("a rate limit", () => {
  it("shows what gateways have leased, and is no budget", async () => {
    const { id } = await controlPlane.ok(rateLimitOperations.create, {
      body: { name: "In flight", scope, measure: "concurrent_requests", limit: 8 },
    });
    await take(id, 3n);
    expect(await controlPlane.ok(rateLimitOperations.get, { params: { id } })).toMatchObject({ limit: 8, leased: 3 });
    expect((await controlPlane.fails(budgetOperations.get, { params: { id } })).status).toBe(404);
    const budgets = await controlPlane.ok(budgetOperations.list, { query: { limit: 200 } });
    expect(budgets.items.map((budget) => budget.id)).not.toContain(id);
  });
});
