/** `npm run drill`: breaks a provider in every way we know, under load, and measures what clients and providers notice. */
import { runStep } from "../../progress.mjs";
import { createAdminClient } from "../demo/admin-client.ts";
import { describeResults } from "../drill/describe-results.ts";
import { describeHedging, drillHedging } from "../drill/hedging.ts";
import { type DrillResult, runScenario } from "../drill/run-scenario.ts";
import { drillScenarios } from "../drill/scenarios.ts";
import { startStack } from "../stack.ts";
import { build, isBuilt } from "../stack/build.ts";
import { runCommand } from "./run-command.ts";

const size = { clients: 8, callsBefore: 400, callsDuring: 1_200 };

await runCommand(async ({ signal }) => {
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const stack = await startStack({ gatewayProcesses: 1, runStep, signal });
  const results: DrillResult[] = [];
  try {
    const { gatewayUrl, simulatorUrl, adminUrl, firstRun } = stack;
    const site = { gatewayUrl, simulatorUrl, admin: createAdminClient(adminUrl, firstRun?.adminToken ?? "") };
    for (const scenario of drillScenarios) {
      signal.throwIfAborted();
      results.push(await runStep(scenario.name, () => runScenario(site, scenario, size)));
    }
    const hedging = await runStep("hedging", () => drillHedging(site, size.clients, size.callsDuring));
    console.log(`\n${describeResults(results)}\n\n${describeHedging(hedging)}\n`);
    return [...results, hedging].every(({ missed }) => missed.length === 0) ? 0 : 1;
  } finally {
    await stack.shutdown();
  }
});
