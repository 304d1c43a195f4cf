/** A provider breaks under load while another is healthy: no client notices, and nobody is called much more for it. */
import { createServer } from "node:net";
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { SimulatorApi } from "./support/simulator-api.ts";
import { createTenant, type Tenant, waitUntilCallable } from "./support/tenant.ts";

const calls = 300;
const clients = 8;
const mostAmplification = 1.1;

let stack: Stack;
let admin: AdminApi;
let simulator: SimulatorApi;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 1 });
  admin = new AdminApi(stack);
  simulator = new SimulatorApi(stack.simulatorUrl);
});

afterAll(async () => {
  await stack?.shutdown();
});

interface Drill {
  readonly tenant: Tenant;
  /** A route that takes `first` and then `second`. */
  readonly route: string;
  /** As the simulator knows the two providers. */
  readonly first: string;
  readonly second: string;
}

async function prepare(firstUrl?: string): Promise<Drill> {
  const tenant = await createTenant(stack, admin, [
    { meter: "input", usd: "2", per: 1_000_000 },
    { meter: "output", usd: "8", per: 1_000_000 },
  ]);
  const connect = async (name: string, baseUrl: string): Promise<string> => {
    const credential = "sk-simulated-0123456789";
    const body = { name, kind: "openai-compatible", baseUrl, credential };
    return (await admin.post<{ id: string }>("/api/provider-connections", body)).id;
  };
  const route = `drill-${randomBytes(5).toString("hex")}`;
  const [first, second] = [`${route}-first`, `${route}-second`];
  const connectionIds = [
    await connect(first, firstUrl ?? `${stack.simulatorUrl}/${first}/v1`),
    await connect(second, `${stack.simulatorUrl}/${second}/v1`),
  ];
  await admin.post("/api/routes", {
    name: route,
    strategy: { type: "priority" },
    targets: connectionIds.map((connectionId) => ({ connectionId, modelId: tenant.modelId, weight: 0 })),
    timeouts: { connectMs: 1_000, firstByteMs: 1_000, idleMs: 10_000, totalMs: 30_000 },
  });
  await waitUntilCallable(stack, { key: tenant.key, model: route });
  return { tenant, route, first, second };
}

async function call({ tenant, route }: Drill, turn: number): Promise<{ status: number; attempts: number }> {
  const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
    body: JSON.stringify({
      model: route,
      stream: turn % 2 === 0,
      messages: [{ role: "user", content: `turn ${turn}` }],
    }),
  });
  const text = await response.text();
  const isWhole = turn % 2 === 0 ? text.includes("data: [DONE]") : text.includes('"usage"');
  return {
    status: response.status === 200 && !isWhole ? 0 : response.status,
    attempts: Number(response.headers.get("x-switchyard-attempts")),
  };
}

/** Some clients at once; how many calls were answered whole, and how many attempts the gateway says it made. */
async function load(drill: Drill): Promise<{ answered: number; attempts: number }> {
  let turn = 0;
  const totals = { answered: 0, attempts: 0 };
  const client = async (): Promise<void> => {
    while (turn < calls) {
      const { status, attempts } = await call(drill, turn++);
      if (status === 200) totals.answered += 1;
      totals.attempts += attempts;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return totals;
}

async function received(drill: Drill, provider: string): Promise<number> {
  const entries = await simulator.entries(drill.tenant.model);
  return entries.filter((entry) => entry.provider === provider).length;
}

describe("with a healthy second provider", () => {
  it.each([
    ["answers every call with 500", { errorStatus: 500 }],
    ["answers every call with 429", { errorStatus: 429 }],
    ["closes every connection", { connectRefusal: true }],
    ["sends its first byte too late", { slowFirstByteMs: 20_000 }],
  ])("loses no call when the first %s", async (_, fault) => {
    const drill = await prepare();
    expect((await call(drill, 0)).status).toBe(200);
    expect(await received(drill, drill.first)).toBe(1);
    await simulator.behave(drill.first, "*", fault);

    expect((await load(drill)).answered).toBe(calls);
    const [atFirst, atSecond] = [await received(drill, drill.first), await received(drill, drill.second)];
    expect(atSecond).toBe(calls);
    expect((atFirst - 1 + atSecond) / calls).toBeLessThanOrEqual(mostAmplification);

    // And it is found out, by trial calls, that the first works again.
    await simulator.behave(drill.first, "*", {});
    await vi.waitFor(
      async () => {
        const before = await received(drill, drill.second);
        for (let turn = 0; turn < 3; turn++) expect((await call(drill, turn)).status).toBe(200);
        expect(await received(drill, drill.second)).toBe(before);
      },
      { timeout: 90_000, interval: 250 },
    );
  });

  it("loses no call when nobody listens at the first", async () => {
    const drill = await prepare(`http://127.0.0.1:${await closedPort()}/v1`);
    const { answered, attempts } = await load(drill);
    expect(answered).toBe(calls);
    expect(await received(drill, drill.second)).toBe(calls);
    expect(attempts / calls).toBeLessThanOrEqual(mostAmplification);
  });
});

it("calls nobody much more often when both providers fail", async () => {
  const drill = await prepare();
  for (const provider of [drill.first, drill.second]) await simulator.behave(provider, "*", { errorStatus: 500 });
  expect((await load(drill)).answered).toBe(0);
  const reached = (await received(drill, drill.first)) + (await received(drill, drill.second));
  expect(reached / calls).toBeLessThanOrEqual(mostAmplification);
  // Not refused unasked either: each call had its one attempt.
  expect(reached).toBeGreaterThanOrEqual(calls);
});

/** A port of which it was just seen that nobody listens on it. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
