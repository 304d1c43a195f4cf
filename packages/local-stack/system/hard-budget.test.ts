/** A hard budget holds to the cent over all gateway processes. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { billedByAttempt, expectEachClosedOnce, LedgerReader, sum } from "./support/ledger.ts";
import { SimulatorApi } from "../src/audit/simulator-api.ts";
import { createTenant } from "./support/tenant.ts";

const callPicoUsd = 10_000_000_000n;

let stack: Stack;
let ledger: LedgerReader;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 3 });
  ledger = new LedgerReader(stack.databaseUrl);
});

afterAll(async () => {
  await ledger?.close();
  await stack?.shutdown();
});

interface BudgetAnswer {
  readonly status: number;
  readonly code: string | null;
}

it("dispatches exactly 100 of 200 concurrent calls at $0.01 against $1.00", async () => {
  const admin = new AdminApi(stack);
  const simulator = new SimulatorApi(stack.simulatorUrl);
  const tenant = await createTenant(stack, admin, [{ meter: "requests", usd: "0.01", per: 1 }]);
  const budget = await admin.post<{ id: string }>("/api/budgets", {
    name: "one dollar",
    scope: { type: "project", id: tenant.projectId },
    limitUsd: "1.00",
    period: "total",
    mode: "hard",
  });
  const { policyRevision } = await admin.get<{ policyRevision: number }>("/api/session");
  await vi.waitFor(
    async () => {
      const { gateways } = await admin.get<{ gateways: { policyRevision: number; isLive: boolean }[] }>("/api/system");
      expect(gateways.filter(({ isLive }) => isLive)).toHaveLength(3);
      expect(gateways.every((gateway) => gateway.policyRevision >= policyRevision)).toBe(true);
    },
    { timeout: 20_000, interval: 100 },
  );

  const call = async (): Promise<BudgetAnswer> => {
    const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: tenant.model, messages: [{ role: "user", content: "x" }] }),
    });
    const body = (await response.json()) as { error?: { code: string } };
    return { status: response.status, code: body.error?.code ?? null };
  };
  const answers = await Promise.all(Array.from({ length: 200 }, call));

  const succeeded = answers.filter(({ status }) => status === 200);
  const refused = answers.filter(({ status }) => status !== 200);
  expect(succeeded).toHaveLength(100);
  expect(refused).toEqual(Array.from({ length: 100 }, () => ({ status: 429, code: "budget_exceeded" })));

  const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model);
  const entries = await simulator.entries(tenant.model);
  expect(entries).toHaveLength(100);
  expectEachClosedOnce(attempts);
  expect(sum(attempts.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(100n * callPicoUsd);
  expect(sum(billedByAttempt(entries, () => callPicoUsd).values())).toBe(100n * callPicoUsd);

  // A later call is refused too, and the page shows the budget as used up.
  expect(await call()).toEqual({ status: 429, code: "budget_exceeded" });
  await vi.waitFor(
    async () => {
      const { state } = await admin.get<{ state: { usedUsd: string; remainingUsd: string } }>(
        `/api/budgets/${budget.id}`,
      );
      expect(state).toMatchObject({ usedUsd: "1", remainingUsd: "0" });
    },
    { timeout: 20_000, interval: 200 },
  );
});
