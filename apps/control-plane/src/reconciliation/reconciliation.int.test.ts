/** Providers' statements beside the ledger, and months that stay as they were closed. */
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { reportOperations } from "@switchyard/api-contract/reports";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
let connectionId: string;
let providerModel: string;

const dayMs = 86_400_000;
const now = new Date();
const thisMonth = Date.UTC(now.getUTCFullYear(), now.getUTCMonth());
const lastMonth = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1)).toISOString().slice(0, 7);
const firstOfLast = Date.parse(`${lastMonth}-01T00:00:00Z`);
const cent = 10n ** 10n;

const dayOf = (atMs: number) => new Date(atMs).toISOString().slice(0, 10);
const noon = (day: number) => new Date(firstOfLast + day * dayMs + dayMs / 2);

beforeAll(async () => {
  controlPlane = await startControlPlane();
  const { place } = await recordCall(controlPlane, { costPicoUsd: 100n * cent, startedAt: noon(0) });
  ({ connection_id: connectionId, provider_model: providerModel } = place);
  await recordCall(controlPlane, { costPicoUsd: 100n * cent, startedAt: noon(1) });
  await recordCall(controlPlane, { costPicoUsd: 100n * cent, startedAt: noon(2), usageSource: "estimate" });
  await recordCall(controlPlane, { costPicoUsd: 100n * cent, startedAt: noon(5) });
});

afterAll(() => controlPlane.stop());

const importCosts = (costs: readonly (readonly [day: number, model: string, usd: string])[]) =>
  controlPlane.ok(reconciliationOperations.importStatement, {
    body: {
      connectionId,
      format: "csv",
      content: ["day,model,cost", ...costs.map(([day, model, usd]) => `${dayOf(noon(day).getTime())},${model},${usd}`)].join("\n"),
      mapping: { day: "day", model: "model", cost: "cost" },
    },
  }); // prettier-ignore

const compare = () =>
  controlPlane.ok(reconciliationOperations.compare, { query: { from: `${lastMonth}-01`, to: dayOf(thisMonth - 1) } });

describe("reconciliation", () => {
  it("sets each day and model beside the statement, and names what is left", async () => {
    const imported = await importCosts([
      [0, `${providerModel}-2026-01-01`, "1.00"],
      [1, providerModel, "1.50"],
      [2, providerModel, "0.40"],
      [3, "another-model", "7"],
    ]);
    expect(imported).toMatchObject({ lines: 4, sumUsd: "9.9", firstDay: dayOf(firstOfLast), connectionId });
    const { rows, totals } = await compare();
    expect(rows.map(({ day, model, residualUsd, cause }) => [day.slice(8), model, residualUsd, cause])).toEqual([
      ["01", providerModel, "0", "none"],
      ["02", providerModel, "0.5", "unexplained"],
      ["03", providerModel, "-0.6", "uncertain"],
      ["04", "another-model", "7", "not_through_gateway"],
      ["06", providerModel, null, "no_statement"],
    ]);
    expect(totals).toEqual({ oursUsd: "3", theirsUsd: "9.9", residualUsd: "6.9" });
  });

  it("goes by the newest file for the days that it covers, and keeps the older one", async () => {
    await importCosts([[1, providerModel, "1.00"]]);
    const { rows } = await compare();
    expect(rows.map(({ cause }) => cause)).toEqual([
      "none",
      "none",
      "uncertain",
      "not_through_gateway",
      "no_statement",
    ]);
    expect((await controlPlane.ok(reconciliationOperations.statements)).items).toHaveLength(2);
    const pool = controlPlane.pool;
    await expect(pool.query("DELETE FROM provider_statement_line")).rejects.toMatchObject({ code: "23001" });
  });

  it("refuses a file that it cannot read, saying where, and a connection that is none", async () => {
    const body = { connectionId, format: "openai_costs", content: "{}" } as const;
    const unreadable = await controlPlane.fails(reconciliationOperations.importStatement, { body });
    expect([unreadable.status, unreadable.body.error.problems?.[0]?.path]).toEqual([400, "content"]);
    const content = '{"data":[{"start_time":1,"results":[]}]}';
    const empty = await controlPlane.fails(reconciliationOperations.importStatement, { body: { ...body, content } });
    expect(empty.status).toBe(400);
    const csv = { connectionId: "none", format: "csv", content: "d\n2026-01-01", mapping: { day: "d" } } as const;
    const unknown = await controlPlane.fails(reconciliationOperations.importStatement, { body: csv });
    expect(unknown.body.error.problems?.[0]?.path).toBe("connectionId");
  });

  it("lists usage that had no price", async () => {
    const { attemptId } = await recordCall(controlPlane, { costPicoUsd: 0n, startedAt: new Date() });
    const query = { from: dayOf(Date.now() - dayMs), to: dayOf(Date.now()) };
    expect((await controlPlane.ok(reconciliationOperations.unpriced, { query })).items).toEqual([]);
    await controlPlane.pool.query("UPDATE attempt_log SET price_version_id = NULL WHERE attempt_id = $1", [attemptId]);
    const [connection] = (await controlPlane.ok(providerConnectionOperations.list)).items.filter(
      ({ id }) => id === connectionId,
    );
    expect((await controlPlane.ok(reconciliationOperations.unpriced, { query })).items).toMatchObject([
      { connectionName: connection!.name, model: providerModel, attempts: 1 },
    ]);
  });
});

