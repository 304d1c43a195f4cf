/** Every figure of one range adds up to the ledger, exactly, before and after corrections. */
import { budgetOperations } from "@switchyard/api-contract/quotas";
import { reportOperations } from "@switchyard/api-contract/reports";
import { requestOperations } from "@switchyard/api-contract/requests";
import { routeOperations } from "@switchyard/api-contract/routes";
import { teamOperations } from "@switchyard/api-contract/teams";
import { formatUsd, parseUsd, sumPicoUsd } from "@switchyard/metering/pico-usd";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { recordCall } from "../../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;

const hourMs = 3_600_000;
/** The middle of an hour some hours ago, so that no test sits on the edge of one. */
const base = new Date(Math.floor(Date.now() / hourMs) * hourMs - 6 * hourMs + hourMs / 2);
const at = (hours: number) => new Date(base.getTime() + hours * hourMs);
const range = { from: at(-3).toISOString(), to: at(4).toISOString() };
const dollars = (usd: string) => parseUsd(usd) as bigint;

beforeAll(async () => {
  controlPlane = await startControlPlane();
  await recordCall(controlPlane, { costPicoUsd: dollars("0.01"), startedAt: at(0), durationMs: 100 });
  await recordCall(controlPlane, { costPicoUsd: 1n, startedAt: at(0), user: null, tags: [], durationMs: 200 });
  await recordCall(controlPlane, {
    costPicoUsd: dollars("2.5"),
    startedAt: at(1),
    routeName: "demo-fast",
    user: "=cmd|' /C calc'!A1",
  });
  await recordCall(controlPlane, {
    costPicoUsd: dollars("0.3"),
    startedAt: at(1),
    verdict: "refused",
    tags: ["env=test"],
  });
  await recordCall(controlPlane, {
    costPicoUsd: 0n,
    startedAt: at(2),
    status: 503,
    verdict: "errored",
    cache: "bypass",
  });
  await recordCall(controlPlane, { costPicoUsd: 0n, startedAt: at(2), cache: "hit" });
  // Before the range: only a comparison may see it.
  await recordCall(controlPlane, { costPicoUsd: dollars("1"), startedAt: at(-5) });
});

afterAll(() => controlPlane.stop());

const total = "2.810000000001";

async function exportRows(query: Record<string, string> = range): Promise<Record<string, string>[]> {
  const answer = await controlPlane.send("GET", `/api/reports/cost.csv?${new URLSearchParams(query).toString()}`);
  expect(answer.status).toBe(200);
  expect(answer.headers.get("content-type")).toBe("text/csv; charset=utf-8");
  expect(answer.headers.get("content-disposition")).toMatch(/^attachment; filename="switchyard-cost-[\d-]+\.csv"$/);
  const [header = [], ...rows] = parseCsv(answer.body as string);
  return rows.map((cells) => Object.fromEntries(header.map((name, index) => [name, cells[index] ?? ""])));
}

/** RFC 4180, as far as the export uses it. */
function parseCsv(text: string): string[][] {
  return text
    .split("\r\n")
    .filter((line) => line !== "")
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, quoted, plain]) =>
        (quoted ?? plain ?? "").replaceAll('""', '"'),
      ),
    );
}

const sumOf = (amounts: readonly string[]) => formatUsd(sumPicoUsd(amounts.map(parseUsd)));

