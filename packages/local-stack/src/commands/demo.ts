/** `npm run demo`: some minutes of varied traffic through a running Switchyard, so that every page has something to show. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
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
const reportPatienceMs = 20_000;

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
  const weather = await startWeather(simulatorUrl);
  let summary: TrafficSummary;
  try {
    summary = await runStep(`sending traffic for ${seconds} s`, (note) =>
      runTraffic({ gatewayUrl, keys, weather, seconds, note, signal }),
    );
  } finally {
    await weather.clear();
  }
  const spentToday = await runStep("waiting for the last calls to reach the reports", () => readSpendOfToday(admin));
  console.log(describeSummary(summary, spentToday, adminUrl));
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

/** Waits until everything up to now is counted, or says what is known so far. */
async function readSpendOfToday(admin: AdminClient): Promise<string> {
  const now = new Date();
  const range = `from=${now.toISOString().slice(0, 10)}T00:00:00Z&to=${new Date(now.getTime() + 60_000).toISOString()}`;
  const deadline = Date.now() + reportPatienceMs;
  for (;;) {
    const report = await admin.get<{ totalUsd: string; completeUntil: string | null }>(`/api/reports/cost?${range}`);
    const isComplete = report.completeUntil !== null && Date.parse(report.completeUntil) >= now.getTime();
    if (isComplete || Date.now() > deadline) return report.totalUsd;
    await sleep(500);
  }
}

function describeSummary(summary: TrafficSummary, spentToday: string, adminUrl: string): string {
  const results = [...summary.results].toSorted(([, a], [, b]) => b - a);
  return [
    "",
    `  ${summary.calls} calls, ${summary.streams} of them streams; ${summary.cacheHits} from the cache, ${summary.failovers} saved by a second attempt`,
    ...results.map(([result, count]) => `    ${String(count).padStart(6)}  ${result}`),
    `  $${spentToday} spent today`,
    "",
    `  Look at it: ${adminUrl}`,
    "",
  ].join("\n");
}
