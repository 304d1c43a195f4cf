/**
 * The bugs of other gateways, one after the other in ours: the audit has to notice each of them. What each does is in
 * apps/gateway/test/rehearsal/mutants, or here where the bug is one of the database's functions.
 */
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../stack.ts";
import { withClient } from "../postgres/postgres-process.ts";
import { rehearsalFolder } from "./audit-stack.ts";
import { type DatabaseBug, plantInDatabase } from "./database-bug.ts";
import type { FaultName } from "./nemesis.ts";
import { type AuditResult, runAudit } from "./run-audit.ts";

interface Mutant {
  readonly name: string;
  readonly bug: string;
  /** Without which it does no harm. */
  readonly faults: readonly FaultName[];
  readonly inDatabase?: DatabaseBug;
}

const harmless: readonly FaultName[] = [];
const crash: readonly FaultName[] = ["gateway process killed", "gateway process killed"];

export const mutants: readonly Mutant[] = [
  { name: "check-then-act", bug: "budgets are checked before a call and charged after it", faults: harmless },
  { name: "hold-skipped", bug: "every other call is trusted and not held", faults: harmless },
  { name: "double-refund", bug: "what a hold did not use is given back twice", faults: harmless },
  { name: "returned-lease-kept", bug: "a lease that was given back is spent on", faults: harmless },
  { name: "aborted-call-lost", bug: "a client that hangs up takes its record along", faults: harmless },
  { name: "hold-after-dispatch", bug: "holds reach the journal after the call", faults: crash },
  { name: "ingested-twice", bug: "a batch delivered twice counts twice", faults: harmless },
  { name: "acknowledged-early", bug: "the journal is deleted before the database has it", faults: ["queue emptied"] },
  { name: "crash-is-free", bug: "what a crash cut off costs nothing", faults: crash },
  { name: "negative-cost", bug: "negative usage is booked as a credit", faults: harmless },
  { name: "cached-tokens-twice", bug: "cached tokens are counted as input, too", faults: harmless },
  { name: "priced-at-settlement", bug: "calls cost what they would if they began at their end", faults: harmless },
  { name: "float-money", bug: "money is a floating-point number", faults: harmless },
  { name: "failed-attempt-is-free", bug: "a retry loses the cost of the first attempt", faults: harmless },
  { name: "truncated-is-free", bug: "a truncated stream is complete and unbilled", faults: harmless },
  { name: "hostile-usage-is-free", bug: "unreadable usage is no usage", faults: harmless },
  { name: "cache-hit-billed", bug: "an answer from the cache is billed", faults: harmless },
  { name: "unpriced-is-free", bug: "an unknown price is zero", faults: harmless },
  { name: "outage-is-401", bug: "valid keys are refused while the database is away", faults: ["database restarted"] },
  { name: "fake-done", bug: "a broken stream ends with [DONE]", faults: harmless },
  {
    name: "expired-lease-is-free",
    bug: "an expired lease counts as free while its holder still spends it",
    faults: ["leases expired", "leases expired", "leases expired"],
    inDatabase: {
      function: "quota_expire_leases(interval, interval)",
      find: "IF lost.is_free THEN",
      replace: "IF true THEN",
    },
  },
  { name: "spliced-stream", bug: "a piece of a stream is sent twice", faults: harmless },
];

export interface MutantResult {
  readonly mutant: Mutant;
  readonly result: AuditResult;
  /** The numbers of the invariants that caught it; none where it survived. */
  readonly caughtBy: readonly number[];
}

/** Every kind of trouble comes up several times in so many calls. */
const plan = { seconds: 8, clients: 16, leastCalls: 1_500 };
/** Longer than a gateway waits before it sends a batch again that the queue has lost. */
const patienceAfterLossMs = 45_000;
const patienceMs = 12_000;

/** A control without a bug first: faults alone must break nothing. */
export const control: Mutant = {
  name: "none",
  bug: "no bug, the same faults",
  faults: [...crash, "leases expired", "queue emptied", "database restarted"],
};

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
  const caughtBy = result.findings.filter(({ broken }) => broken.length > 0).map(({ number }) => number);
  return { mutant, result, caughtBy };
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
