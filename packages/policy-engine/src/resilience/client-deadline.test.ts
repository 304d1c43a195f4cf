import { expect, test } from "vitest";
import { defaultRouteTimeouts } from "../policy/route.ts";
import { noDeadline, timeLeftMs, withinDeadline } from "./client-deadline.ts";

test("leaves timeouts as they are for a client that waits longer", () => {
  expect(withinDeadline(defaultRouteTimeouts, noDeadline, 5_000)).toBe(defaultRouteTimeouts);
  expect(withinDeadline(defaultRouteTimeouts, { wholeMs: 700_000, beginMs: null }, 0)).toBe(defaultRouteTimeouts);
});

test("waits for the whole answer no longer than the client does", () => {
  const timeouts = withinDeadline(defaultRouteTimeouts, { wholeMs: 2_000, beginMs: null }, 500);
  expect(timeouts).toEqual({ ...defaultRouteTimeouts, firstByteMs: 1_500, totalMs: 1_500 });
});

test("a client that waits for the beginning alone may read as long as the route allows", () => {
  const timeouts = withinDeadline(defaultRouteTimeouts, { wholeMs: null, beginMs: 2_000 }, 0);
  expect(timeouts).toEqual({ ...defaultRouteTimeouts, firstByteMs: 2_000 });
});

test("the nearer bound is what is left", () => {
  expect(timeLeftMs({ wholeMs: 3_000, beginMs: 1_000 }, 400)).toBe(600);
  expect(timeLeftMs(noDeadline, 400)).toBe(Infinity);
});
