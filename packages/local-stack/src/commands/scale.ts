/**
 * `npm run scale -- [--rows N] [--thin T] [--keep DIR] [--only PARTS]`: fills a database of its own with N calls over ninety
 * days (a million unless told), then times what the dashboard asks for, compares every export with the ledger, and times
 * ingestion. With `--keep` the database stays in DIR, and is measured again without seeding; `--only seed,queries` runs some
 * parts. With `--thin T` all N calls are in the roll-ups, but only one in T of those before the last three days in the logs:
 * for queries, of which only lists read logs.
 */
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { Client } from "pg";
import { runStep } from "../../progress.mjs";
import { OperatorError } from "../operator-error.ts";
import { openAdminApi } from "../scale/admin-api.ts";
import { type CheckedExport, checkExports } from "../scale/check-exports.ts";
import { cpuMicroseconds } from "../scale/process-usage.ts";
import { seededDays, seedUsage } from "../scale/seed-usage.ts";
import { describeIngestion, timeIngestion } from "../scale/time-ingestion.ts";
import { type QueryTimes, timeQueries } from "../scale/time-queries.ts";
import { build, isBuilt } from "../stack/build.ts";
import { startStack } from "../stack.ts";
import { runCommand } from "./run-command.ts";

/** The bars of issue "money": every dashboard query at the 95th percentile, and events per second on two cores. */
const slowestQueryMs = 300;
const leastEventsPerSecond = 5_000;
const ingestedBatches = 200;
const measurements = ["queries", "exports", "ingestion"];
const exportsHeader = "format         rows        bytes   read s  manifest s  peak MiB  = ledger  = manifest  faults";
const print = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async ({ signal }) => {
  const { calls, thin, home, parts } = readOptions();
  const isMeasuring = measurements.some((part) => parts.has(part));
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const stack = await startStack({
    components: isMeasuring ? ["database", "control-plane", "worker"] : ["database"],
    ...(home === undefined ? {} : { home }),
    runStep,
    signal,
  });
  const owner = new Client({ connectionString: stack.databaseUrl });
  try {
    await owner.connect();
    const startedAt = performance.now();
    const made = await runStep("seeding usage", (note) => seedUsage(stack.databaseUrl, { calls, thin }, note));
    const minutes = (performance.now() - startedAt) / 60_000;
    print(`\n${made} calls over ${seededDays} days, in ${minutes.toFixed(1)} min; ${await describeSize(owner)}`);
    const held: boolean[] = [];
    const judge = (isHeld: boolean, bar: string): void => {
      held.push(isHeld);
      print(`${isHeld ? "held" : "NOT HELD"}: ${bar}`);
    };
    const api = openAdminApi(stack.adminUrl, stack.firstRun?.adminToken ?? "", signal);
    if (parts.has("queries")) {
      const usedCpu = () =>
        cpuMicroseconds(stack.processIds("control-plane")) + cpuMicroseconds(stack.processIds("database"));
      const times = await timeQueries(api, usedCpu);
      print(`\n${describeTimes(times)}\n`);
      judge(
        times.every(({ p95Ms }) => p95Ms < slowestQueryMs),
        `each of ${times.length} queries of the dashboard below ${slowestQueryMs} ms at p95`,
      );
    }
    if (parts.has("exports")) {
      const range = {
        from: new Date(Date.now() - (seededDays + 1) * 86_400_000).toISOString(),
        to: new Date(Date.now() + 2 * 86_400_000).toISOString(),
      };
      const ledger = await sumOfLedger(owner, range);
      print(`\nledger: ${ledger.entries} entries, $${ledger.usd}\n\n${exportsHeader}`);
      const checked: CheckedExport[] = [];
      for await (const file of checkExports(api, range, ledger.usd, () => stack.processIds("control-plane"))) {
        checked.push(file);
        print(describeExport(file));
      }
      print("");
      judge(
        checked.every(({ isSumOfLedger, isAsManifest }) => isSumOfLedger && isAsManifest),
        "every export adds up to the ledger, and is what its manifest says",
      );
      judge(
        checked.every(({ faultCount }) => faultCount === 0),
        "every row of the FOCUS files keeps the rules of its columns",
      );
    }
    if (parts.has("ingestion")) {
      const rate = await timeIngestion(stack, owner, ingestedBatches);
      print(`\n${describeIngestion(rate)}\n`);
      judge(rate.events / rate.seconds >= leastEventsPerSecond, `${leastEventsPerSecond} events a second`);
    }
    return held.every(Boolean) ? 0 : 1;
  } finally {
    await owner.end();
    await stack.shutdown();
  }
});

