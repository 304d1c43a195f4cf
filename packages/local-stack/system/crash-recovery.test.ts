/** kill -9 of a gateway process, of the database and of the worker, under load: nothing lost, nothing doubled. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Stack, startStack } from "../src/stack.ts";
import { AdminApi } from "./support/admin-api.ts";
import { billedByAttempt, expectEachClosedOnce, LedgerReader, sum } from "./support/ledger.ts";
import { SimulatorApi, type SimulatorEntry } from "./support/simulator-api.ts";
import { createTenant, type Tenant } from "./support/tenant.ts";

const inputPicoUsd = 2_000_000n;
const outputPicoUsd = 8_000_000n;
const priceOf = ({ tokens }: SimulatorEntry): bigint =>
  BigInt(tokens.input + tokens.cachedInput) * inputPicoUsd + BigInt(tokens.output + tokens.reasoning) * outputPicoUsd;

let stack: Stack;
let ledger: LedgerReader;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 2 });
  ledger = new LedgerReader(stack.databaseUrl);
});

afterAll(async () => {
  await ledger?.close();
  await stack?.shutdown();
});

/** Clients that call until told to stop; an answer counts only when its last byte arrived. */
function startLoad(tenant: Tenant, clients: number) {
  let isRunning = true;
  let answered = 0;
  const requestIds = new Set<string>();
  const run = async (client: number): Promise<void> => {
    for (let turn = 0; isRunning; turn++) {
      try {
        const response = await fetch(`${stack.gatewayUrl}/v1/chat/completions`, {
          method: "POST",
          headers: { authorization: `Bearer ${tenant.key}`, "content-type": "application/json" },
          body: JSON.stringify({
            model: tenant.model,
            stream: turn % 2 === 0,
            messages: [{ role: "user", content: `client ${client} turn ${turn}` }],
          }),
        });
        await response.text();
        if (response.status === 200) {
          answered += 1;
          requestIds.add(response.headers.get("x-request-id") ?? "");
        }
      } catch {
        // The process that served this call was killed.
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const finished = Promise.all(Array.from({ length: clients }, (_, client) => run(client)));
  return {
    answered: () => answered,
    requestIds,
    stop: async () => {
      isRunning = false;
      await finished;
    },
  };
}

async function answeredMore(load: { answered: () => number }, calls: number): Promise<void> {
  const target = load.answered() + calls;
  await vi.waitFor(() => expect(load.answered()).toBeGreaterThanOrEqual(target), { timeout: 60_000, interval: 20 });
}

it("keeps every answered call exactly once, and the sums agree after corrections", async () => {
  const admin = new AdminApi(stack);
  const simulator = new SimulatorApi(stack.simulatorUrl);
  const tenant = await createTenant(stack, admin, [
    { meter: "input", usd: "2", per: 1_000_000 },
    { meter: "output", usd: "8", per: 1_000_000 },
  ]);
  await admin.post("/api/budgets", {
    name: "watched",
    scope: { type: "project", id: tenant.projectId },
    limitUsd: "1000",
    period: "month",
    mode: "hard",
  });
  await simulator.behave("*", tenant.model, { latencyMs: 20, outputTokens: { min: 10, max: 60 } });

  const load = startLoad(tenant, 12);
  await answeredMore(load, 60);

  const [, ...workers] = stack.processIds("gateway");
  process.kill(workers[0]!, "SIGKILL");
  await answeredMore(load, 60);

  stack.kill("database", "SIGKILL");
  await answeredMore(load, 40);
  await stack.waitUntilReady("database");

  stack.kill("worker", "SIGKILL");
  await answeredMore(load, 60);
  await stack.waitUntilReady("worker");
  await load.stop();

  const attempts = await ledger.settledAttempts(tenant.modelId, simulator, tenant.model, 150_000);
  const entries = await simulator.entries(tenant.model);
  expectEachClosedOnce(attempts);
  // A call whose last bytes left just before its process was killed has its record from the replay, which cannot know that.
  await vi.waitFor(
    async () => {
      const recorded = await ledger.requestIds(tenant.teamId);
      expect(recorded.length).toBe(new Set(recorded).size);
      expect([...load.requestIds.difference(new Set(recorded))]).toEqual([]);
    },
    { timeout: 60_000, interval: 250 },
  );

  // Attempts that were cut off with their process are settled at their hold and say so; everything else is exact.
  const billed = billedByAttempt(entries, priceOf);
  const uncertain = attempts.filter(({ usageSource }) => usageSource === "upper_bound" || usageSource === "estimate");
  const exact = attempts.filter((attempt) => !uncertain.includes(attempt));
  const wrong = exact.filter(({ attemptId, spendPicoUsd }) => spendPicoUsd !== (billed.get(attemptId) ?? 0n));
  expect(wrong).toEqual([]);
  for (const { attemptId, spendPicoUsd } of uncertain) {
    expect(spendPicoUsd).toBeGreaterThanOrEqual(billed.get(attemptId) ?? 0n);
  }
  if (uncertain.length > 0) {
    await admin.post("/api/reports/ledger/corrections", {
      corrections: uncertain.map(({ attemptId }) => ({
        attemptId,
        costUsd: picoAsUsd(billed.get(attemptId) ?? 0n),
        note: "provider's own record",
      })),
    });
  }
  const corrected = await ledger.attemptsOf(tenant.modelId);
  expect(sum(corrected.map(({ spendPicoUsd }) => spendPicoUsd))).toBe(sum(billed.values()));
});

function picoAsUsd(pico: bigint): string {
  return `${pico / 10n ** 12n}.${(pico % 10n ** 12n).toString().padStart(12, "0")}`;
}
