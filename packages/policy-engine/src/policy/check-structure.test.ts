import fc from "fast-check";
import { expect, test } from "vitest";
import { afterChange, kinds, problemsOf, set } from "../testing/policy-problems.ts";
import { sampleRevision, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { mostEntries } from "./check-structure.ts";
import { noResilience } from "./route.ts";
import { validatePolicyRevision } from "./validate-policy.ts";

const ejection = { errorPointsAbovePeers: 20, timesSlowerThanPeers: null, mostPercent: 50, forSeconds: 10 };

test.each<[string, (string | number)[], unknown]>([
  ["too_small at routes[0].targets[0].weight", ["routes", 0, "targets", 0, "weight"], -1],
  ["too_big at routes[0].targets[0].weight", ["routes", 0, "targets", 0, "weight"], 1_000_001],
  ["invalid_type at routes[0].targets[0].weight", ["routes", 0, "targets", 0, "weight"], Number.NaN],
  ["invalid_type at routes[0].targets[0].weight", ["routes", 0, "targets", 0, "weight"], 0.5],
  ["invalid_type at routes[0].targets[0].weight", ["routes", 0, "targets", 0, "weight"], "70"],
  ["invalid_type at routes[0].maxAttempts", ["routes", 0, "maxAttempts"], null],
  ["too_big at routes[0].maxAttempts", ["routes", 0, "maxAttempts"], 6],
  ["invalid_format at routes[0].name", ["routes", 0, "name"], "two words"],
  ["invalid_value at routes[0].strategy.type", ["routes", 0, "strategy"], { type: "psychic" }],
  ["too_small at routes[0].targets", ["routes", 0, "targets"], []],
  ["unknown_key at routes[0]", ["routes", 0, "surprise"], 1],
  ["probe_not_taken at connections[0].probe", ["connections", 0, "probe"], { afterIdleSeconds: 30 }],
  ["too_small at connections[0].probe.afterIdleSeconds", ["connections", 0, "probe"], { afterIdleSeconds: 1 }],
  [
    "invalid_value at routes[0].resilience.afterFailure.overload",
    ["routes", 0, "resilience"],
    { ...noResilience, afterFailure: { overload: "larger_model" } },
  ],
  [
    "contradictory_settings at routes[0].resilience.outlierEjection.mostPercent",
    ["routes", 0],
    sampleRoute("r1", [sampleTarget("1"), sampleTarget("2")], {
      resilience: { ...noResilience, outlierEjection: { ...ejection, mostPercent: 49 } },
    }),
  ],
  [
    "contradictory_settings at routes[0].resilience.outlierEjection",
    ["routes", 0],
    sampleRoute("r1", [sampleTarget("1"), sampleTarget("2")], {
      resilience: { ...noResilience, outlierEjection: { ...ejection, errorPointsAbovePeers: null } },
    }),
  ],
  [
    "contradictory_settings at routes[0].resilience.afterFailure.invalidAnswer",
    ["routes", 0],
    sampleRoute("r1", [sampleTarget("1"), sampleTarget("2")], {
      strategy: { type: "cascade", refusals: false },
      resilience: { ...noResilience, afterFailure: { invalidAnswer: "stop" } },
    }),
  ],
  [
    "invalid_format at models[0].prices[0].lines[0].unitPricePicoUsd",
    ["models", 0, "prices", 0, "lines", 0, "unitPricePicoUsd"],
    "-1",
  ],
  [
    "invalid_format at models[0].prices[0].lines[0].unitPricePicoUsd",
    ["models", 0, "prices", 0, "lines", 0, "unitPricePicoUsd"],
    "NaN",
  ],
  [
    "invalid_type at models[0].prices[0].lines[0].unitPricePicoUsd",
    ["models", 0, "prices", 0, "lines", 0, "unitPricePicoUsd"],
    0.1,
  ],
  ["invalid_format at connections[0].baseUrl", ["connections", 0, "baseUrl"], "file:///etc/passwd"],
  ["invalid_value at schemaVersion", ["schemaVersion"], 2],
  ["invalid_type at organisation", ["organisation"], null],
  ["unsafe_key at teams[0].constructor", ["teams", 0, "constructor"], {}],
])("says %s", (expected, path, value) => {
  expect(afterChange((revision) => set(revision, path, value))).toContain(expected);
});

test("refuses oversized lists before it looks at their entries", () => {
  const revision = { ...sampleRevision(), teams: Array.from({ length: mostEntries.teams + 1 }, () => null) };
  expect(problemsOf(revision).map(({ code, path }) => `${code} at ${path}`)).toEqual(["too_many at teams"]);
});

test("refuses keys that reach into prototypes, wherever they are, and leaves no trace", () => {
  const text = JSON.stringify(sampleRevision()).replace('"name":"Acme"', '"name":"Acme","__proto__":{"polluted":true}');
  expect(problemsOf(JSON.parse(text))).toMatchObject([{ path: "organisation.__proto__", code: "unsafe_key" }]);
  expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
});

test("never throws, whatever JSON it is given", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 20 }), (candidate) => {
      expect(validatePolicyRevision(candidate, kinds).ok).toBe(false);
    }),
  );
  const deep = JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) as unknown;
  expect(problemsOf({ ...sampleRevision(), teams: deep })).toMatchObject([{ code: "invalid" }]);
});

test("never throws when any part of a valid policy is replaced by anything", () => {
  const paths = pathsOf(sampleRevision());
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.oneof(fc.jsonValue(), fc.double(), fc.constant(undefined)),
      (path, value) => {
        const revision = sampleRevision();
        set(revision, path, value);
        for (const problem of problemsOf(revision)) {
          expect(problem).toEqual({
            path: expect.any(String),
            code: expect.stringMatching(/^[a-z]+(_[a-z]+)*$/),
            message: expect.stringMatching(/^\S.*\.$/s),
          });
        }
        expect(typeof validatePolicyRevision(revision, kinds).ok).toBe("boolean");
      },
    ),
    { numRuns: 300 },
  );
});

test("bounds the number of problems", () => {
  const revision = sampleRevision();
  revision.teams = Array.from({ length: 1_000 }, () => ({ teamId: "same", name: "same" }));
  expect(problemsOf(revision)).toHaveLength(200);
});

function pathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inner = steps.flatMap((step) => pathsOf((value as Record<string | number, unknown>)[step], [...path, step]));
  return path.length === 0 ? inner : [[...path], ...inner];
}
