/** With control plane, worker and PostgreSQL down the gateway goes on answering, and nothing is lost afterwards. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { billedByAttempt, expectEachClosedOnce, LedgerReader, sum } from "./support/ledger.ts";
import { SimulatorApi } from "../src/audit/simulator-api.ts";
import { clientOf, createTenant } from "./support/tenant.ts";

const callPicoUsd = 10_000_000_000n;

let stack: Stack;

beforeAll(async () => {
  stack = await startStack();
});

afterAll(async () => {
  await stack?.shutdown();
});

it("serves existing keys from its snapshot and its leases", async () => {
  const admin = new AdminApi(stack);
  const simulator = new SimulatorApi(stack.simulatorUrl);
  const tenant = await createTenant(stack, admin, [{ meter: "requests", usd: "0.01", per: 1 }]);
  await admin.post("/api/budgets", {
    name: "plenty",
    scope: { type: "project", id: tenant.projectId },
    limitUsd: "100",
    period: "month",
    mode: "hard",
  });
  await admin.post("/api/rate-limits", {
    name: "brisk",
    scope: { type: "virtual_key", id: tenant.keyId },
    measure: "requests_per_minute",
    limit: 6_000,
  });
  const client = clientOf(stack, tenant.key);
  const ask = (question: string) =>
    client.chat.completions.create({ model: tenant.model, messages: [{ role: "user", content: question }] });
  // Every process leases its slice on its first call; a new connection each time reaches all of them.
  await Promise.all(Array.from({ length: 40 }, (_, index) => ask(`warm ${index}`)));

  await stack.stop("control-plane");
  await stack.stop("worker");
  await stack.stop("database");

  const answers = await Promise.all(Array.from({ length: 60 }, (_, index) => ask(`alone ${index}`)));
  expect(answers.every(({ choices }) => choices[0]?.finish_reason === "stop")).toBe(true);
  const stream = await client.chat.completions.create({
    model: tenant.model,
    messages: [{ role: "user", content: "stream alone" }],
    stream: true,
  });
  let finish: string | null | undefined = null;
  for await (const chunk of stream) finish = chunk.choices[0]?.finish_reason ?? finish;
  expect(finish).toBe("stop");
  await expect(clientOf(stack, `${tenant.key.slice(0, -1)}x`).models.list()).rejects.toMatchObject({ status: 401 });

  await stack.start("database");
  await stack.start("control-plane");
  await stack.start("worker");
  const ledger = new LedgerReader(stack.databaseUrl);
  try {
    const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model, 120_000);
    expectEachClosedOnce(attempts);
    expect(attempts).toHaveLength(101);
    expect(sum(attempts.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(101n * callPicoUsd);
    expect(sum(billedByAttempt(await simulator.entries(tenant.model), () => callPicoUsd).values())).toBe(
      101n * callPicoUsd,
    );
    await vi.waitFor(async () => expect(await ledger.requestCount(tenant.teamId, 200)).toBe(101), {
      timeout: 60_000,
      interval: 250,
    });
  } finally {
    await ledger.close();
  }
});
