/** A hard budget holds to the cent over all gateway processes, and a repeated call is served by one of them. */
import OpenAI from "openai";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { billedByAttempt, expectEachClosedOnce, LedgerReader, sum } from "./support/ledger.ts";
import { SimulatorApi } from "../src/audit/simulator-api.ts";
import { createTenant, type PriceLine, type Tenant } from "./support/tenant.ts";

const picoPerUsd = 10n ** 12n;
const processes = 4;

let stack: Stack;
let ledger: LedgerReader;
let admin: AdminApi;
let simulator: SimulatorApi;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: processes });
  ledger = new LedgerReader(stack.databaseUrl);
  admin = new AdminApi(stack);
  simulator = new SimulatorApi(stack.simulatorUrl);
});

afterAll(async () => {
  await ledger?.close();
  await stack?.shutdown();
});

interface BudgetAnswer {
  readonly status: number;
  readonly code: string | null;
  readonly requestId: string;
}

/** A tenant whose project may spend so much, once every process knows it. */
async function createBudget(
  price: readonly PriceLine[],
  limitUsd: string,
): Promise<{ tenant: Tenant; budgetId: string }> {
  const tenant = await createTenant(stack, admin, price);
  const budget = await admin.post<{ id: string }>("/api/budgets", {
    name: "hard",
    scope: { type: "project", id: tenant.projectId },
    limitUsd,
    period: "total",
    mode: "hard",
  });
  const { policyRevision } = await admin.get<{ policyRevision: number }>("/api/session");
  await vi.waitFor(
    async () => {
      const { gateways } = await admin.get<{ gateways: { policyRevision: number; isLive: boolean }[] }>("/api/system");
      expect(gateways.filter(({ isLive }) => isLive)).toHaveLength(processes);
      expect(gateways.every((gateway) => gateway.policyRevision >= policyRevision)).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );
  return { tenant, budgetId: budget.id };
}

async function call(tenant: Tenant, more: object = {}): Promise<BudgetAnswer> {
  const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: tenant.model, messages: [{ role: "user", content: "x" }], ...more }),
  });
  const body = (await response.json()) as { error?: { code: string } };
  return {
    status: response.status,
    code: body.error?.code ?? null,
    requestId: response.headers.get("x-request-id") ?? "",
  };
}