describe("reports", () => {
  it("all add up to the ledger", async () => {
    const ledger = await controlPlane.ok(reportOperations.ledger, { query: range });
    expect(ledger).toMatchObject({ spendUsd: total, settledUsd: total, holds: 6, settles: 6, corrections: 0 });
    const report = await controlPlane.ok(reportOperations.cost, { query: { ...range, groupBy: "team,model,meter" } });
    expect([report.totalUsd, sumOf(report.rows.map(({ costUsd }) => costUsd))]).toEqual([total, total]);
    expect(sumOf((await exportRows()).map((row) => row["cost_usd"]!))).toBe(total);
    const overview = await controlPlane.ok(reportOperations.overview, { query: range });
    expect([overview.totals.costUsd, sumOf(overview.points.map(({ costUsd }) => costUsd))]).toEqual([total, total]);
  });

  it("count outcomes over time, by route and by provider", async () => {
    const overview = await controlPlane.ok(reportOperations.overview, { query: { ...range, compare: "true" } });
    expect(overview.totals).toMatchObject({ requests: 6, errors: 1, refusals: 1, cacheHits: 1, cacheLookups: 5 });
    expect(overview.previousTotals).toMatchObject({ requests: 1, costUsd: "1" });
    expect(overview.stepSeconds).toBe(3_600);
    expect(overview.points.map(({ requests }) => requests).filter((count) => count > 0)).toEqual([2, 2, 2]);
    expect(overview.breakdown.map(({ name, requests }) => [name, requests])).toEqual([
      ["demo-chat", 5],
      ["demo-fast", 1],
    ]);
    const byProvider = await controlPlane.ok(reportOperations.overview, { query: { ...range, breakdown: "provider" } });
    expect(byProvider.breakdown.map(({ name }) => name)).toEqual(["simulator", "simulator-backup"]);
    // Estimated from buckets that are about a quarter wide.
    expect(overview.totals.p50Ms).toBeGreaterThan(600);
    expect(overview.totals.p50Ms).toBeLessThan(1_200);
  });

  it("reads short ranges to the minute, from the log", async () => {
    const query = {
      from: new Date(at(0).getTime() - 60_000).toISOString(),
      to: new Date(at(0).getTime() + 60_000).toISOString(),
    };
    const overview = await controlPlane.ok(reportOperations.overview, { query });
    expect(overview).toMatchObject({ stepSeconds: 60, from: query.from, to: query.to });
    expect(overview.points.map(({ requests }) => requests)).toEqual([0, 2]);
    expect(overview.totals).toMatchObject({ requests: 2, costUsd: "0.010000000001", p50Ms: 150 });
    const fast = (await controlPlane.ok(routeOperations.list)).items.find(({ name }) => name === "demo-fast")!;
    const none = await controlPlane.ok(reportOperations.overview, { query: { ...query, routeId: fast.id } });
    expect(none.totals).toMatchObject({ requests: 0, costUsd: "0", p50Ms: null });
  });

  it("pivot by tags without losing calls that have none", async () => {
    const report = await controlPlane.ok(reportOperations.cost, { query: { ...range, groupBy: "tag" } });
    const rows = report.rows.map(({ keys, costUsd, requests }) => [keys[0]?.name, costUsd, requests]);
    expect(rows).toEqual([
      ["env=prod", "2.51", 4],
      ["feature=search", "2.51", 4],
      ["env=test", "0.3", 1],
      ["none", "0.000000000001", 1],
    ]);
    expect(report.totalUsd).toBe(total);
  });

  it("compare with the period before, also what is gone since", async () => {
    const query = { from: at(-5).toISOString(), to: at(-3).toISOString(), groupBy: "route", compare: "true" };
    const now = await controlPlane.ok(reportOperations.cost, { query });
    expect(now.rows).toMatchObject([{ keys: [{ name: "demo-chat" }], costUsd: "1", previousCostUsd: "0" }]);
    const later = await controlPlane.ok(reportOperations.cost, {
      query: { ...query, from: at(-3).toISOString(), to: at(-1).toISOString() },
    });
    expect(later).toMatchObject({ totalUsd: "0", previousTotalUsd: "1" });
    expect(later.rows).toMatchObject([{ costUsd: "0", previousCostUsd: "1", requests: 0 }]);
  });

  it("narrow by every dimension alike", async () => {
    const { place } = await recordCall(controlPlane, { costPicoUsd: 5n, startedAt: at(3), user: "narrow" });
    for (const filter of [
      { user: "narrow" },
      { user: "narrow", teamId: place.team_id, projectId: place.project_id, virtualKeyId: place.virtual_key_id },
      { user: "narrow", routeId: place.route_id, connectionId: place.connection_id, modelId: place.model_id },
      { user: "narrow", tag: "env=prod" },
    ]) {
      const report = await controlPlane.ok(reportOperations.cost, { query: { ...range, ...filter } });
      expect(report.totalUsd).toBe("0.000000000005");
      expect(report.rows[0]?.requests).toBe(1);
      expect(await exportRows({ ...range, ...filter })).toHaveLength(1);
    }
    const other = await controlPlane.ok(reportOperations.cost, {
      query: { ...range, user: "narrow", tag: "env=nowhere" },
    });
    expect(other).toMatchObject({ rows: [], totalUsd: "0" });
  });

  it("refuse a range that is none", async () => {
    for (const query of [
      { from: range.to, to: range.from },
      { from: "2020-01-01T00:00:00Z", to: "2026-01-01T00:00:00Z" },
    ]) {
      const answer = await controlPlane.fails(reportOperations.cost, { query });
      expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([400, "to"]);
    }
    const twice = await controlPlane.fails(reportOperations.cost, { query: { ...range, groupBy: "team,team" } });
    expect(twice.status).toBe(400);
  });
});