describe("a closed month", () => {
  const range = { from: `${lastMonth}-01T00:00:00Z`, to: new Date(thisMonth).toISOString() };
  const closedSpend = async () => (await controlPlane.ok(reportOperations.ledger, { query: range })).spendUsd;
  const everything = { from: range.from, to: new Date(Date.now() + 3_600_000).toISOString() };

  it("is closed once, when it is over, by who may", async () => {
    expect((await controlPlane.ok(reconciliationOperations.periods)).closable).toBe(lastMonth);
    const running = await controlPlane.fails(reconciliationOperations.closePeriod, {
      body: { month: dayOf(Date.now()).slice(0, 7) },
    });
    expect([running.status, running.body.error.code]).toEqual([409, "period_not_closable"]);
    const body = { month: lastMonth };
    const viewer = await controlPlane.tokenOf("viewer");
    expect((await controlPlane.fails(reconciliationOperations.closePeriod, { body }, viewer)).status).toBe(403);
    const closed = await controlPlane.ok(reconciliationOperations.closePeriod, { body });
    expect(closed).toMatchObject({ month: lastMonth, spendUsd: "4" });
    expect((await controlPlane.fails(reconciliationOperations.closePeriod, { body })).status).toBe(409);
    expect(await controlPlane.ok(reconciliationOperations.periods)).toEqual({ items: [closed], closable: null });
  });

  it("takes no row more, whoever writes it", async () => {
    const rewrites = [
      "UPDATE cost_rollup_hour SET cost_pico_usd = 0 WHERE hour < date_trunc('month', now(), 'UTC')",
      "DELETE FROM cost_rollup_hour WHERE hour < date_trunc('month', now(), 'UTC')",
      `INSERT INTO cost_rollup_hour SELECT hour - interval '1 minute', dimension_key, organisation_id, team_id, project_id,
         virtual_key_id, end_user, tags, route_id, connection_id, provider_kind, model_id, meter, quantity, cost_pico_usd
       FROM cost_rollup_hour WHERE hour < date_trunc('month', now(), 'UTC')`,
      "UPDATE closed_period SET spend_pico_usd = 0",
      "DELETE FROM closed_period",
    ];
    for (const rewrite of rewrites) {
      await expect(controlPlane.pool.query(rewrite)).rejects.toMatchObject({ code: "23001" });
    }
  });

  it("counts what is corrected or arrives later in the month in which it is recorded", async () => {
    const before = await controlPlane.ok(reportOperations.ledger, { query: everything });
    const late = await recordCall(controlPlane, { costPicoUsd: 30n * cent, startedAt: noon(4) });
    await controlPlane.ok(reportOperations.correct, {
      body: { corrections: [{ attemptId: late.attemptId, costUsd: "0.10", note: "from the invoice" }] },
    });
    expect(await closedSpend()).toBe("4");
    const closedReport = await controlPlane.ok(reportOperations.cost, { query: range });
    expect(closedReport.totalUsd).toBe("4");
    const after = await controlPlane.ok(reportOperations.ledger, { query: everything });
    expect([before.spendUsd, after.spendUsd]).toEqual(["4", "4.1"]);
    const byMeter = await controlPlane.ok(reportOperations.cost, { query: { ...everything, groupBy: "meter" } });
    expect(byMeter.totalUsd).toBe("4.1");
    const costOf = (meter: string) => byMeter.rows.find(({ keys }) => keys[0]?.id === meter)?.costUsd;
    expect([costOf("output"), costOf("closed_correction")]).toEqual(["4.3", "-0.2"]);
    const manifest = await controlPlane.ok(reportOperations.exportManifest, {
      params: { format: "focus-1.4" },
      query: everything,
    });
    expect(manifest.sumUsd).toBe("4.1");
  });
});
