/**
 * `npm run audit`: a storm over several gateway processes while things are killed, frozen and emptied, and then the proof that
 * what clients saw, what the provider billed and what the ledger says are one. `--mutants` proves the proof, for all known bugs
 * or for one (`--only check-then-act`); `--seed` repeats a run, `--long 30` makes it last that many minutes.
 */
import { parseArgs } from "node:util";
import { runStep } from "../../progress.mjs";
import { startAuditStack } from "../audit/audit-stack.ts";
import { describeResult } from "../audit/describe-result.ts";
import { auditMutant } from "../audit/audit-mutant.ts";
import { describeMutants, isCaught, type MutantVerdict } from "../audit/describe-mutants.ts";
import { control, type Mutant, mutants } from "../audit/mutants.ts";
import { faultNames } from "../audit/nemesis.ts";
import { type AuditPlan, runAudit } from "../audit/run-audit.ts";
import { OperatorError } from "../operator-error.ts";
import type { Stack } from "../stack.ts";
import { build, isBuilt } from "../stack/build.ts";
import { runCommand } from "./run-command.ts";

const standardSeconds = 60;
const secondsPerFault = 4;
const patienceMs = 60_000;
const leastCalls = 1_000;

await runCommand(async ({ signal }) => {
  const options = readOptions();
  if (!(await isBuilt())) await runStep("building", (note) => build(note, signal));
  const stack = await startAuditStack({ gatewayProcesses: options.gateways, runStep, signal });
  try {
    return options.mutants ? await auditMutants(stack, options, signal) : await auditOnce(stack, options, signal);
  } finally {
    await runStep("stopping", () => stack.shutdown());
  }
});

interface Options {
  readonly seed: number;
  readonly seconds: number;
  readonly gateways: number;
  readonly mutants: boolean;
  readonly only: string | undefined;
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      seed: { type: "string" },
      long: { type: "string" },
      gateways: { type: "string", default: "3" },
      mutants: { type: "boolean", default: false },
      only: { type: "string" },
    },
  });
  return {
    seed: values.seed === undefined ? Math.floor(Math.random() * 1e6) : readNumber("seed", values.seed, 0, 2 ** 31),
    seconds: values.long === undefined ? standardSeconds : readNumber("long", values.long, 1, 10_000) * 60,
    gateways: readNumber("gateways", values.gateways, 1, 64),
    mutants: values.mutants,
    only: values.only,
  };
}

function readNumber(name: string, text: string, least: number, most: number): number {
  const number = Number(text);
  if (number >= least && number <= most) return number;
  throw new OperatorError(`--${name} ${text} is not a number from ${least} to ${most}.`);
}

async function auditOnce(stack: Stack, { seed, seconds }: Options, signal: AbortSignal): Promise<number> {
  const faults = Array.from(
    { length: Math.floor(seconds / secondsPerFault) },
    (_, index) => faultNames[index % faultNames.length] ?? faultNames[0],
  );
  const plan: AuditPlan = { seed, seconds, clients: 24, leastCalls, faults, patienceMs };
  const result = await runStep(`auditing for ${seconds} s with seed ${seed}`, (note) =>
    runAudit(stack, plan, note, signal),
  );
  console.log(describeResult(result, seed));
  return result.findings.every(({ broken }) => broken.length === 0) ? 0 : 1;
}

async function auditMutants(stack: Stack, { seed, only }: Options, signal: AbortSignal): Promise<number> {
  const chosen = chooseMutants(only);
  const sound = await runStep(`${control.name}: ${control.bug}`, (note) =>
    auditMutant(stack, control, seed, note, signal),
  );
  if (sound.broke.length > 0) {
    console.log(describeResult(sound.result, seed));
    throw new OperatorError("The control without a bug broke an invariant: nothing can be said of the mutants.");
  }
  const verdicts: MutantVerdict[] = [];
  for (const mutant of chosen) {
    const { name, bug } = mutant;
    const outcome = await runStep(`${name}: ${bug}`, (note) =>
      auditMutant(stack, mutant, seed, note, signal).then(
        ({ broke }) => ({ broke, trouble: null }),
        (error: unknown) => ({ broke: [], trouble: String(error) }),
      ),
    );
    signal.throwIfAborted();
    verdicts.push({ name, ...outcome });
  }
  console.log(describeMutants(verdicts, seed));
  return verdicts.every(isCaught) ? 0 : 1;
}

function chooseMutants(only: string | undefined): readonly Mutant[] {
  const names = only?.split(",");
  const chosen = mutants.filter(({ name }) => names === undefined || names.includes(name));
  if (chosen.length === 0 || (names !== undefined && chosen.length < names.length)) {
    throw new OperatorError(
      `Not all of these are mutants: ${only}. There are ${mutants.map(({ name }) => name).join(", ")}.`,
    );
  }
  return chosen;
}
