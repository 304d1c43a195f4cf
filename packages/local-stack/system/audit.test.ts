/** A short audit with every kind of fault that must not cost a record; `npm run audit` is the long one. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { startAuditStack } from "../src/audit/audit-stack.ts";
import { auditMutant } from "../src/audit/audit-mutant.ts";
import { mutants } from "../src/audit/mutants.ts";
import { runAudit } from "../src/audit/run-audit.ts";
import type { Stack } from "../src/stack.ts";

const seed = 20;

let stack: Stack;

beforeAll(async () => {
  stack = await startAuditStack({ gatewayProcesses: 3 });
});

afterAll(async () => {
  await stack?.shutdown();
});

it("finds nothing lost, doubled or overspent after kills under load", async () => {
  const plan = {
    seed,
    seconds: 12,
    clients: 12,
    leastCalls: 200,
    faults: ["gateway process killed", "database killed", "worker killed", "clock moved", "leases expired"],
    patienceMs: 60_000,
  } as const;
  const { findings, calls } = await runAudit(stack, plan, () => undefined);
  expect(findings.flatMap(({ broken }) => broken)).toEqual([]);
  expect(calls).toBeGreaterThan(100);
});

it.each([
  ["counts cached tokens twice", "cached-tokens-twice", 3],
  ["leases what an expired lease still spends", "expired-lease-is-free", 4],
])("notices one that %s", async (_bug, wanted, invariant) => {
  const mutant = mutants.find(({ name }) => name === wanted);
  if (mutant === undefined) throw new Error("there is no such mutant");
  const { broke } = await auditMutant(stack, mutant, seed, () => undefined);
  expect(broke.map(({ number }) => number)).toContain(invariant);
});
