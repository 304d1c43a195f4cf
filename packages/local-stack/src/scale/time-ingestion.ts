import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Client } from "pg";
import { repositoryRoot } from "../repository-root.ts";
import type { Stack } from "../stack.ts";

const batches = 200;
const callsPerBatch = 250;

export interface IngestionRate {
  readonly events: number;
  readonly seconds: number;
}

/** Fills the queue while the worker is down, starts the worker, and waits until the ledger has everything. */
export async function timeIngestion(stack: Stack, owner: Client): Promise<IngestionRate> {
  await stack.stop("worker");
  const script = join(repositoryRoot, "apps/worker/bench/fill-usage-queue.ts");
  const filler = spawn(process.execPath, [script, String(batches), String(callsPerBatch)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DATABASE_URL: stack.databaseUrl },
  });
  const [code] = (await once(filler, "exit")) as [number | null];
  if (code !== 0) throw new Error(`the queue could not be filled (exit ${code})`);
  await stack.start("worker");
  const before = await ingested(owner);
  const startedAt = performance.now();
  const expected = batches * callsPerBatch * 2;
  for (let done = before; done < expected; done = await ingested(owner)) await sleep(100);
  return { events: expected - before, seconds: (performance.now() - startedAt) / 1_000 };
}

async function ingested(owner: Client): Promise<number> {
  const { rows } = await owner.query<{ events: string }>(
    "SELECT coalesce(sum(events), 0) AS events FROM journal_batch WHERE batch_id LIKE 'scale-%'",
  );
  return Number(rows[0]?.events ?? 0);
}