describe("the export", () => {
  it("lets no text cell run as a formula, and leaves numbers numbers", async () => {
    await controlPlane.ok(teamOperations.update, {
      params: { id: (await controlPlane.ok(teamOperations.list)).items[0]!.id },
      body: { name: '+1, "quoted"' },
    });
    const rows = await exportRows();
    expect(rows.every((row) => row["team"] === `'+1, "quoted"`)).toBe(true);
    expect(rows.map((row) => row["user"])).toContain("'=cmd|' /C calc'!A1");
    const texts = rows.flatMap((row) =>
      Object.entries(row).filter(([name]) => name !== "cost_usd" && name !== "quantity"),
    );
    expect(texts.filter(([, cell]) => /^[=+\-@\t\r]/.test(cell))).toEqual([]);
  });

  it("streams more rows than one batch holds, in order and whole", async () => {
    const { place } = await recordCall(controlPlane, { costPicoUsd: 0n, startedAt: at(-50) });
    await controlPlane.pool.query(
      `SELECT rollup_add_cost(jsonb_agg(jsonb_build_object(
         'startedAt', $1::bigint, 'organisationId', $2::text, 'teamId', $3::text, 'projectId', $4::text,
         'virtualKeyId', $5::text, 'user', 'user ' || n, 'tags', '[]'::jsonb, 'routeId', $6::text,
         'connectionId', $7::text, 'providerKind', 'openai-compatible', 'modelId', $8::text, 'meter', 'output',
         'quantity', '1', 'costPicoUsd', n::text)))
       FROM generate_series(1, 3500) AS n`,
      [
        at(-40).getTime(), place.organisation_id, place.team_id, place.project_id, place.virtual_key_id, place.route_id,
        place.connection_id, place.model_id,
      ], // prettier-ignore
    );
    const rows = await exportRows({ from: at(-41).toISOString(), to: at(-39).toISOString() });
    expect(rows).toHaveLength(3_500);
    expect(new Set(rows.map((row) => row["user"])).size).toBe(3_500);
    expect(sumOf(rows.map((row) => row["cost_usd"]!))).toBe(formatUsd(parseUsd("0.00000612675")));
  });

  it("gives its connection back when somebody stops downloading", async () => {
    const controller = new AbortController();
    for (let download = 0; download < 8; download += 1) {
      const response = await fetch(
        `${controlPlane.url}/api/reports/cost.csv?${new URLSearchParams(range).toString()}`,
        {
          headers: { authorization: `Bearer ${controlPlane.access.adminToken}` },
          signal: controller.signal,
        },
      );
      await response.body?.cancel();
    }
    // More than the pool has: one that was lost would leave this waiting.
    expect((await exportRows()).length).toBeGreaterThan(0);
  });
});

