import { expect, it } from "vitest";
import { answerOutcome } from "./answer-outcome.ts";

it.each([
  ["complete", null, "success"],
  ["refused", null, "refused"],
  ["filtered", null, "refused"],
  ["invalid", null, "invalid"],
  ["truncated", null, "invalid"],
  ["complete", "invalid_answer", "invalid"],
  ["refused", "invalid_answer", "refused"],
  ["errored", "server_error", null],
  ["truncated", "truncated", null],
  ["filtered", "content_filtered", null],
  ["cancelled", "client_cancelled", null],
  ["cancelled", null, null],
] as const)("takes %s with the failure %s for %s", (verdict, failureClass, outcome) => {
  expect(answerOutcome({ verdict, failureClass })).toBe(outcome);
});
