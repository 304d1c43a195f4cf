/** One audit: a storm, its faults, healing, quiet, correction, and the check of the three histories against each other. */
import { setTimeout as sleep } from "node:timers/promises";
import { type AdminClient, createAdminClient } from "../demo/admin-client.ts";
import type { Stack } from "../stack.ts";
import {
  changePrices,
  createOrganisation,
  editBudgets,
  learnMultiples,
  type Organisation,
  setWeather,
} from "./accounts.ts";
import { BudgetWatch } from "./budget-watch.ts";
import { ClientHistory } from "./client-history.ts";
import { checkInvariants } from "./invariants/check-invariants.ts";
import type { Finding } from "./invariants/histories.ts";
import { billedByAttempt, isUncertain } from "./invariants/provider-bill.ts";
import { type LedgerAttempt, LedgerHistory } from "./ledger-history.ts";
import { type FaultName, Nemesis } from "./nemesis.ts";
import { Random } from "./random.ts";
import { SimulatorApi } from "./simulator-api.ts";
import { startStorm } from "./storm.ts";
import { waitForQuiet } from "./wait-for-quiet.ts";

export interface AuditPlan {
  readonly seed: number;
  readonly seconds: number;
  readonly clients: number;
  /** The storm goes on until clients have made this many calls: a slow machine takes longer for the same proof. */
  readonly leastCalls: number;
  /** Spread over the storm in a random order. */
  readonly faults: readonly FaultName[];
  /** How long nothing may happen before what is missing counts as lost. */
  readonly patienceMs: number;
}

export interface AuditResult {
  readonly findings: readonly Finding[];
  readonly calls: number;
  readonly injected: ReadonlyMap<FaultName, number>;
  readonly quietAfterMs: number;
}

