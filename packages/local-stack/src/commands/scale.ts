/**
 * `npm run scale -- [--rows N]`: fills a database of its own with N calls over ninety days (a million unless told), then
 * times what the dashboard asks for, compares every export with the ledger, and times ingestion.
 */
import { parseArgs } from "node:util";
import { Client } from "pg";
import { runStep } from "../../progress.mjs";
import { OperatorError } from "../operator-error.ts";
import { checkExports } from "../scale/check-exports.ts";
import { seededDays, seedUsage } from "../scale/seed-usage.ts";
import { timeIngestion } from "../scale/time-ingestion.ts";
import { timeQueries } from "../scale/time-queries.ts";
import { build, isBuilt } from "../stack/build.ts";
import { startStack } from "../stack.ts";
import { runCommand } from "./run-command.ts";

/** The bars of issue "money": every dashboard query at the 95th percentile, and events per second on two cores. */
const slowestQueryMs = 300;
const leastEventsPerSecond = 5_000;
const print = (line: string): void => void process.stdout.write(`${line}\n`);

await runCommand(async ({ signal }) => {
  const { values } = parseArgs({ options: { rows: { type: "string", default: "1000000" } } });
  const calls = Number(values.rows);
  if (!Number.isSafeInteger(calls) || calls < 1_000) throw new OperatorError("--rows takes a number from 1000 on.");
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const stack = await startStack({ components: ["database", "control-plane", "worker"], runStep, signal });
  const owner = new Client({ connectionString: stack.databaseUrl });
  try {
    await owner.connect();
    const made = await runStep("seeding usage", (note) => seedUsage(owner, calls, note));
    const ask = async (path: string): Promise<unknown> => {
      const headers = { authorization: `Bearer ${stack.firstRun?.adminToken}` };
      const answer = await fetch(`${stack.adminUrl}${path}`, { headers, signal });
      if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
      return await answer.json();
    };

    print(`\n${made} calls over ${seededDays} days\n\nquery                                p50 ms   p95 ms   most ms`);
    const times = await timeQueries(ask);
    for (const { name, p50Ms, p95Ms, mostMs } of times) {
      print(`${name.padEnd(34)}${cell(p50Ms, 9)}${cell(p95Ms, 9)}${cell(mostMs, 10)}`);
    }
    const slow = times.filter(({ p95Ms }) => p95Ms >= slowestQueryMs);

    const range = {
      from: new Date(Date.now() - (seededDays + 1) * 86_400_000).toISOString(),
      to: new Date(Date.now() + 2 * 86_400_000).toISOString(),
    };
    const { rows } = await owner.query<{ usd: string; entries: string }>(
      `SELECT trim_scale(spend / 1000000000000)::text AS usd, entries::text FROM ledger_spend($1, $2)`,
      [range.from, range.to],
    );
    const [ledger = { usd: "0", entries: "0" }] = rows;
    print(`\nledger: ${ledger.entries} entries, $${ledger.usd}\n\nexport        rows        bytes         s  = ledger`);
    const sums = await checkExports(ask, range, ledger.usd);
    for (const { format, rows: written, bytes, seconds, isEqual } of sums) {
      print(
        `${format.padEnd(10)}${String(written).padStart(8)}${String(bytes).padStart(13)}${cell(seconds, 10)}  ${isEqual ? "yes" : "NO"}`,
      );
    }

    const { events, seconds } = await timeIngestion(stack, owner);
    const perSecond = events / seconds;
    print(`\ningestion: ${events} events in ${seconds.toFixed(1)} s, ${perSecond.toFixed(0)} a second\n`);

    print(`${slow.length === 0 ? "held" : "NOT HELD"}: every query below ${slowestQueryMs} ms at p95`);
    print(`${sums.every(({ isEqual }) => isEqual) ? "held" : "NOT HELD"}: every export adds up to the ledger`);
    print(`${perSecond >= leastEventsPerSecond ? "held" : "NOT HELD"}: ${leastEventsPerSecond} events a second`);
    return slow.length === 0 && sums.every(({ isEqual }) => isEqual) && perSecond >= leastEventsPerSecond ? 0 : 1;
  } finally {
    await owner.end();
    await stack.shutdown();
  }
});

function cell(value: number, width: number): string {
  return value.toFixed(1).padStart(width);
}
