import { quantileFromBuckets } from "@switchyard/metering/latency-buckets";
import { expect, it } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { ConnectionHealth } from "./connection-health.ts";
import { mostReportedTargets, reportHealth, targetReportSchema } from "./health-report.ts";
import type { AttemptHealth } from "./target-health.ts";

const draws = new SeededDraws(1);
const answered: AttemptHealth = { failure: null, firstTokenMs: 80, totalMs: 200, retryAfterMs: null };
const failed: AttemptHealth = { ...answered, failure: "server_error", firstTokenMs: null };

function connectionTold(modelId: string, attempts: readonly AttemptHealth[], nowMs: number): ConnectionHealth {
  const connection = new ConnectionHealth();
  for (const attempt of attempts) connection.note(modelId, attempt, nowMs, draws);
  return connection;
}

it("tells calls, failures by class, times and the circuit of each target, in the form that is read", () => {
  const connections = new Map([
    ["c1", connectionTold("m1", [answered, answered, failed, failed, failed, failed, failed], 1_000)],
    [
      "c2",
      connectionTold(
        "m2",
        [
          { ...answered, firstTokenMs: null },
          { ...failed, failure: "connect" },
        ],
        1_500,
      ),
    ],
  ]);
  const [second, first] = reportHealth(connections, 1_600);
  expect(first).toMatchObject({
    connectionId: "c1",
    answered: 2,
    failures: { server_error: 5 },
    wholeAnswer: null,
    circuit: "open",
    idleForMs: 600,
  });
  expect(quantileFromBuckets(first?.firstToken ?? [], 0.5)).toBeGreaterThan(60);
  expect(second).toMatchObject({ failures: { connect: 1 }, firstToken: null, circuit: "open", idleForMs: 100 });
  for (const report of [first, second])
    expect(targetReportSchema.parse(JSON.parse(JSON.stringify(report)))).toEqual(report);
});

it("forgets calls after five minutes", () => {
  const connections = new Map([["c", connectionTold("m", [answered, failed], 1_000)]]);
  expect(reportHealth(connections, 290_000)).toMatchObject([{ answered: 1, failures: { server_error: 1 } }]);
  expect(reportHealth(connections, 312_000)).toMatchObject([{ answered: 0, failures: {} }]);
});

it("is bounded: those called last are told", () => {
  const connection = new ConnectionHealth();
  for (let model = 0; model <= mostReportedTargets; model++)
    connection.note(`m${model}`, answered, 1_000 + model, draws);
  const reports = reportHealth(new Map([["c", connection]]), 2_000);
  expect(reports).toHaveLength(mostReportedTargets);
  expect(reports.map(({ modelId }) => modelId)).not.toContain("m0");
});
