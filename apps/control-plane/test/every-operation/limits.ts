/** Budgets, rate limits and the gateway's fee. */
import { budgetOperations, rateLimitOperations } from "@switchyard/api-contract/quotas";
import { gatewayFeeOperations } from "@switchyard/api-contract/gateway-fees";
import { teamOperations } from "@switchyard/api-contract/teams";
import { expect, it } from "vitest";
import type { Walk } from "./walk.ts";

export function walkLimits(walk: Walk): void {
  const { ok } = walk;
  it("sets budgets and rate limits", async () => {
    const [team] = (await ok(teamOperations.list)).items;
    const scope = { type: "team", id: team!.id } as const;
    const budget = await ok(budgetOperations.create, {
      body: { name: "Team, daily", scope, limitUsd: "1.5", period: "day", timeZone: "Europe/Berlin" },
    });
    expect(budget).toMatchObject({
      mode: "hard",
      scopeName: "Default team",
      state: { usedUsd: "0", remainingUsd: "1.5" },
    });
    const params = { id: budget.id };
    await ok(budgetOperations.update, { params, body: { limitUsd: "2" } });
    expect((await ok(budgetOperations.get, { params })).state.remainingUsd).toBe("2");
    expect((await ok(budgetOperations.list, { query: { scopeType: "team" } })).items).toHaveLength(1);
    const until = new Date(Date.now() + 60_000).toISOString();
    const raise = { params: { id: budget.id }, body: { amountUsd: "1", until, note: "launch" } };
    expect((await ok(budgetOperations.raise, raise)).raise).toEqual({ amountUsd: "1", until });
    expect((await ok(budgetOperations.endRaise, { params: { id: budget.id } })).raise).toBeNull();
    expect((await ok(budgetOperations.outlook)).items.find(({ budgetId }) => budgetId === budget.id)).toMatchObject({
      path: [{ type: "organisation" }, { type: "team", name: "Default team" }],
      dailyUsd: "0",
    });
    await ok(budgetOperations.archive, { params });
    const each = { name: "Each user", scope, limitUsd: "3", period: "day", eachOf: "user" } as const;
    const template = await ok(budgetOperations.create, { body: each });
    await walk.controlPlane.pool.query("SELECT * FROM quota_take('gateway', gen_random_uuid(), $1)", [
      JSON.stringify([
        { quotaId: `${template.id}~ada`, memberOf: template.id, member: "ada", minimum: "1", wanted: "7", at: "now" },
      ]),
    ]);
    expect(await ok(budgetOperations.members, { params: { id: template.id } })).toMatchObject({
      items: [{ member: "ada", state: { usedUsd: "0", heldUsd: "0.3", remainingUsd: "2.7" } }],
      memberCount: 1,
    });
    expect((await ok(budgetOperations.list, { query: { scopeType: "team" } })).items.map(({ name }) => name)).toEqual([
      "Each user",
    ]);
    for (const refused of [
      { ...each, mode: "soft" as const },
      { ...each, scope: { type: "user", id: "ada" } as const },
    ]) {
      const { body } = await walk.controlPlane.fails(budgetOperations.create, { body: refused });
      expect(body.error.problems?.[0]).toMatchObject({ path: "eachOf", code: "not_for_each" });
    }
    await ok(budgetOperations.archive, { params: { id: template.id } });
    const limit = await ok(rateLimitOperations.create, {
      body: { name: "Slow down", scope, measure: "tokens_per_minute", limit: 1_000 },
    });
    expect(limit).toMatchObject({ measure: "tokens_per_minute", limit: 1_000, leased: 0 });
    await ok(rateLimitOperations.update, { params: { id: limit.id }, body: { limit: 2_000 } });
    expect((await ok(rateLimitOperations.get, { params: { id: limit.id } })).limit).toBe(2_000);
    expect((await ok(rateLimitOperations.list)).items).toHaveLength(1);
    await ok(rateLimitOperations.archive, { params: { id: limit.id } });
  });

  it("sets the gateway's fee of a scope, again and again, and removes it", async () => {
    const [team] = (await ok(teamOperations.list)).items;
    const scope = { type: "team", id: team!.id } as const;
    const fee = await ok(gatewayFeeOperations.set, { body: { scope, perRequestUsd: "0.001" } });
    expect(fee).toMatchObject({ scopeName: "Default team", perRequestUsd: "0.001", percentOfCost: "0" });
    const changed = await ok(gatewayFeeOperations.set, { body: { scope, percentOfCost: "2.5" } });
    expect(changed).toMatchObject({ id: fee.id, perRequestUsd: "0", percentOfCost: "2.5" });
    const { rows } = await walk.controlPlane.pool.query(
      `SELECT content::json -> 'gatewayFees' AS fees FROM policy_revision ORDER BY number DESC LIMIT 1`,
    );
    expect(rows[0].fees).toEqual([
      { feeId: fee.id, scopeType: "team", scopeId: team!.id, perRequestPicoUsd: "0", shareOfCostPpm: 25_000 },
    ]);
    const unknown = { body: { scope: { type: "project", id: "gone" } as const, percentOfCost: "1" } };
    expect((await walk.controlPlane.fails(gatewayFeeOperations.set, unknown)).body.error.code).toBe("invalid_policy");
    await ok(gatewayFeeOperations.remove, { params: { id: fee.id } });
    expect((await ok(gatewayFeeOperations.list)).items).toEqual([]);
  });
}
