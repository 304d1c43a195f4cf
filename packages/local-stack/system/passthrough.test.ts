/** Raw calls to a provider: what the ledger, the receipt and a hard budget make of them in a whole Switchyard. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { SimulatorApi } from "../src/audit/simulator-api.ts";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { expectEachClosedOnce, LedgerReader } from "./support/ledger.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

let stack: Stack;
let ledger: LedgerReader;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 1 });
  ledger = new LedgerReader(stack.databaseUrl);
});

afterAll(async () => {
  await ledger?.close();
  await stack?.shutdown();
});

function pass({ key, model }: Tenant, path: string, body?: object): Promise<Response> {
  return fetch(`${stack.gatewayUrl}/passthrough/${model}/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function outcomeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error?: { code: string } };
  return error === undefined ? `${response.status}` : `${response.status} ${error.code}`;
}

it("are off until allowed, then billed like any call, and refused by a budget where they cannot be bounded", async () => {
  const admin = new AdminApi(stack);
  const tenant = await createTenant(stack, admin, [
    { meter: "input", usd: "2", per: 1_000_000 },
    { meter: "output", usd: "8", per: 1_000_000 },
  ]);
  const chat = { model: tenant.model, messages: [{ role: "user", content: "hello" }] };
  expect(await outcomeOf(await pass(tenant, "models"))).toBe("403 passthrough_not_allowed");

  const passthroughConnectionIds = [tenant.connectionId];
  const early = await admin.call("PATCH", `/api/virtual-keys/${tenant.keyId}`, { passthroughConnectionIds });
  expect(early.status).toBe(422);
  for (const path of [`/api/projects/${tenant.projectId}`, `/api/virtual-keys/${tenant.keyId}`]) {
    expect((await admin.call("PATCH", path, { passthroughConnectionIds })).status).toBe(200);
  }
  await vi.waitFor(async () => expect((await pass(tenant, "models")).status).toBe(200), { timeout: 15_000 });

  const answer = await pass(tenant, "chat/completions", chat);
  const { usage } = (await answer.json()) as { usage: { prompt_tokens: number; completion_tokens: number } };
  const receipt = await fetch(`${stack.gatewayUrl}/v1/receipts/${answer.headers.get("x-request-id")}`, {
    headers: { authorization: `Bearer ${tenant.key}` },
  });
  expect(await receipt.json()).toMatchObject({
    operation: "passthrough",
    route: `passthrough/${tenant.model}`,
    warnings: [],
    attempts: [{ model: tenant.model, usage_source: "provider_final", closing: "settle" }],
  });
  const attempts = await ledger.settledAttempts(tenant.modelId, new SimulatorApi(stack.simulatorUrl), tenant.model);
  expectEachClosedOnce(attempts);
  const expected = BigInt(usage.prompt_tokens) * 2_000_000n + BigInt(usage.completion_tokens) * 8_000_000n;
  expect(attempts.map(({ spendPicoUsd }) => spendPicoUsd)).toEqual([expected]);
  // What nobody can read is there too, without a price: flagged, not free.
  await vi.waitFor(
    async () => {
      const unknown = await ledger.attemptsOf("unknown");
      expectEachClosedOnce(unknown);
      expect(unknown.length).toBeGreaterThan(0);
      expect(unknown.every(({ usageSource }) => usageSource === "none")).toBe(true);
    },
    { timeout: 30_000 },
  );

  await admin.post("/api/budgets", {
    name: "one dollar",
    scope: { type: "project", id: tenant.projectId },
    limitUsd: "1.00",
    period: "total",
    mode: "hard",
  });
  await vi.waitFor(async () => expect(await outcomeOf(await pass(tenant, "models"))).toBe("422 model_not_priced"), {
    timeout: 15_000,
  });
  expect(await outcomeOf(await pass(tenant, "chat/completions", chat))).toBe("400 unsupported_parameter");
  expect(await outcomeOf(await pass(tenant, "chat/completions", { ...chat, max_tokens: 20 }))).toBe("200");

  // What the project no longer allows, no key of it may do, whatever stands on the key.
  await admin.call("PATCH", `/api/projects/${tenant.projectId}`, { passthroughConnectionIds: [] });
  await vi.waitFor(
    async () => expect(await outcomeOf(await pass(tenant, "models"))).toBe("403 passthrough_not_allowed"),
    { timeout: 15_000 },
  );
});
