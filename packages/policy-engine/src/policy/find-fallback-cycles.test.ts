import fc from "fast-check";
import { expect, test } from "vitest";
import { problemsOf } from "../testing/policy-problems.ts";
import { sampleRevision, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";

test("names every route of a circle of fallbacks", () => {
  const revision = sampleRevision();
  revision.routes[1]!.fallbackRouteIds = ["r1"];
  expect(problemsOf(revision)).toEqual([
    {
      path: "routes[1].fallbackRouteIds[0]",
      code: "fallback_cycle",
      message: "Fallbacks go round in a circle: name-of-r1 -> name-of-r2 -> name-of-r1.",
    },
  ]);
  revision.routes[1]!.fallbackRouteIds = ["r2"];
  expect(problemsOf(revision)[0]?.message).toBe("Fallbacks go round in a circle: name-of-r2 -> name-of-r2.");
});

test("finds a circle in exactly the graphs that have one", () => {
  const graph = fc
    .integer({ min: 1, max: 7 })
    .chain((size) =>
      fc.array(fc.uniqueArray(fc.nat(size - 1), { maxLength: 3 }), { minLength: size, maxLength: size }),
    );
  fc.assert(
    fc.property(graph, (links) => {
      const revision = sampleRevision();
      revision.virtualKeys = [];
      revision.routes = links.map((fallbacks, index) =>
        sampleRoute(`route${index}`, [sampleTarget("1", { targetId: `target${index}` })], {
          fallbackRouteIds: fallbacks.map((to) => `route${to}`),
        }),
      );
      expect(problemsOf(revision).some(({ code }) => code === "fallback_cycle")).toBe(hasCycle(links));
    }),
  );
});

test("walks a chain of fallbacks far longer than a call stack", () => {
  const revision = sampleRevision();
  revision.virtualKeys = [];
  revision.routes = Array.from({ length: 15_000 }, (_, index) =>
    sampleRoute(`route${index}`, [sampleTarget("1", { targetId: `target${index}` })], {
      fallbackRouteIds: index === 14_999 ? [] : [`route${index + 1}`],
    }),
  );
  expect(problemsOf(revision)).toEqual([]);
});

function hasCycle(links: readonly (readonly number[])[]): boolean {
  const reaches = (from: number, seen: ReadonlySet<number>): boolean =>
    links[from]!.some((to) => seen.has(to) || reaches(to, new Set([...seen, to])));
  return links.some((_, start) => reaches(start, new Set([start])));
}
