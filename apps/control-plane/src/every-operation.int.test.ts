/** One walk through the whole API: every operation of the contract succeeds at least once, with its answer checked. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { adminTokenOperations, auditLogOperations, memberOperations } from "@switchyard/api-contract/access";
import { allOperations } from "@switchyard/api-contract/catalogue";
import { catalogueChangeOperations } from "@switchyard/api-contract/catalogue-changes";
import { fidelityOperations } from "@switchyard/api-contract/fidelity";
import { modelOperations } from "@switchyard/api-contract/models";
import { monthlyReportOperations } from "@switchyard/api-contract/monthly-reports";
import type { Operation } from "@switchyard/api-contract/operation";
import { policyRevisionOperations } from "@switchyard/api-contract/policy-revisions";
import { projectOperations } from "@switchyard/api-contract/projects";
import { providerConnectionOperations } from "@switchyard/api-contract/provider-connections";
import { budgetOperations, rateLimitOperations } from "@switchyard/api-contract/quotas";
import { reconciliationOperations } from "@switchyard/api-contract/reconciliation";
import { reportOperations } from "@switchyard/api-contract/reports";
import { requestOperations } from "@switchyard/api-contract/requests";
import { routeOutcomeOperations } from "@switchyard/api-contract/route-outcomes";
import { routeOperations } from "@switchyard/api-contract/routes";
import { gatewayFeeOperations } from "@switchyard/api-contract/gateway-fees";
import { healthMapOperations } from "@switchyard/api-contract/health-map";
import { savedViewOperations } from "@switchyard/api-contract/saved-views";
import { alertOperations, systemOperations } from "@switchyard/api-contract/system";
import { teamOperations } from "@switchyard/api-contract/teams";
import { virtualKeyOperations } from "@switchyard/api-contract/virtual-keys";
import { whatIfOperations } from "@switchyard/api-contract/what-if";
import { type MonthlyReportContent, monthlyReportSchemaVersion } from "@switchyard/metering/monthly-report";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { recordCall } from "../test/record-call.ts";
import { type RunningControlPlane, startControlPlane } from "../test/running-control-plane.ts";

let provider: Server;
let providerUrl: string;
let controlPlane: RunningControlPlane;
const succeeded = new Set<string>();

async function ok<O extends Operation>(operation: O, input?: Parameters<typeof controlPlane.ok<O>>[1]) {
  const answer = await controlPlane.ok(operation, input);
  succeeded.add(operation.id);
  return answer;
}

beforeAll(async () => {
  provider = createServer((request, response) => {
    if (request.method === "POST" || request.url?.startsWith("/gateway/")) {
      // The one server plays the gateway too, and both give the same answer.
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ id: "chatcmpl-1", object: "chat.completion", choices: [] }));
      return;
    }
    const isKnown = request.headers.authorization === "Bearer provider-secret-0123456789";
    response.writeHead(isKnown ? 200 : 401, { "content-type": "application/json" });
    response.end(JSON.stringify({ data: [{ id: "one" }, { id: "two" }] }));
  });
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  providerUrl = `http://127.0.0.1:${(provider.address() as AddressInfo).port}/v1`;
  controlPlane = await startControlPlane({
    environment: { PUBLIC_GATEWAY_URL: `${new URL(providerUrl).origin}/gateway` },
  });
});

afterAll(async () => {
  provider.close();
  await controlPlane.stop();
});

describe("the API", () => {
  it("manages teams and projects", async () => {
    const team = await ok(teamOperations.create, { body: { name: "Search" } });
    expect(team).toMatchObject({ name: "Search", projectCount: 0, spendThisMonthUsd: "0", archivedAt: null });
    await ok(teamOperations.update, { params: { id: team.id }, body: { name: "Discovery" } });
    const project = await ok(projectOperations.create, { body: { teamId: team.id, name: "Ranking" } });
    expect(project).toMatchObject({ teamName: "Discovery", name: "Ranking", keyCount: 0 });
    await ok(projectOperations.update, { params: { id: project.id }, body: { name: "Re-ranking" } });
    expect((await ok(projectOperations.get, { params: { id: project.id } })).name).toBe("Re-ranking");
    expect((await ok(projectOperations.list, { query: { teamId: team.id } })).items).toHaveLength(1);
    expect((await ok(teamOperations.get, { params: { id: team.id } })).projectCount).toBe(1);
    await ok(projectOperations.archive, { params: { id: project.id } });
    await ok(teamOperations.archive, { params: { id: team.id } });
    const names = (await ok(teamOperations.list)).items.map(({ name }) => name);
    expect(names).toEqual(["Default team"]);
    expect((await ok(teamOperations.list, { query: { includeArchived: "true" } })).items).toHaveLength(2);
  });

  it("issues, changes, rotates and revokes virtual keys", async () => {
    const [project] = (await ok(projectOperations.list)).items;
    const { virtualKey, token } = await ok(virtualKeyOperations.issue, {
      body: { projectId: project!.id, name: "Crawler" },
    });
    expect(token).toMatch(/^sk-sy-/);
    expect(virtualKey).toMatchObject({ state: "active", name: "Crawler", allowedRouteIds: null });
    expect(token.endsWith(virtualKey.hint.slice(-4))).toBe(true);
    const params = { id: virtualKey.id };
    const expiresAt = "2040-01-01T00:00:00.000Z";
    expect(await ok(virtualKeyOperations.update, { params, body: { expiresAt } })).toMatchObject({ expiresAt });
    const connection = (await ok(providerConnectionOperations.list)).items[0]!;
    const passthrough = { passthroughConnectionIds: [connection.id] };
    expect(await ok(virtualKeyOperations.update, { params, body: passthrough })).toMatchObject(passthrough);
    const unknown = { params, body: { passthroughConnectionIds: ["gone"] } };
    expect((await controlPlane.fails(virtualKeyOperations.update, unknown)).body.error).toMatchObject({
      code: "invalid_policy",
      problems: [{ path: "passthroughConnectionIds[0]", code: "unknown_connection" }],
    });
    const successor = await ok(virtualKeyOperations.rotate, { params, body: { overlapSeconds: 60 } });
    expect(successor.virtualKey).toMatchObject({
      rotatedFromId: virtualKey.id,
      state: "active",
      expiresAt,
      ...passthrough,
    });
    expect((await ok(virtualKeyOperations.get, { params })).state).toBe("rotating");
    expect((await ok(virtualKeyOperations.revoke, { params })).state).toBe("revoked");
    const listed = await ok(virtualKeyOperations.list, { query: { state: "revoked", search: "crawl" } });
    expect(listed.items.map(({ id }) => id)).toEqual([virtualKey.id]);
  });

  it("connects providers and tests the connection", async () => {
    expect((await ok(providerConnectionOperations.kinds)).items.map(({ kind }) => kind)).toContain("openai");
    const created = await ok(providerConnectionOperations.create, {
      body: {
        name: "acme",
        kind: "openai-compatible",
        baseUrl: `${providerUrl}/`,
        credential: "provider-secret-0123456789",
      },
    });
    expect(created).toMatchObject({ baseUrl: providerUrl, credentials: [{ hint: "6789", state: "active" }] });
    const params = { id: created.id };
    expect(await ok(providerConnectionOperations.test, { params })).toMatchObject({
      ok: true,
      outcome: "ok",
      models: ["one", "two"],
    });
    await ok(providerConnectionOperations.update, { params, body: { region: "eu" } });
    const body = { credential: "provider-secret-9876543210", retireOthers: true };
    const renewed = await ok(providerConnectionOperations.addCredential, { params, body });
    expect(renewed.credentials.map(({ state }) => state)).toEqual(["active", "retiring"]);
    const credentialId = renewed.credentials[1]!.id;
    await ok(providerConnectionOperations.removeCredential, { params: { ...params, credentialId } });
    expect((await ok(providerConnectionOperations.get, { params })).credentials).toHaveLength(1);
    await ok(providerConnectionOperations.archive, { params });
    const names = (await ok(providerConnectionOperations.list)).items.map(({ name }) => name);
    expect(names).toEqual(["simulator", "simulator-backup"]);
  });

  it("keeps models and their prices", async () => {
    const model = await ok(modelOperations.create, {
      body: {
        providerKind: "openai-compatible",
        providerModel: "acme-1",
        price: { lines: [{ meter: "input", usd: "2.50", per: 1_000_000 }] },
      },
    });
    expect(model).toMatchObject({
      pricing: "priced",
      currentPrice: { lines: [{ meter: "input", usd: "2.5", per: 1e6 }] },
    });
    const params = { id: model.id };
    expect(await ok(modelOperations.update, { params, body: { contextWindow: 8_192 } })).toMatchObject({
      contextWindow: 8_192,
    });
    const repriced = await ok(modelOperations.addPrice, {
      params,
      body: { lines: [{ meter: "requests", usd: "0.01", per: 1 }], note: "flat fee" },
    });
    expect(repriced.prices.map(({ lines }) => lines[0]?.meter)).toEqual(["requests", "input"]);
    expect((await ok(modelOperations.get, { params })).currentPrice?.note).toBe("flat fee");
    const found = await ok(modelOperations.list, { query: { search: "acme", pricing: "priced", inUse: "false" } });
    expect(found.items.map(({ providerModel }) => providerModel)).toEqual(["acme-1"]);
    await ok(modelOperations.archive, { params });
    expect((await ok(modelOperations.list, { query: { search: "acme-1" } })).items).toEqual([]);
  });

  it("edits routes, and publishes, compares and rolls back revisions", async () => {
    const routes = (await ok(routeOperations.list)).items;
    const chat = routes.find(({ name }) => name === "demo-chat")!;
    expect(chat.targets.map(({ shareMillionths }) => shareMillionths)).toEqual([700_000, 300_000]);
    const targets = chat.targets.map(({ connectionId, modelId }) => ({ connectionId, modelId, weight: 50 }));
    const created = await ok(routeOperations.create, { body: { name: "extra", targets, fallbackRouteIds: [chat.id] } });
    const body = { routeId: chat.id, route: { name: "demo-chat", targets }, call: { inputTokens: 10 } };
    expect((await ok(whatIfOperations.preview, { body })).firstChoices).toHaveLength(2);
    const before = (await ok(policyRevisionOperations.list)).items[0]!;
    expect(before).toMatchObject({ summary: "Route extra created", isCurrent: true });
    const replaced = await ok(routeOperations.replace, {
      params: { id: created.id },
      body: { name: "extra", targets: targets.map((target, index) => ({ ...target, weight: index })) },
    });
    expect(replaced.targets.map(({ id }) => id)).toEqual(created.targets.map(({ id }) => id));
    const number = before.number + 1;
    const { changes } = await ok(policyRevisionOperations.diff, { params: { number } });
    expect(changes).toContainEqual({
      path: ["routes", "extra", "targets", "simulator / sim-large", "weight"],
      kind: "changed",
      before: "50",
      after: "0",
    });
    await ok(policyRevisionOperations.get, { params: { number } });
    const back = await ok(policyRevisionOperations.rollBack, { params: { number: before.number } });
    expect(back).toMatchObject({ number: number + 1, sha256: before.sha256, isCurrent: true });
    const restored = await ok(routeOperations.get, { params: { id: created.id } });
    expect(restored.targets.map(({ weight }) => weight)).toEqual([50, 50]);
    await ok(routeOperations.remove, { params: { id: created.id } });
  });

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
    await controlPlane.pool.query("SELECT * FROM quota_take('gateway', gen_random_uuid(), $1)", [
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
      const { body } = await controlPlane.fails(budgetOperations.create, { body: refused });
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
    const { rows } = await controlPlane.pool.query(
      `SELECT content::json -> 'gatewayFees' AS fees FROM policy_revision ORDER BY number DESC LIMIT 1`,
    );
    expect(rows[0].fees).toEqual([
      { feeId: fee.id, scopeType: "team", scopeId: team!.id, perRequestPicoUsd: "0", shareOfCostPpm: 25_000 },
    ]);
    const unknown = { body: { scope: { type: "project", id: "gone" } as const, percentOfCost: "1" } };
    expect((await controlPlane.fails(gatewayFeeOperations.set, unknown)).body.error.code).toBe("invalid_policy");
    await ok(gatewayFeeOperations.remove, { params: { id: fee.id } });
    expect((await ok(gatewayFeeOperations.list)).items).toEqual([]);
  });

  it("reports on calls", async () => {
    const { requestId, attemptId, startedAt } = await recordCall(controlPlane, { costPicoUsd: 7_000_000_000n });
    const quota = {
      quotaId: "lifted~ada",
      unit: "pico_usd",
      why: "exhausted",
      limit: "2000000000000",
      remaining: "5",
      needed: "7",
      resetsAtMs: null,
    };
    await controlPlane.pool.query("UPDATE request_log SET because = $2, status = 429 WHERE request_id = $1", [
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

  it("offers the price list of this release", async () => {
    expect((await ok(catalogueChangeOperations.list)).items).toEqual([]);
    const body = { models: [{ providerKind: "openai", providerModel: "gpt-4o" }] };
    expect(await ok(catalogueChangeOperations.apply, { body })).toEqual({ added: 0, repriced: 0 });
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

  it("manages members, tokens and alerts, and remembers who did what", async () => {
    expect(await ok(memberOperations.session)).toMatchObject({ role: "owner", organisationName: "My organisation" });
    const { member, password } = await ok(memberOperations.add, {
      body: { name: "Ada", email: "Ada@Example.com", role: "viewer" },
    });
    expect(member).toMatchObject({ email: "ada@example.com", isYou: false });
    expect(password.length).toBeGreaterThan(20);
    const params = { id: member.id };
    expect((await ok(memberOperations.changeRole, { params, body: { role: "finance" } })).role).toBe("finance");
    expect((await ok(memberOperations.list)).items).toHaveLength(2);
    await ok(memberOperations.remove, { params });
    const { adminToken } = await ok(adminTokenOperations.create, { body: { name: "CI", role: "viewer" } });
    expect((await ok(adminTokenOperations.list)).items[0]?.id).toBe(adminToken.id);
    await ok(adminTokenOperations.revoke, { params: { id: adminToken.id } });
    const { webhook } = await ok(alertOperations.addWebhook, { body: { url: "https://hooks.example.com/x" } });
    expect((await ok(alertOperations.webhooks)).items).toHaveLength(1);
    await ok(alertOperations.removeWebhook, { params: { id: webhook.id } });
    expect((await ok(alertOperations.list)).items).toEqual([]);
    expect((await ok(healthMapOperations.get)).targets).toEqual([]);
    const lastHour = { from: new Date(Date.now() - 3_600_000).toISOString(), to: new Date().toISOString() };
    const [known] = (await ok(routeOperations.list)).items;
    const outcomes = await ok(routeOutcomeOperations.get, { params: { id: known?.id ?? "" }, query: lastHour });
    expect(outcomes.targets).toEqual([]);
    expect((await ok(systemOperations.get)).queues.map(({ queue }) => queue)).toContain("usage");
    const { items } = await ok(auditLogOperations.list, { query: { resourceType: "member" } });
    expect(items.map(({ action }) => action)).toEqual(["member.removed", "member.role_changed", "member.added"]);
  });

  it("checks fidelity by way of a route with one target, and takes the key back", async () => {
    const credential = "provider-secret-0123456789";
    const connection = await ok(providerConnectionOperations.create, {
      body: { name: "exact", kind: "openai-compatible", baseUrl: providerUrl, credential },
    });
    const model = await ok(modelOperations.create, {
      body: { providerKind: "openai-compatible", providerModel: "exact-1" },
    });
    const targets = [{ connectionId: connection.id, modelId: model.id, weight: 1 }];
    const route = await ok(routeOperations.create, { body: { name: "exact-1", targets } });
    const project = (await ok(projectOperations.list)).items[0]!;
    const run = await ok(fidelityOperations.start, { body: { routeId: route.id, projectId: project.id } });
    expect(run).toMatchObject({ state: "running", model: "exact-1", protocol: "openai-chat", connectionName: "exact" });
    const params = { id: run.id };
    await vi.waitFor(async () => expect((await ok(fidelityOperations.get, { params })).state).toBe("done"), {
      timeout: 30_000,
      interval: 50,
    });
    const done = (await ok(fidelityOperations.list)).items[0]!;
    expect(done).toMatchObject({ id: run.id, verdict: "equivalent", message: null });
    expect(done.cases).toHaveLength(done.caseCount);
    expect(done.cases.find(({ name }) => name === "streamed")).toMatchObject({
      request: { verdict: "equivalent", differences: [{ pointer: "/stream_options" }] },
      passage: { verdict: "unobserved" },
      answer: { verdict: "identical" },
    });
    await vi.waitFor(async () => {
      const { items } = await ok(virtualKeyOperations.list, { query: { search: "Fidelity check" } });
      expect(items.map(({ state, allowedRouteIds }) => ({ state, allowedRouteIds }))).toEqual([
        { state: "revoked", allowedRouteIds: [route.id] },
      ]);
    });
    const many = (await ok(routeOperations.list)).items.find(({ targets: { length } }) => length > 1)!;
    const refused = await controlPlane.fails(fidelityOperations.start, {
      body: { routeId: many.id, projectId: project.id },
    });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: "fidelity_not_checkable" } } });
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
    expect((await controlPlane.fails(monthlyReportOperations.setSchedule, badZone)).status).toBe(400);
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
    expect((await controlPlane.fails(monthlyReportOperations.csv, { params })).status).toBe(404);
    await controlPlane.pool.query("UPDATE monthly_report SET state = 'failed', problem = 'no luck'");
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
    await controlPlane.pool.query(
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
    expect((await controlPlane.fails(monthlyReportOperations.make, young)).body.error.code).toBe("validation_failed");
  });

  it("keeps views for whoever saved them, and for everybody where they are shared", async () => {
    const page = "cost" as const;
    const own = await ok(savedViewOperations.save, {
      body: { page, name: "By model", query: "by=model&period=last-month" },
    });
    expect(own).toMatchObject({ isShared: false, isYours: true, isDefault: false });
    const shared = await ok(savedViewOperations.save, {
      body: { page, name: "All", query: "by=team", isShared: true },
    });
    await ok(savedViewOperations.setDefault, { body: { page, viewId: shared.id } });
    const listed = async (token?: string) =>
      (await controlPlane.ok(savedViewOperations.list, { query: { page } }, token)).items.map(
        ({ name, isYours, isDefault }) => `${name}${isYours ? ", mine" : ""}${isDefault ? ", first" : ""}`,
      );
    await ok(savedViewOperations.list, { query: { page } });
    expect(await listed()).toEqual(["All, mine, first", "By model, mine"]);
    const { token } = await ok(adminTokenOperations.create, { body: { name: "reader", role: "viewer" } });
    expect(await listed(token)).toEqual(["All"]);
    const theirs = { params: { id: shared.id }, body: { name: "Mine now" } };
    expect((await controlPlane.fails(savedViewOperations.change, theirs, token)).status).toBe(404);
    const unseen = { body: { page, viewId: own.id } };
    expect((await controlPlane.fails(savedViewOperations.setDefault, unseen, token)).status).toBe(404);
    const params = { id: own.id };
    const changed = await ok(savedViewOperations.change, { params, body: { name: "Models", isShared: true } });
    expect(changed).toMatchObject({ name: "Models", query: "by=model&period=last-month", isShared: true });
    expect(await listed(token)).toEqual(["All", "Models"]);
    await ok(savedViewOperations.remove, { params });
    expect(await listed()).toEqual(["All, mine, first"]);
    expect((await controlPlane.fails(savedViewOperations.remove, { params })).status).toBe(404);
    await ok(savedViewOperations.restore, { params });
    await ok(savedViewOperations.setDefault, { body: { page, viewId: null } });
    expect(await listed()).toEqual(["All, mine", "Models, mine"]);
    const odd = { body: { page, name: "Odd", query: "by=team\r\nset-cookie: a" } };
    expect((await controlPlane.fails(savedViewOperations.save, odd)).status).toBe(400);
  });

  it("left no operation out", () => {
    expect([...succeeded].toSorted()).toEqual(allOperations.map(({ id }) => id).toSorted());
  });
});
