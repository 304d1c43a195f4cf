import type { FailureClass } from "@switchyard/metering/usage-event";
import { describe, expect, test } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { circuitStateAt } from "./circuit.ts";
import { ConnectionHealth } from "./connection-health.ts";
import { failureRules } from "./failure-rule.ts";
import { type AttemptHealth, longestRetryAfterMs, TargetHealth } from "./target-health.ts";

const answered: AttemptHealth = { failure: null, firstTokenMs: 80, totalMs: 200, retryAfterMs: null };
const failedBy = (failure: FailureClass): AttemptHealth => ({ ...answered, failure, firstTokenMs: null });

function told(attempts: readonly AttemptHealth[], everyMs = 0): TargetHealth {
  const health = new TargetHealth();
  attempts.forEach((attempt, index) => health.note(attempt, index * everyMs, new SeededDraws(index)));
  return health;
}

const times = (count: number, ...attempts: readonly AttemptHealth[]): AttemptHealth[] =>
  Array.from({ length: count }, () => attempts).flat();

describe("TargetHealth", () => {
  test.each(Object.keys(failureRules) as FailureClass[])(
    "opens for five failures of class %s if it is to blame",
    (failure) => {
      const { against, opensAtOnce } = failureRules[failure];
      const openings = (failures: number) => told(times(failures, failedBy(failure))).circuit.openings;
      expect(openings(5)).toBe(against === "target" ? 1 : 0);
      expect(openings(4)).toBe(opensAtOnce && against === "target" ? 1 : 0);
    },
  );

  test("opens when half of twenty calls in ten seconds failed, not for fewer and not for what is long past", () => {
    const halves = times(10, answered, failedBy("overloaded"));
    expect(told(halves, 100).circuit.openings).toBe(1);
    expect(told(halves.slice(0, 19), 100).circuit.openings).toBe(0);
    expect(told(halves, 2_000).circuit.openings).toBe(0);
    expect(told(times(20, answered, answered, failedBy("overloaded")), 100).circuit.openings).toBe(0);
  });

  test("names the usual failure, not the last", () => {
    const { circuit } = told([...times(4, failedBy("overloaded")), failedBy("timeout")]);
    expect(circuit.cause).toBe("overloaded");
  });

  test("opens anew by the one failure of a trial, and closes by its one answer", () => {
    const health = told(times(5, failedBy("server_error")));
    health.note(failedBy("server_error"), 1_000, new SeededDraws(1));
    expect(health.circuit.openings).toBe(2);
    health.note(answered, 4_000, new SeededDraws(1));
    expect(health.circuit.openings).toBe(0);
  });

  test("obeys a provider that asks for rest, within bounds, whatever the circuit says", () => {
    const asking = (retryAfterMs: number) => told([{ ...failedBy("rate_limited"), retryAfterMs }]);
    expect(asking(5_000)).toMatchObject({ notBeforeMs: 5_000, circuit: { openings: 0 } });
    expect(asking(longestRetryAfterMs).notBeforeMs).toBe(longestRetryAfterMs);
    expect(asking(longestRetryAfterMs + 1).notBeforeMs).toBe(longestRetryAfterMs);
  });

  test("keeps streams and whole answers apart", () => {
    const health = told([...times(10, answered), ...times(10, { ...answered, firstTokenMs: null })]);
    expect(health.firstToken.quantile(0.5)).toBeLessThanOrEqual(80);
    expect(health.firstToken.quantile(0.5)).toBeGreaterThan(63);
    expect(health.wholeAnswer.quantile(0.5)).toBeLessThanOrEqual(200);
    expect(health.wholeAnswer.quantile(0.5)).toBeGreaterThan(160);
  });
});

describe("ConnectionHealth", () => {
  test("opens for one refused connection, and for no other failure", () => {
    const openings = (failure: FailureClass) => {
      const connection = new ConnectionHealth();
      for (let call = 0; call < 5; call++) connection.note("m", failedBy(failure), 0, new SeededDraws(1));
      return connection.circuit.openings;
    };
    expect(openings("connect")).toBe(1);
    expect(openings("server_error")).toBe(0);
  });

  test("lets go of a trial that the client ended", () => {
    const connection = new ConnectionHealth();
    for (let call = 0; call < 5; call++) connection.note("m", failedBy("timeout"), 0, new SeededDraws(1));
    const state = () => circuitStateAt(connection.targetsByModelId.get("m")!.circuit, 1_000);
    connection.begin("m", false, 1_000);
    expect(state()).toBe("on_trial");
    connection.note("m", failedBy("client_cancelled"), 1_000, new SeededDraws(1));
    expect(state()).toBe("half_open");
  });

  test("is reachable again once anything came back", () => {
    const connection = new ConnectionHealth();
    connection.note("m", failedBy("connect"), 0, new SeededDraws(1));
    connection.note("m", failedBy("server_error"), 1_000, new SeededDraws(1));
    expect(connection.circuit.openings).toBe(0);
  });

  test("counts what it was sent in the last minute", () => {
    const connection = new ConnectionHealth();
    connection.begin("m", false, 0);
    connection.begin("m", true, 30_000);
    connection.begin("n", true, 40_000);
    expect(connection.sentAt(50_000)).toEqual({ firstCalls: 1, retries: 2 });
    expect(connection.sentAt(62_000)).toEqual({ firstCalls: 0, retries: 2 });
  });
});
