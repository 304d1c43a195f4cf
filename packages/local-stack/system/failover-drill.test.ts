/** A short `npm run drill`: a provider breaks under load while another is healthy, and hardly anybody notices. */
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { createAdminClient } from "../src/demo/admin-client.ts";
import { DrillProviders, type DrillSite } from "../src/drill/drill-providers.ts";
import { runScenario } from "../src/drill/run-scenario.ts";
import { drillScenarios } from "../src/drill/scenarios.ts";
import { sendCalls } from "../src/drill/send-calls.ts";
import { type Stack, startStack } from "../src/stack.ts";

const size = { clients: 8, callsBefore: 50, callsDuring: 300 };

let stack: Stack;
let site: DrillSite;

beforeAll(async () => {
  stack = await startStack({ gatewayProcesses: 1 });
  const { gatewayUrl, simulatorUrl, adminUrl, firstRun } = stack;
  site = { gatewayUrl, simulatorUrl, admin: createAdminClient(adminUrl, firstRun?.adminToken ?? "") };
});

afterAll(async () => {
  await stack?.shutdown();
});

it.each(drillScenarios)("$name", async (scenario) => {
  const { figures } = await runScenario(site, scenario, size);
  // How fast is the drill's own business: a test asserts no times.
  expect(figures.failedShare).toBeLessThanOrEqual(scenario.targets.failedShare ?? 1);
  expect(figures.silentlyCut).toBe(0);
  expect(figures.amplification).toBeLessThanOrEqual(scenario.targets.amplification);
  // Not refused unasked either: each call had its attempt.
  expect(figures.amplification).toBeGreaterThanOrEqual(1);
});

it("finds out, by trial calls, that a provider works again", async () => {
  const providers = await DrillProviders.create(site);
  const { key, route, first, second } = providers;
  const plan = { gatewayUrl: site.gatewayUrl, key, route, clients: 1, streams: "half" } as const;
  await providers.behave(first, { errorStatus: 500 });
  await sendCalls({ ...plan, clients: 8 }, 40);
  await providers.heal();
  await vi.waitFor(
    async () => {
      const before = await providers.received(second);
      expect((await sendCalls(plan, 3)).every(({ isWhole }) => isWhole)).toBe(true);
      expect(await providers.received(second)).toBe(before);
    },
    { timeout: 90_000, interval: 250 },
  );
  providers.closeFirst();
});
