import type { AttemptRecord } from "@switchyard/metering/usage-event";
import { expect, it } from "vitest";
import { TaskPerformance } from "./task-performance.ts";

const code = { by: "words", taskClass: "code", complexity: 0.5, cues: [] } as const;

function attempt(changes: Partial<AttemptRecord>): AttemptRecord {
  const usual = { connectionId: "c", modelId: "m", verdict: "complete", failureClass: null, usage: { output: 100 } };
  return { ...usual, ...changes } as AttemptRecord;
}

it.each([
  [{ verdict: "complete" }, 1, 0],
  [{ verdict: "refused" }, 0, 1],
  [{ verdict: "filtered" }, 0, 1],
  [{ verdict: "invalid" }, 0, 1],
  [{ verdict: "complete", failureClass: "invalid_answer" }, 0, 1],
] as const)("counts %j", (changes, successes, failures) => {
  const performance = new TaskPerformance();
  performance.note(code, [attempt(changes)]);
  const counted = { successes, failures, meanOutputTokens: 100 };
  expect(performance.find("code", "c", "m")).toEqual(counted);
  expect(performance.find(null, "c", "m")).toEqual(counted);
  expect(performance.find("chat", "c", "m")).toBeUndefined();
});

it.each([
  { verdict: "errored", failureClass: "server_error" },
  { verdict: "truncated", failureClass: "truncated" },
  { verdict: "cancelled", failureClass: "client_cancelled" },
  { verdict: "cancelled", failureClass: null },
] as const)("takes %j for an outage, which is no failure at the task", (changes) => {
  const performance = new TaskPerformance();
  performance.note(code, [attempt(changes)]);
  expect(performance.find("code", "c", "m")).toBeUndefined();
});

it("forgets what is old by and by, and keeps shares", () => {
  const performance = new TaskPerformance();
  const good = attempt({});
  const bad = attempt({ verdict: "refused" });
  for (let turn = 0; turn < 4_000; turn += 1) performance.note(code, [turn % 4 === 0 ? bad : good]);
  const { successes = 0, failures = 0 } = performance.find("code", "c", "m") ?? {};
  expect(successes + failures).toBeLessThan(2_000);
  expect(successes / (successes + failures)).toBeCloseTo(0.75, 2);
});

it("counts nothing twice that the fleet's facts hold already, and keeps what they do not", () => {
  const performance = new TaskPerformance();
  for (let turn = 0; turn < 5; turn += 1) performance.note(code, [attempt({})]);
  const piece = { taskClass: "code", connectionId: "c", modelId: "m", failures: 0 };
  const held = (successes: number) => [{ ...piece, successes, outputTokens: 100 * successes }];
  performance.learn({ computedAtMs: 1, evidence: held(103), included: held(3) });
  expect(performance.find("code", "c", "m")).toEqual({ successes: 105, failures: 0, meanOutputTokens: 100 });
  performance.note(code, [attempt({ verdict: "refused" })]);
  performance.learn({ computedAtMs: 2, evidence: held(105), included: held(5) });
  expect(performance.find("code", "c", "m")).toMatchObject({ successes: 105, failures: 1 });
  expect(performance.find(null, "c", "m")).toMatchObject({ successes: 105, failures: 1 });
});

it("keeps a bounded number of targets", () => {
  const performance = new TaskPerformance();
  for (let target = 0; target < 10_001; target += 1) performance.note(code, [attempt({ modelId: `m${target}` })]);
  expect(performance.find("code", "c", "m0")).toBeUndefined();
  expect(performance.find("code", "c", "m10000")).toBeDefined();
});
