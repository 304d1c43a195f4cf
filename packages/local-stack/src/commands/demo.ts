/** `npm run demo`: some minutes of varied traffic through a running Switchyard, so that every page has something to show. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { runStep } from "../../progress.mjs";
import { type AdminClient, createAdminClient } from "../demo/admin-client.ts";
import { startWeather } from "../demo/provider-weather.ts";
import { runTraffic, type TrafficSummary } from "../demo/run-traffic.ts";
import { setUpDemo } from "../demo/set-up-demo.ts";
import { OperatorError } from "../operator-error.ts";
import { repositoryRoot } from "../repository-root.ts";
import type { FirstRun } from "../stack/first-run.ts";
import { runCommand } from "./run-command.ts";

const standardSeconds = 120;

await runCommand(async ({ signal }) => {
  const seconds = readSeconds();
  const home = resolve(repositoryRoot, process.env["SWITCHYARD_HOME"] || ".switchyard");
  const { gatewayUrl, adminUrl, adminToken } = await findRunningStack(home);
  const admin = createAdminClient(adminUrl, adminToken);
  const simulatorUrl = await findSimulator(admin);
  const keysFile = join(home, "demo-keys.json");
  const keys = await runStep("setting up teams, keys, routes and budgets", () =>
    setUpDemo({ admin, gatewayUrl, simulatorUrl, keysFile }),
  );
  const startedAt = new Date();
  const weather = await startWeather(simulatorUrl);
  let summary: TrafficSummary;
  try {
    summary = await runStep(`sending traffic for ${seconds} s`, (note) =>
      runTraffic({ gatewayUrl, keys, weather, seconds, note, signal }),
    );
  } finally {
    await weather.clear();
  }
  const range = `from=${startedAt.toISOString()}&to=${new Date(Date.now() + 60_000).toISOString()}`;
  const { totalUsd } = await admin.get<{ totalUsd: string }>(`/api/reports/cost?${range}`);
  console.log(describeSummary(summary, totalUsd, adminUrl));
  return 0;
});

function readSeconds(): number {
  const { values } = parseArgs({ options: { seconds: { type: "string", default: String(standardSeconds) } } });
  const seconds = Number(values.seconds);
  if (seconds >= 1 && seconds <= 86_400) return seconds;
  throw new OperatorError(`--seconds ${values.seconds} is not a number of seconds from 1 to 86400.`);
}

async function findRunningStack(home: string): Promise<FirstRun> {
  const file = join(home, "first-run.json");
  if (!existsSync(file))
    throw new OperatorError(`There is no ${file}. Start Switchyard in another terminal first: npm start`);
  const firstRun = JSON.parse(readFileSync(file, "utf8")) as FirstRun;
  for (const url of [firstRun.gatewayUrl, firstRun.adminUrl]) {
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    );
    if (!isReady)
      throw new OperatorError(`${url} does not answer. Start Switchyard in another terminal first: npm start`);
  }
  return firstRun;
}

/** The first-run seed connected it; a Switchyard without it has no provider that may be called for nothing. */
async function findSimulator(admin: AdminClient): Promise<string> {
  const connections = await admin.list<{ name: string; baseUrl: string }>("/api/provider-connections");
  const simulator = connections.find(({ name }) => name === "simulator");
  if (simulator !== undefined) return new URL(simulator.baseUrl).origin;
  throw new OperatorError(
    'The demo calls the built-in simulator, and there is no provider connection named "simulator".',
  );
}

function describeSummary(summary: TrafficSummary, totalUsd: string, adminUrl: string): string {
  const results = [...summary.results].toSorted(([, a], [, b]) => b - a);
  return [
    "",
    `  ${summary.calls} calls, ${summary.streams} of them streams; ${summary.cacheHits} from the cache, ${summary.failovers} saved by a second attempt`,
    ...results.map(([result, count]) => `    ${String(count).padStart(6)}  ${result}`),
    `  $${totalUsd} so far; the last calls reach the reports within seconds`,
    "",
    `  Look at it: ${adminUrl}`,
    "",
  ].join("\n");
}