describe("corrections", () => {
  it("are entries of their own, reach every report and budget, and add nothing twice", async () => {
    const { id: quotaId, state } = await controlPlane.ok(budgetOperations.create, {
      body: { name: "Corrected", scope: { type: "user", id: "bob" }, limitUsd: "1", period: "month", mode: "soft" },
    });
    const charge = (usd: string) => ({
      quotaId,
      windowStartMs: Date.parse(state.windowStart!),
      leaseId: null,
      heldPicoUsd: "0",
      chargedPicoUsd: String(dollars(usd)),
      overrunPicoUsd: "0",
    });
    const startedAt = at(-2);
    const estimated = await recordCall(controlPlane, {
      costPicoUsd: dollars("0.4"), startedAt, usageSource: "estimate", quotas: [charge("0.4")],
    }); // prettier-ignore
    const held = await recordCall(controlPlane, {
      costPicoUsd: dollars("0.1"), startedAt, usageSource: "upper_bound", quotas: [charge("0.1")],
    }); // prettier-ignore
    const query = { from: at(-2).toISOString(), to: new Date(at(-2).getTime() + 60_000).toISOString() };
    const uncertain = await controlPlane.ok(reportOperations.uncertain, { query });
    expect(uncertain.items.map(({ attemptId }) => attemptId).toSorted()).toEqual(
      [estimated.attemptId, held.attemptId].toSorted(),
    );

    const unknownId = "01a1fbe3-a71e-7058-ba44-e99a6e2083a3";
    const corrections = [
      { attemptId: estimated.attemptId, costUsd: "0.55", note: "invoice 7" },
      { attemptId: held.attemptId, costUsd: "0.02", note: "invoice 7" },
      { attemptId: unknownId, costUsd: "1", note: "not ours" },
    ];
    const record = () => controlPlane.ok(reportOperations.correct, { body: { corrections } });
    expect(await record()).toEqual({ recorded: 2, unchanged: 0, unknown: [unknownId] });
    expect(await record()).toEqual({ recorded: 0, unchanged: 2, unknown: [unknownId] });

    const ledger = await controlPlane.ok(reportOperations.ledger, { query });
    expect(ledger).toMatchObject({
      settledUsd: "0.5",
      correctedUsd: "0.07",
      spendUsd: "0.57",
      corrections: 2,
      uncertain: 0,
    });
    expect((await controlPlane.ok(reportOperations.cost, { query })).totalUsd).toBe("0.57");
    const rows = await exportRows(query);
    expect(sumOf(rows.map((row) => row["cost_usd"]!))).toBe("0.57");
    expect(rows.find((row) => row["meter"] === "correction")).toMatchObject({ cost_usd: "0.07", quantity: "0" });
    expect((await controlPlane.ok(reportOperations.overview, { query })).totals.costUsd).toBe("0.57");
    const receipt = await controlPlane.ok(requestOperations.get, { params: { requestId: estimated.requestId } });
    expect(receipt.attemptDetails).toMatchObject([{ costUsd: "0.4", correctedUsd: "0.15" }]);
    const budget = await controlPlane.ok(budgetOperations.get, { params: { id: quotaId } });
    expect(budget.state.usedUsd).toBe("0.57");

    const again = [{ attemptId: estimated.attemptId, costUsd: "0.4", note: "after all" }];
    expect(await controlPlane.ok(reportOperations.correct, { body: { corrections: again } })).toMatchObject({
      recorded: 1,
    });
    expect((await controlPlane.ok(reportOperations.ledger, { query })).spendUsd).toBe("0.42");
    expect((await controlPlane.ok(budgetOperations.get, { params: { id: quotaId } })).state.usedUsd).toBe("0.42");
  });

  it("of one attempt at once count once", async () => {
    const { attemptId } = await recordCall(controlPlane, { costPicoUsd: dollars("0.5"), startedAt: at(-1) });
    const body = { corrections: [{ attemptId, costUsd: "0.75", note: "both of us" }] };
    const results = await Promise.all(
      Array.from({ length: 8 }, () => controlPlane.ok(reportOperations.correct, { body })),
    );
    expect(results.reduce((sum, { recorded }) => sum + recorded, 0)).toBe(1);
  });

  it.each([
    ["a negative cost", { costUsd: "-1" }, "corrections[0].costUsd"],
    ["more than an attempt can cost", { costUsd: "10000000" }, "corrections[0].costUsd"],
    ["no reason", { note: " " }, "corrections[0].note"],
  ])("refuse %s", async (_what, fault, path) => {
    const correction = { attemptId: "01a1fbe3-a71e-7058-ba44-e99a6e2083a3", costUsd: "1", note: "x", ...fault };
    const answer = await controlPlane.fails(reportOperations.correct, { body: { corrections: [correction] } });
    expect([answer.status, answer.body.error.problems?.[0]?.path]).toEqual([400, path]);
  });

  it("refuse to correct one attempt to two amounts", async () => {
    const attemptId = "01a1fbe3-a71e-7058-ba44-e99a6e2083a3";
    const corrections = ["1", "2"].map((costUsd) => ({ attemptId, costUsd, note: "x" }));
    const answer = await controlPlane.fails(reportOperations.correct, { body: { corrections } });
    expect(answer.body.error.problems?.[0]?.path).toBe("corrections[1].attemptId");
  });
});

