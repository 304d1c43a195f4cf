import { expect, test } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { Lateness } from "./lateness.ts";

const draws = new SeededDraws(1);

function lateThrice(objectiveMs: number): Lateness {
  const lateness = new Lateness();
  for (let call = 0; call < 3; call++) lateness.noteLate(objectiveMs, 1_000, draws);
  return lateness;
}

test("one or two late answers are chance, three in a row are not", () => {
  const lateness = new Lateness();
  lateness.noteLate(200, 1_000, draws);
  lateness.noteLate(200, 1_000, draws);
  lateness.noteInTime(200, 1_000);
  lateness.noteLate(200, 1_000, draws);
  expect(lateness.restsForMs(200, 1_000)).toBeNull();
  lateness.noteLate(200, 1_000, draws);
  lateness.noteLate(200, 1_000, draws);
  expect(lateness.restsForMs(200, 1_000)).toBeGreaterThan(0);
});

test("a route that is content with more goes on", () => {
  const lateness = lateThrice(200);
  expect(lateness.restsForMs(100, 1_000)).toBeGreaterThan(0);
  expect(lateness.restsForMs(2_000, 1_000)).toBeNull();
});

test("after a while one call finds out, and what is in time closes it", () => {
  const lateness = lateThrice(200);
  expect(lateness.restsForMs(200, 2_500)).toBeNull();
  lateness.begin(2_500);
  expect(lateness.restsForMs(200, 2_500)).toBe(0);
  lateness.noteInTime(200, 2_600);
  expect(lateness.restsForMs(200, 2_600)).toBeNull();
});

test("a trial that is late too lets it rest longer", () => {
  const lateness = lateThrice(200);
  lateness.begin(2_500);
  lateness.noteLate(200, 2_700, draws);
  expect(lateness.restsForMs(200, 2_700)).toBeGreaterThanOrEqual(1_000);
});

test("an answer in time for a patient route does not clear it for a strict one", () => {
  const lateness = lateThrice(200);
  lateness.begin(2_500);
  lateness.noteInTime(5_000, 2_600);
  expect(lateness.restsForMs(200, 2_600)).not.toBeNull();
});
