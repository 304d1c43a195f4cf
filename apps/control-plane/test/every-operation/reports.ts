/** What was called and what it cost. */
import { monthlyReportOperations } from "@switchyard/api-contract/monthly-reports";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { reportOperations } from "@switchyard/api-contract/reports";
import { requestOperations } from "@switchyard/api-contract/requests";
import { teamOperations } from "@switchyard/api-contract/teams";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { type MonthlyReportContent, monthlyReportSchemaVersion } from "@switchyard/metering/monthly-report";
import { expect, it } from "vitest";
import { recordCall } from "../record-call.ts";
import type { Walk } from "./walk.ts";

export function walkReports(walk: Walk): void {
  const { ok } = walk;
  it("reports on calls", async () => {
    const { requestId, attemptId, startedAt } = await recordCall(walk.controlPlane, { costPicoUsd: 7_000_000_000n });
    const quota = {
      quotaId: "lifted~ada",
      unit: "pico_usd",
      why: "exhausted",
      limit: "2000000000000",
      remaining: "5",
      needed: "7",
      resetsAtMs: null,
    };
    await walk.controlPlane.pool.query("UPDATE request_log SET because = $2, status = 429 WHERE request_id = $1", [
      requestId,
      JSON.stringify([{ code: "quota_refused", text: "The budget does not cover this call.", quota }]),
    ]);
    const refusal = await ok(requestOperations.refusal, { params: { requestId } });
    expect(refusal.quota).toMatchObject({
      budgetId: "lifted",
      atRefusal: { limit: "2", remaining: "0.000000000005", needed: "0.000000000007", resetsAt: null },
      now: null,
    });
    expect(refusal.mayChange).toMatchObject([{ role: "owner" }]);
    const range = {
      from: new Date(startedAt.getTime() - 3_600_000).toISOString(),
      to: new Date(startedAt.getTime() + 60_000).toISOString(),
    };
    expect((await ok(requestOperations.list)).items[0]).toMatchObject({ requestId, costUsd: "0.007" });
    const [firstKey] = (await ok(virtualKeyOperations.list, { query: { search: "First key" } })).items;
    expect(firstKey?.lastUsedAt).toBe(startedAt.toISOString());
    const receipt = await ok(requestOperations.get, { params: { requestId } });
    expect(receipt.attemptDetails).toMatchObject([{ attemptId, costUsd: "0.007", connectionName: "simulator" }]);
    expect((await ok(reportOperations.overview, { query: range })).totals).toMatchObject({
      requests: 1,
      costUsd: "0.007",
    });
    expect((await ok(reportOperations.cost, { query: range })).totalUsd).toBe("0.007");
    await ok(reportOperations.costCsv, { query: range });
    await ok(reportOperations.export, { params: { format: "focus-1.4" }, query: range });
    expect(await ok(reportOperations.exportSize, { params: { format: "csv" }, query: range })).toEqual({ rows: 1 });
    const manifest = await ok(reportOperations.exportManifest, { params: { format: "jsonl" }, query: range });
    expect(manifest).toMatchObject({ rows: 1, sumUsd: "0.007", format: "jsonl" });
    await ok(reportOperations.teams, { query: range });
    expect((await ok(reportOperations.outlook)).items).toMatchObject([{ forecast: null, anomaly: null }]);
    await ok(reportOperations.uncertain, { query: range });
    const corrections = [{ attemptId, costUsd: "0.006", note: "as invoiced" }];
    expect(await ok(reportOperations.correct, { body: { corrections } })).toEqual({
      recorded: 1,
      unchanged: 0,
      unknown: [],
    });
    expect((await ok(reportOperations.ledger, { query: range })).spendUsd).toBe("0.006");
  });

  it("reconciles with what a provider charged, and closes a month", async () => {
    const [connection] = (await ok(providerConnectionOperations.list)).items;
    const content = '{"data":[{"start_time":1730419200,"results":[{"amount":{"value":1,"currency":"usd"}}]}]}';
    const body = { connectionId: connection!.id, format: "openai_costs", content } as const;
    const statement = await ok(reconciliationOperations.importStatement, { body });
    expect((await ok(reconciliationOperations.statements)).items).toEqual([statement]);
    const query = { from: "2024-11-01", to: "2024-11-30" };
    expect((await ok(reconciliationOperations.compare, { query })).totals.residualUsd).toBe("1");
    await ok(reconciliationOperations.unpriced, { query });
    const { closable } = await ok(reconciliationOperations.periods);
    expect(await ok(reconciliationOperations.closePeriod, { body: { month: closable! } })).toMatchObject({
      entries: 0,
    });
  });

  it("has monthly reports made, and shows what they say", async () => {
    const schedule = {
      enabled: true,
      timeZone: "Europe/Berlin",
      mailTo: ["finance@example.com"],
      postsToWebhooks: false,
    };
    expect(await ok(monthlyReportOperations.schedule)).toMatchObject({ timeZone: "UTC", mailTo: [] });
    expect(await ok(monthlyReportOperations.setSchedule, { body: schedule })).toEqual(schedule);
    const badZone = { body: { ...schedule, timeZone: "Mars/Olympus" } };
    expect((await walk.controlPlane.fails(monthlyReportOperations.setSchedule, badZone)).status).toBe(400);
    const [team] = (await ok(teamOperations.list)).items;
    const body = { teamId: team!.id, month: "2026-03" };
    const asked = await ok(monthlyReportOperations.make, { body });
    expect(asked).toMatchObject({
      teamName: "Default team",
      month: "2026-03",
      version: 1,
      reason: "asked",
      state: "waiting",
      startsAt: "2026-02-28T23:00:00.000Z",
      endsAt: "2026-03-31T22:00:00.000Z",
      isWhole: true,
    });
    expect((await ok(monthlyReportOperations.make, { body })).id).toBe(asked.id);
    const params = { id: asked.id };
    expect((await ok(monthlyReportOperations.get, { params })).content).toBeNull();
    expect((await walk.controlPlane.fails(monthlyReportOperations.csv, { params })).status).toBe(404);
    await walk.controlPlane.pool.query("UPDATE monthly_report SET state = 'failed', problem = 'no luck'");
    expect(await ok(monthlyReportOperations.retry, { params })).toMatchObject({ state: "waiting", problem: null });
    const sums = { costPicoUsd: "1500000000000", requests: 3, errors: 0, refusals: 0, cacheHits: 1, tokens: "12" };
    const ranking = {
      top: [{ id: "m", name: "=cmd", costPicoUsd: "1000000000000" }],
      others: { count: 2, costPicoUsd: "500000000000" },
    };
    const content: MonthlyReportContent = {
      schemaVersion: monthlyReportSchemaVersion,
      teamName: "Default team",
      totals: sums,
      previous: { ...sums, costPicoUsd: "0" },
      days: [{ day: "2026-03-01", costPicoUsd: "1500000000000" }],
      projects: ranking,
      models: ranking,
      virtualKeys: ranking,
      users: ranking,
      cacheSavedPicoUsd: "250000000000",
      budgets: [],
      anomalies: [],
    };
    await walk.controlPlane.pool.query(
      "UPDATE monthly_report SET state = 'done', content = $1, total_pico_usd = 1500000000000, finished_at = now()",
      [JSON.stringify(content)],
    );
    const made = await ok(monthlyReportOperations.get, { params });
    expect(made).toMatchObject({
      totalUsd: "1.5",
      content: { cacheSavedUsd: "0.25", models: { top: [{ costUsd: "1" }] } },
    });
    const csv = String(await ok(monthlyReportOperations.csv, { params }));
    expect(csv).toContain("models,m,'=cmd,1,,");
    expect(csv).toContain("models,,all others,0.5,2,");
    const { items } = await ok(monthlyReportOperations.list, { query: { teamId: team!.id, month: "2026-03" } });
    expect(items.map(({ id, version }) => ({ id, version }))).toEqual([{ id: asked.id, version: 1 }]);
    expect((await ok(monthlyReportOperations.list, { query: { month: "2026-04" } })).items).toEqual([]);
    const next = await ok(monthlyReportOperations.make, { body });
    expect(next).toMatchObject({ version: 2, state: "waiting" });
    const young = { body: { teamId: team!.id, month: "2099-01" } };
    expect((await walk.controlPlane.fails(monthlyReportOperations.make, young)).body.error.code).toBe(
      "validation_failed",
    );
  });
}