describe("requests", () => {
  it("are found by id, whatever day they were made on, and never by an id that is not ours", async () => {
    const { requestId } = await recordCall(controlPlane, {
      costPicoUsd: 1n,
      startedAt: new Date(Date.now() - 40 * 86_400_000),
    });
    expect((await controlPlane.ok(requestOperations.get, { params: { requestId } })).requestId).toBe(requestId);
    const foreign = "4f9c2b1e-1f5a-4b7e-9d1a-0c9b8a7d6e5f";
    expect((await controlPlane.fails(requestOperations.get, { params: { requestId: foreign } })).status).toBe(404);
    expect((await controlPlane.fails(requestOperations.get, { params: { requestId: "no-id" } })).status).toBe(400);
  });

  it("page from the newest to the oldest without gaps or repeats", async () => {
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await controlPlane.ok(requestOperations.list, {
        query: { ...range, limit: 2, ...(cursor !== undefined && { cursor }) },
      });
      ids.push(...page.items.map(({ requestId }) => requestId));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    const whole = await controlPlane.ok(requestOperations.list, { query: { ...range, limit: 200 } });
    expect(ids).toEqual(whole.items.map(({ requestId }) => requestId));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("filter by outcome as the overview counts", async () => {
    const count = async (filter: object) =>
      (await controlPlane.ok(requestOperations.list, { query: { ...range, ...filter } })).items.length;
    expect(await count({ outcome: "failed" })).toBe(1);
    expect(await count({ outcome: "refused" })).toBe(1);
    expect(await count({ status: "503" })).toBe(1);
    expect(await count({ cache: "hit" })).toBe(1);
    expect(await count({ tag: "env=test" })).toBe(1);
    expect(await count({ user: "ada", session: "s1" })).toBeGreaterThan(1);
    expect(await count({ outcome: "succeeded" })).toBe((await count({})) - 2);
  });

  it.each(["x", "e30", "WzEsMl0", Buffer.from('["not a date","x"]').toString("base64url")])(
    "refuse the cursor %s",
    async (cursor) => {
      const answer = await controlPlane.fails(requestOperations.list, { query: { cursor } });
      expect([answer.status, answer.body.error.code]).toEqual([400, "invalid_cursor"]);
    },
  );
});
