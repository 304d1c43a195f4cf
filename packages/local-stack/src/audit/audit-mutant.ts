/** One audit of a gateway that has a bug. */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withClient } from "../postgres/postgres-process.ts";
import type { Stack } from "../stack.ts";
import { rehearsalFolder } from "./audit-stack.ts";
import { plantInDatabase } from "./database-bug.ts";
import type { Finding } from "./invariants/histories.ts";
import { control, type Mutant } from "./mutants.ts";
import { type AuditResult, runAudit } from "./run-audit.ts";

export interface MutantResult {
  readonly result: AuditResult;
  /** The invariants that it broke; none where it survived. */
  readonly broke: readonly Finding[];
}

/** Every kind of trouble comes up several times in so many calls. */
const plan = { seconds: 8, clients: 16, leastCalls: 1_500 };
/** Longer than a gateway waits before it sends a batch again that the queue has lost. */
const patienceAfterLossMs = 45_000;
const patienceMs = 12_000;

/** Throws where the audit itself could not be made: a gateway that does not run has not been caught at anything. */
export async function auditMutant(
  stack: Stack,
  mutant: Mutant,
  seed: number,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<MutantResult> {
  note("starting the gateway with it");
  await restartWith(stack, mutant);
  const mayLoseQueue = mutant.faults.includes("queue emptied");
  const patience = { patienceMs: mayLoseQueue ? patienceAfterLossMs : patienceMs };
  const heal = mutant.inDatabase && (await plantInDatabase(stack.databaseUrl, mutant.inDatabase));
  const result = await runAudit(stack, { ...plan, ...patience, seed, faults: mutant.faults }, note, signal).finally(
    heal,
  );
  return { result, broke: result.findings.filter(({ broken }) => broken.length > 0) };
}

/** What the mutant before it left in journals and queue is thrown away: each is judged by its own deeds. */
async function restartWith(stack: Stack, { name, inDatabase }: Mutant): Promise<void> {
  await stack.stop("gateway");
  const state = join(stack.home, "gateway");
  for (const entry of readdirSync(state)) {
    if (entry.startsWith("slot-")) rmSync(join(state, entry), { recursive: true, force: true });
  }
  await withClient(stack.databaseUrl, (client) => client.query("DELETE FROM bullmq.job WHERE queue = 'usage'"));
  const file = join(rehearsalFolder(stack.home), "mutant");
  if (name === control.name || inDatabase !== undefined) rmSync(file, { force: true });
  else writeFileSync(file, name);
  await stack.start("gateway");
}
