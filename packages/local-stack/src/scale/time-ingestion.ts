import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { repositoryRoot } from "../repository-root.ts";
import type { Stack } from "../stack.ts";
import { cpuMicroseconds } from "./process-usage.ts";

const callsPerBatch = 500;
const cores = 2;

interface IngestionRate {
  readonly events: number;
  readonly seconds: number;
  /** CPU time an event, user and system. */
  readonly workerCpuMicroseconds: number;
  readonly databaseCpuMicroseconds: number;
}

/** Fills the queue while the worker is down, starts the worker, and waits until the ledger has everything. */
export async function timeIngestion(stack: Stack, owner: Client, batches: number): Promise<IngestionRate> {
  await stack.stop("worker");
  const label = `scale-${Date.now()}`;
  const script = join(repositoryRoot, "apps/worker/bench/fill-usage-queue.ts");
  const filler = spawn(process.execPath, [script, label, String(batches), String(callsPerBatch)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DATABASE_URL: stack.databaseUrl },
  });
  const [code] = (await once(filler, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the queue could not be filled (exit ${code})`);
  await stack.start("worker");
  const cpu = () => [cpuMicroseconds(stack.processIds("worker")), cpuMicroseconds(stack.processIds("database"))];
  const before = await ingested(owner, label);
  const [workerBefore = 0, databaseBefore = 0] = cpu();
  const startedAt = performance.now();
  const expected = batches * callsPerBatch * 2;
  for (let done = before; done < expected; done = await ingested(owner, label)) await sleep(100);
  const seconds = (performance.now() - startedAt) / 1_000;
  const [workerAfter = 0, databaseAfter = 0] = cpu();
  const events = expected - before;
  return {
    events,
    seconds,
    workerCpuMicroseconds: (workerAfter - workerBefore) / events,
    databaseCpuMicroseconds: (databaseAfter - databaseBefore) / events,
  };
}

/** What two cores would carry if nothing else ran on them: the figure to compare where a machine is shared. */
export function perSecondOnTwoCores(rate: IngestionRate): number {
  return (cores * 1_000_000) / (rate.workerCpuMicroseconds + rate.databaseCpuMicroseconds);
}

export function describeIngestion(rate: IngestionRate): string {
  const { events, seconds, workerCpuMicroseconds, databaseCpuMicroseconds } = rate;
  return (
    `ingestion: ${events} events in ${seconds.toFixed(1)} s, ${(events / seconds).toFixed(0)} a second; ` +
    `CPU an event: worker ${workerCpuMicroseconds.toFixed(0)} µs, PostgreSQL ${databaseCpuMicroseconds.toFixed(0)} µs, ` +
    `which is ${perSecondOnTwoCores(rate).toFixed(0)} a second on two cores`
  );
}

async function ingested(owner: Client, label: string): Promise<number> {
  const { rows } = await owner.query<{ events: string }>(
    "SELECT coalesce(sum(events), 0) AS events FROM journal_batch WHERE starts_with(batch_id, $1)",
    [label],
  );
  return Number(rows[0]?.events ?? 0);
}