/** What the range's entries count for, corrections and late ones included. */
async function sumOfLedger(owner: Client, range: { readonly from: string; readonly to: string }) {
  const { rows } = await owner.query<{ usd: string; entries: string }>(
    `SELECT trim_scale(spend / 1000000000000)::text AS usd, entries::text FROM ledger_spend($1, $2)`,
    [range.from, range.to],
  );
  return rows[0] ?? { usd: "0", entries: "0" };
}

function describeTimes(times: readonly QueryTimes[]): string {
  const lines = times.map(
    ({ name, p50Ms, p95Ms, mostMs, cpuMs }) =>
      name.padEnd(40) + cell(p50Ms, 9) + cell(p95Ms, 9) + cell(mostMs, 10) + cell(cpuMs, 9),
  );
  return ["query                                      p50 ms   p95 ms   most ms   CPU ms", ...lines].join("\n");
}

/** What the database takes on disk, and how many rows the roll-ups have. */
async function describeSize(owner: Client): Promise<string> {
  const { rows } = await owner.query<{ gigabytes: string; rollups: string }>(
    `SELECT (pg_database_size(current_database()) / 1e9)::numeric(9, 1)::text AS gigabytes,
       string_agg(relname || ' ' || reltuples::bigint, ', ' ORDER BY relname) AS rollups
     FROM pg_class WHERE relkind = 'r' AND relname ~ '_rollup_(hour|day)$'`,
  );
  return `${rows[0]?.gigabytes} GB on disk\nroll-ups: ${rows[0]?.rollups}`;
}

function describeExport(file: CheckedExport): string {
  const line =
    file.format.padEnd(10) +
    String(file.rows).padStart(9) +
    String(file.bytes).padStart(13) +
    cell(file.seconds, 9) +
    cell(file.manifestSeconds, 12) +
    cell(file.peakBytes / 1024 / 1024, 10) +
    `  ${file.isSumOfLedger ? "yes" : "NO"}`.padEnd(12) +
    (file.isAsManifest ? "yes" : "NO").padEnd(12) +
    String(file.faultCount);
  return [line, ...file.faults.map((fault) => `    ${fault}`)].join("\n");
}

function cell(value: number, width: number): string {
  return value.toFixed(1).padStart(width);
}

function readOptions() {
  const { values } = parseArgs({
    options: {
      rows: { type: "string", default: "1000000" },
      thin: { type: "string", default: "1" },
      keep: { type: "string" },
      only: { type: "string", default: measurements.join(",") },
    },
  });
  const calls = Number(values.rows);
  if (!Number.isSafeInteger(calls) || calls < 1_000) throw new OperatorError("--rows takes a number from 1000 on.");
  const parts = new Set(values.only.split(","));
  const unknown = [...parts].filter((part) => part !== "seed" && !measurements.includes(part));
  if (unknown.length > 0)
    throw new OperatorError(`--only takes seed, ${measurements.join(", ")}; not ${unknown.join(", ")}.`);
  const thin = Number(values.thin);
  if (!Number.isSafeInteger(thin) || thin < 1) throw new OperatorError("--thin takes a number from 1 on.");
  if (thin > 1 && parts.has("exports"))
    throw new OperatorError("Exports are compared with a whole ledger; leave --thin out.");
  return { calls, thin, home: values.keep === undefined ? undefined : resolve(values.keep), parts };
}
