import { routeOutcomeOperations } from "@switchyard/api-contract/route-outcomes";
import { routeOperations } from "@switchyard/api-contract/routes";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type RunningControlPlane, startControlPlane } from "../../test/running-control-plane.ts";

let controlPlane: RunningControlPlane;
beforeAll(async () => {
  controlPlane = await startControlPlane();
});
afterAll(() => controlPlane.stop());

const from = "2026-11-21T10:20:00.000Z";
const to = "2026-11-21T11:10:00.000Z";

it("sums a route's outcomes over whole hours, and what a success cost", async () => {
  const { items } = await controlPlane.ok(routeOperations.list);
  const route = items.find(({ name }) => name === "demo-chat")!;
  const { connectionId, modelId, connectionName } = route.targets[0]!;
  const ask = () => controlPlane.ok(routeOutcomeOperations.get, { params: { id: route.id }, query: { from, to } });
  const nothing = { calls: 0, costUsd: "0", costPerSuccessUsd: null, costPerSuccessInterval: null, targets: [] };
  expect(await ask()).toMatchObject({ ...nothing, from: "2026-11-21T10:00:00.000Z", to: "2026-11-21T12:00:00.000Z" });

  const hours = ["2026-11-21T09:00Z", "2026-11-21T10:00Z", "2026-11-21T11:00Z"];
  for (const hour of hours) {
    await controlPlane.pool.query(
      `INSERT INTO target_outcome_hour (hour, route_id, task_class, connection_id, model_id, attempts, successes, refused,
         invalid, escalations, rescues, output_tokens, answer_ms, cost_pico_usd, ratings, rating_permille, disliked)
       VALUES ($1, $2, 'code', $3, $4, 50, 40, 3, 2, 5, 4, 900, 90000, 2000000000, 4, -1000, 2),
         ($1, $2, 'chat', 'gone', 'gone', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
      [hour, route.id, connectionId, modelId],
    );
    await controlPlane.pool.query(
      `INSERT INTO task_outcome_hour (hour, route_id, task_class, tasks, successes, escalated, rescued, cost_pico_usd,
         cost_squared, success_cost_pico_usd, disliked, disliked_cost_pico_usd)
       VALUES ($1, $2, 'code', 50, 42, 5, 4, 2000000000, 90000000000000000, 1700000000, 2, 80000000)`,
      [hour, route.id],
    );
  }
  const outcomes = await ask();
  expect(outcomes).toMatchObject({ calls: 100, successes: 80, costUsd: "0.004", escalated: 10, rescued: 8 });
  expect(outcomes.costPerSuccessUsd).toBe("0.00005");
  const { lowUsd, highUsd } = outcomes.costPerSuccessInterval!;
  expect(Number(lowUsd)).toBeGreaterThan(0.00004);
  expect(Number(lowUsd)).toBeLessThan(0.00005);
  expect(Number(highUsd)).toBeGreaterThan(0.00005);
  expect(outcomes.targets).toMatchObject([
    { taskClass: "chat", connectionName: null, modelName: null, answers: 0, meanAnswerMs: null, meanScore: null },
    {
      taskClass: "code",
      connectionName,
      attempts: 100,
      answers: 90,
      successes: 76,
      refused: 6,
      invalid: 4,
      meanAnswerMs: 2_000,
      costUsd: "0.004",
      ratings: 8,
      meanScore: -0.25,
    },
  ]);
});

it("refuses a period that ends before it begins", async () => {
  const { body } = await controlPlane.fails(routeOutcomeOperations.get, {
    params: { id: "r" },
    query: { from: to, to: from },
  });
  expect(body.error).toMatchObject({ code: "validation_failed", problems: [{ path: "to", code: "invalid_range" }] });
});