export async function runAudit(
  stack: Stack,
  plan: AuditPlan,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<AuditResult> {
  const random = new Random(plan.seed);
  const simulator = new SimulatorApi(stack.simulatorUrl);
  const admin = createAdminClient(stack.adminUrl, stack.firstRun?.adminToken ?? "");
  note("setting up accounts");
  const organisation = await createOrganisation(admin, stack.simulatorUrl);
  await setWeather(simulator, organisation, 0);
  await waitUntilKnown(stack, organisation);
  const ledger = new LedgerHistory(stack.databaseUrl, organisation.teamId);
  const watch = new BudgetWatch(ledger);
  const nemesis = new Nemesis(stack, random);
  try {
    const history = new ClientHistory();
    const { accounts } = organisation;
    const stopStorm = startStorm({ ...plan, gatewayUrl: stack.gatewayUrl, accounts, history });
    const stopWeather = repeat((turn) => setWeather(simulator, organisation, turn), (plan.seconds * 1_000) / 12);
    const stopPrices = repeat((turn) => changePrices(admin, organisation, turn), (plan.seconds * 1_000) / 6);
    const stopEdits = repeat((turn) => editBudgets(admin, organisation, turn), (plan.seconds * 1_000) / 8);
    try {
      await injectFaults(nemesis, plan, random, (text) => note(`${history.calls.length} calls; ${text}`), signal);
      await waitForCalls(history, plan, signal);
      note("healing");
    } finally {
      // Also where a fault could not be injected: clients that go on calling keep the process alive.
      await Promise.all([stopStorm(), stopWeather(), stopPrices(), stopEdits()]);
    }
    await nemesis.healAll();
    const healedAt = performance.now();
    const providerEntries = async () =>
      (await Promise.all(accounts.map(({ model }) => simulator.entries(model)))).flat();
    await waitForQuiet({ ledger, providerEntries, calls: history.calls, patienceMs: plan.patienceMs, note });
    const quietAfterMs = performance.now() - healedAt;
    watch.stop();
    await watch.look();
    note("checking");
    const entries = await providerEntries();
    const attempts = await ledger.attempts();
    await learnMultiples(admin, organisation);
    await correct(admin, attempts, billedByAttempt(accounts, entries, attempts));
    const findings = await checkInvariants({
      accounts,
      calls: history.calls,
      entries,
      attempts,
      requests: await ledger.requests(),
      corrected: await ledger.attempts(),
      budgets: watch.worst,
      budgetLooks: watch.looks,
      gatewayKills: nemesis.gatewayKills,
      prefixesOf: (questions) => simulator.prefixes(questions),
    });
    return { findings, calls: history.calls.length, injected: nemesis.injected, quietAfterMs };
  } finally {
    watch.stop();
    await ledger.close();
  }
}

async function injectFaults(
  nemesis: Nemesis,
  plan: AuditPlan,
  random: Random,
  note: (text: string) => void,
  signal?: AbortSignal,
): Promise<void> {
  const endsAt = performance.now() + plan.seconds * 1_000;
  const faults = random.shuffled(plan.faults);
  const pauseMs = (plan.seconds * 1_000) / (faults.length + 1);
  for (const [index, fault] of faults.entries()) {
    const dueAt = endsAt - (faults.length - index) * pauseMs;
    await sleep(Math.max(0, dueAt - performance.now()), null, { signal });
    note(fault);
    await nemesis.inject(fault);
  }
  note("no more faults");
  await sleep(Math.max(0, endsAt - performance.now()), null, { signal });
}

/** Gives up at some point: an audit of a gateway that answers nobody has to end, too. */
async function waitForCalls(history: ClientHistory, plan: AuditPlan, signal?: AbortSignal): Promise<void> {
  const deadline = performance.now() + plan.seconds * 4_000;
  while (history.calls.length < plan.leastCalls && performance.now() < deadline) await sleep(50, null, { signal });
}

/** Does something again and again, whatever becomes of it: the control plane may be without its database. */
function repeat(change: (turn: number) => Promise<void>, everyMs: number): () => Promise<void> {
  const stop = new AbortController();
  const changing = (async () => {
    for (let turn = 1; !stop.signal.aborted; turn++) {
      await sleep(everyMs, null, { signal: stop.signal }).catch(() => undefined);
      if (!stop.signal.aborted) await change(turn).catch(() => undefined);
    }
  })();
  return async () => {
    stop.abort();
    await changing;
  };
}

const policyPatienceMs = 30_000;

/** Processes hear of a policy revision one by one; several answers in a row come from several of them. */
async function waitUntilKnown(stack: Stack, { accounts }: Organisation): Promise<void> {
  const last = accounts.at(-1);
  const deadline = performance.now() + policyPatienceMs;
  for (let inARow = 0; inARow < 12;) {
    const response = await fetch(`${stack.gatewayUrl}/v1/models`, {
      headers: { authorization: `Bearer ${last?.key}`, connection: "close" },
    });
    await response.body?.cancel();
    inARow = response.ok ? inARow + 1 : 0;
    if (performance.now() > deadline) throw new Error("the gateway does not take over the accounts of the audit");
    if (!response.ok) await sleep(50);
  }
}

const mostCorrections = 1_000;

/** Enters what the provider's own record says of every attempt that was settled without it. */
async function correct(
  admin: AdminClient,
  attempts: readonly LedgerAttempt[],
  billed: ReadonlyMap<string, bigint>,
): Promise<void> {
  const corrections = attempts.filter(isUncertain).map(({ attemptId }) => ({
    attemptId,
    costUsd: picoAsUsd(billed.get(attemptId) ?? 0n),
    note: "provider's own record",
  }));
  for (let start = 0; start < corrections.length; start += mostCorrections) {
    const page = corrections.slice(start, start + mostCorrections);
    await admin.post("/api/reports/ledger/corrections", { corrections: page });
  }
}

function picoAsUsd(pico: bigint): string {
  return `${pico / 10n ** 12n}.${(pico % 10n ** 12n).toString().padStart(12, "0")}`;
}