function countByAnswer(answers: readonly BudgetAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, code } of answers) {
    const name = code ?? String(status);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

it("dispatches exactly 50 of 4 × 1,000 concurrent calls at $0.10 against $5.00", async () => {
  const callPicoUsd = picoPerUsd / 10n;
  const { tenant, budgetId } = await createBudget([{ meter: "requests", usd: "0.10", per: 1 }], "5.00");
  const answers = await Promise.all(Array.from({ length: processes * 1_000 }, async () => call(tenant)));
  expect(countByAnswer(answers)).toEqual({ 200: 50, budget_exceeded: 3_950 });

  const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  const entries = await simulator.entries(tenant.model);
  expect(entries).toHaveLength(50);
  expectEachClosedOnce(attempts);
  expect(sum(attempts.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(5n * picoPerUsd);
  expect(sum(billedByAttempt(entries, () => callPicoUsd).values())).toBe(5n * picoPerUsd);

  // A later call is refused too, and the page shows the budget as used up.
  expect(await call(tenant)).toMatchObject({ status: 429, code: "budget_exceeded" });
  await vi.waitFor(
    async () => {
      const { state } = await admin.get<{ state: { usedUsd: string; remainingUsd: string } }>(
        `/api/budgets/${budgetId}`,
      );
      expect(state).toMatchObject({ usedUsd: "5", remainingUsd: "0" });
    },
    { timeout: 20_000, interval: 200 },
  );
});

/** One call under a key, on a connection of its own, so that processes take turns. */
async function repeated(tenant: Tenant, key: string, content: string) {
  const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: {
      authorization: `Bearer ${tenant.key}`,
      "content-type": "application/json",
      "idempotency-key": key,
      connection: "close",
    },
    body: JSON.stringify({ model: tenant.model, messages: [{ role: "user", content }] }),
  });
  return { status: response.status, body: await response.text() };
}

it("serves and bills one of twelve calls that bring one Idempotency-Key to all processes at once", async () => {
  const { tenant } = await createBudget([{ meter: "requests", usd: "0.10", per: 1 }], "5.00");
  await simulator.behave(tenant.model, tenant.model, { latencyMs: { p50: 700, p99: 700 } });
  const answers = await Promise.all(Array.from({ length: 12 }, () => repeated(tenant, "order-1", "x")));
  expect(answers[0]?.status).toBe(200);
  expect(new Set(answers.map(({ status, body }) => `${status} ${body}`)).size).toBe(1);
  expect(await repeated(tenant, "order-1", "y")).toMatchObject({ status: 409 });
  const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  expect(sum(attempts.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(picoPerUsd / 10n);
  expect(await simulator.entries(tenant.model)).toHaveLength(1);
  await vi.waitFor(async () => expect(await ledger.requestCount(tenant.teamId)).toBe(13), 20_000);
  expect(await ledger.gatewayCount(tenant.teamId)).toBeGreaterThan(1);
});

it("bills a call once whose official client gives up waiting and sends it again by itself", async () => {
  const { tenant } = await createBudget([{ meter: "requests", usd: "0.10", per: 1 }], "5.00");
  await simulator.behave(tenant.model, tenant.model, { latencyMs: { p50: 2_500, p99: 2_500 } });
  const client = new OpenAI({ baseURL: `${stack.gatewayUrl}/v1`, apiKey: tenant.key, maxRetries: 6, timeout: 1_000 });
  const answer = await client.chat.completions.create(
    { model: tenant.model, messages: [{ role: "user", content: "x" }] },
    { headers: { "Idempotency-Key": "order-2" } },
  );
  expect(answer.choices[0]?.message.content).toBeTruthy();
  await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  expect(await simulator.entries(tenant.model)).toHaveLength(1);
  expect(await ledger.requestCount(tenant.teamId)).toBeGreaterThan(1);
});

interface HeldReceipt {
  readonly attempts: readonly { readonly held_usd: string }[];
}

async function heldPicoUsd(tenant: Tenant, requestId: string): Promise<bigint> {
  const response = await fetch(`${stack.gatewayUrl}/v1/receipts/${requestId}`, {
    headers: { authorization: `Bearer ${tenant.key}` },
  });
  const { attempts } = (await response.json()) as HeldReceipt;
  return BigInt(Math.round(Number(attempts[0]?.held_usd) * 1e12));
}

it("is used to 99 % by calls that hold more than they cost, and never passed", async () => {
  const limitPicoUsd = 2n * picoPerUsd;
  const pricePicoUsd = { input: 1_000_000n, output: 100_000_000n };
  const { tenant } = await createBudget(
    [
      { meter: "input", usd: "1", per: 1_000_000 },
      { meter: "output", usd: "100", per: 1_000_000 },
    ],
    "2.00",
  );
  await simulator.behave(tenant.model, tenant.model, { outputTokens: { min: 10, max: 100 } });
  const bounded = { max_tokens: 100 };
  const spentPicoUsd = async (): Promise<bigint> => {
    const priceOf = ({ tokens }: Awaited<ReturnType<SimulatorApi["entries"]>>[number]): bigint =>
      BigInt(tokens.input) * pricePicoUsd.input + BigInt(tokens.output) * pricePicoUsd.output;
    return sum(billedByAttempt(await simulator.entries(tenant.model), priceOf).values());
  };

  const first = await call(tenant, bounded);
  const held = await heldPicoUsd(tenant, first.requestId);
  // Together they would hold more than there is: some wait for others to end, or are refused.
  const storm = await Promise.all(Array.from({ length: 200 }, async () => call(tenant, bounded)));
  expect(Object.keys(countByAnswer(storm))).toContain("200");
  await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  expect(await spentPicoUsd()).toBeLessThan(limitPicoUsd - held);

  // Now nothing is held: as long as there is room for one more hold, the call must go through.
  let answer = await call(tenant, bounded);
  for (; answer.status === 200; answer = await call(tenant, bounded));
  expect(answer).toMatchObject({ status: 429, code: "budget_exceeded" });
  const spent = await spentPicoUsd();
  expect(limitPicoUsd - spent).toBeLessThan(held);
  expect(spent * 100n).toBeGreaterThanOrEqual(limitPicoUsd * 99n);
  expect(spent).toBeLessThanOrEqual(limitPicoUsd);

  const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  expectEachClosedOnce(attempts);
  expect(sum(attempts.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(spent);
});
