import { expect, it } from "vitest";
import type { Escalation } from "../routing/route-plan.ts";
import { usualValidation } from "./answer-rules.ts";
import { findFlaw, standardOf, type WholeAnswer } from "./judge-answer.ts";

const good: WholeAnswer = {
  texts: ["Well."],
  callsTools: false,
  meanLogprob: -0.2,
  verdict: "complete",
  isEmpty: false,
  isCutShort: false,
};
const everything: Escalation = {
  outcomes: ["invalid", "truncated", "refused", "filtered", "low_confidence", "too_short"],
  meanLogprobAtLeast: -1,
  charactersAtLeast: 5,
};
const json = { kind: "json" } as const;
const numbers = { kind: "schema", schema: { type: "array", items: { type: "number" } } } as const;

it.each([
  ["nothing", {}, null, null],
  ["nothing that is empty", { isEmpty: true, texts: [] }, null, "invalid"],
  ["text for JSON", {}, json, "invalid"],
  ["any JSON", { texts: ['{"a":1}'] }, json, null],
  ["JSON of another schema", { texts: ["[1,2]", '["a"]'] }, numbers, "invalid"],
  ["JSON of the schema", { texts: ["[1,2]", "[3,4]"] }, numbers, null],
  ["a call of a tool, in whatever form", { callsTools: true, texts: [""] }, numbers, null],
  ["its cut", { isCutShort: true }, null, "truncated"],
  ["its refusal, and not its form", { verdict: "refused" }, json, "refused"],
  ["its filter", { verdict: "filtered" }, null, "filtered"],
  ["its confidence", { meanLogprob: -1.2 }, null, "low_confidence"],
  ["no confidence that is not told", { meanLogprob: null }, null, null],
  ["its length", { texts: ["  No. "] }, null, "too_short"],
] as const)("blames %s", (_, changes, form, outcome) => {
  expect(findFlaw({ ...good, ...changes }, form, everything)?.outcome ?? null).toBe(outcome);
});

it("asks no more of an answer than the standard says", () => {
  const refused: WholeAnswer = { ...good, verdict: "refused", meanLogprob: -9, texts: ["No"] };
  expect(findFlaw(refused, json, standardOf(usualValidation))).toBeNull();
  expect(findFlaw(refused, json, standardOf({ ...usualValidation, refusals: true }))?.outcome).toBe("refused");
});
