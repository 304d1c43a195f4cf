import { createUuidV7 } from "@switchyard/secrets/random-id";
import { expect, it } from "vitest";
import { targetOutcomesOf, taskOutcomesOf } from "./outcome-rows.ts";
import { attemptRecord, requestRecord } from "./usage-records.fixture.ts";

const madeAtMs = Date.UTC(2026, 10, 21, 10, 59, 59);
const requestId = createUuidV7(madeAtMs);

it("counts a call's attempts in the hour of the call, whenever they began", () => {
  const late = { requestId, startedAtMs: madeAtMs + 60_000, endedAtMs: madeAtMs + 61_500 };
  const refused = { ...late, attemptId: "b", verdict: "refused" } as const;
  const outage = { ...late, attemptId: "c", verdict: "errored", failureClass: "server_error" } as const;
  const rows = targetOutcomesOf([late, refused, outage].map((fields) => attemptRecord({ attemptId: "a", ...fields })));
  expect(rows).toEqual([
    {
      hour: Date.UTC(2026, 10, 21, 10),
      routeId: "route",
      taskClass: "unknown",
      connectionId: "connection",
      modelId: "model",
      attempts: 3,
      successes: 1,
      refused: 1,
      invalid: 0,
      escalations: 0,
      rescues: 0,
      outputTokens: 40,
      answerMs: 3_000,
      costPicoUsd: "2100",
    },
  ]);
});

it("takes a call of a strange id by its own start, so that it holds up nobody", () => {
  const [row] = targetOutcomesOf([attemptRecord({ attemptId: "a", requestId: "strange", startedAtMs: madeAtMs })]);
  expect(row?.hour).toBe(Date.UTC(2026, 10, 21, 10));
});

it.each([
  [{}, 1],
  [{ verdict: "refused" }, 0],
  [{ verdict: "invalid" }, 0],
  [{ status: 502, verdict: "errored" }, 0],
  [{ warnings: ["answer_below_standard"] }, 0],
] as const)("takes a call that ended with %j for %i success", (fields, successes) => {
  const rows = taskOutcomesOf([requestRecord({ requestId, ...fields })]);
  const cost = { costPicoUsd: "700", costSquared: "490000", successCostPicoUsd: successes === 1 ? "700" : "0" };
  expect(rows).toMatchObject([{ tasks: 1, successes, ...cost }]);
});

it("leaves out what no provider was asked for", () => {
  expect(taskOutcomesOf([requestRecord({ requestId, attempts: 0, cache: "hit" })])).toEqual([]);
});
