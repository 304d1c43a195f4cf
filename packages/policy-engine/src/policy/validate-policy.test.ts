import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sampleConnection, sampleModel, sampleRevision, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import { mostEntries } from "./check-structure.ts";
import type { PolicyRevision } from "./policy-revision.ts";
import { noResilience, type RouteGroup } from "./route.ts";
import { validatePolicyRevision } from "./validate-policy.ts";

const kinds = [
  { kind: "openai", generic: false, listsModels: false },
  { kind: "openai-compatible", generic: true },
];

function problemsOf(
  candidate: unknown,
): readonly { readonly path: string; readonly code: string; readonly message: string }[] {
  const validation = validatePolicyRevision(candidate, kinds);
  return validation.ok ? [] : validation.problems;
}

/** The problems of the sample after a change, as `code at path`. */
function afterChange(change: (revision: PolicyRevision) => void): string[] {
  const revision = sampleRevision();
  change(revision);
  return problemsOf(revision).map(({ code, path }) => `${code} at ${path}`);
}

/** Sets what lies at a path, whatever its type should be. */
function set(revision: PolicyRevision, path: readonly (string | number)[], value: unknown): void {
  let holder = revision as unknown as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) holder = holder[step] as Record<string | number, unknown>;
  holder[path.at(-1)!] = value;
}

const ejection = { errorPointsAbovePeers: 20, timesSlowerThanPeers: null, mostPercent: 50, forSeconds: 10 };

describe("validatePolicyRevision", () => {
  test("takes the sample and gives it back as it is", () => {
    expect(validatePolicyRevision(sampleRevision(), kinds)).toEqual({ ok: true, revision: sampleRevision() });
  });

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

  test.each<[string, (revision: PolicyRevision) => void]>([
    ["duplicate_id at teams[1].teamId", ({ teams }) => teams.push({ teamId: "team1", name: "Other" })],
    ["duplicate_name at teams[1].name", ({ teams }) => teams.push({ teamId: "team2", name: "Search" })],
    ["duplicate_name at projects[1].name", ({ projects }) => projects.push({ ...projects[0]!, projectId: "p2" })],
    [
      "duplicate_id at virtualKeys[1].virtualKeyId",
      ({ virtualKeys }) => virtualKeys.push({ ...virtualKeys[0]!, publicId: "ABCDEFGHIJKL" }),
    ],
    [
      "duplicate_public_id at virtualKeys[1].publicId",
      ({ virtualKeys }) => virtualKeys.push({ ...virtualKeys[0]!, virtualKeyId: "k2" }),
    ],
    ["duplicate_name at connections[1].name", ({ connections }) => void (connections[1]!.name = connections[0]!.name)],
    [
      "duplicate_id at connections[1].credentials[0].credentialId",
      ({ connections }) => void (connections[1]!.credentials = connections[0]!.credentials),
    ],
    [
      "duplicate_model at models[1].providerModel",
      ({ models }) => void (models[1]!.providerModel = models[0]!.providerModel),
    ],
    [
      "duplicate_id at models[1].prices[0].priceVersionId",
      ({ models }) => void (models[1]!.prices = models[0]!.prices),
    ],
    ["duplicate_name at routes[1].name", ({ routes }) => void (routes[1]!.name = routes[0]!.name)],
    ["duplicate_id at routes[1].targets[0].targetId", ({ routes }) => void (routes[1]!.targets[0]!.targetId = "t1")],
    [
      "duplicate_target at routes[0].targets[1]",
      ({ routes }) => routes[0]!.targets.push(sampleTarget("1", { targetId: "t9" })),
    ],
    ["duplicate_id at quotas[1].quotaId", ({ quotas }) => quotas.push({ ...quotas[0]! })],
  ])("finds what must be unique: %s", (expected, change) => {
    expect(afterChange(change)).toEqual([expected]);
  });

  test.each<[string, (revision: PolicyRevision) => void]>([
    ["projects[0].teamId", ({ projects }) => void (projects[0]!.teamId = "gone")],
    ["virtualKeys[0].projectId", ({ virtualKeys }) => void (virtualKeys[0]!.projectId = "gone")],
    [
      "virtualKeys[0].passthroughConnectionIds[0]",
      ({ virtualKeys }) => (virtualKeys[0]!.passthroughConnectionIds = ["gone"]),
    ],
    ["virtualKeys[0].allowedRouteIds[1]", ({ virtualKeys }) => virtualKeys[0]!.allowedRouteIds!.push("gone")],
    ["models[0].prices[0].connectionId", ({ models }) => void (models[0]!.prices[0]!.connectionId = "gone")],
    ["routes[0].targets[0].connectionId", ({ routes }) => void (routes[0]!.targets[0]!.connectionId = "gone")],
    ["routes[0].targets[0].modelId", ({ routes }) => void (routes[0]!.targets[0]!.modelId = "gone")],
    ["routes[0].fallbackRouteIds[1]", ({ routes }) => routes[0]!.fallbackRouteIds.push("gone")],
    ["routes[0].allowedProjectIds[1]", ({ routes }) => routes[0]!.allowedProjectIds!.push("gone")],
    ["quotas[0].scopeId", ({ quotas }) => void (quotas[0]!.scopeId = "gone")],
  ])("finds the dangling reference %s", (path, change) => {
    expect(afterChange(change)).toEqual([`dangling_reference at ${path}`]);
  });

  test("asks for weights only where they decide", () => {
    const revision = sampleRevision();
    revision.routes[0]!.strategy = { type: "priority" };
    for (const target of revision.routes[0]!.targets) target.weight = 0;
    expect(validatePolicyRevision(revision)).toMatchObject({ ok: true });
  });

  test.each<[string, (revision: PolicyRevision) => void]>([
    ["weights_sum_to_zero at routes[0].targets", ({ routes }) => void (routes[0]!.targets[0]!.weight = 0)],
    [
      "too_small at routes[0].strategy.expectedOutputTokens",
      ({ routes }) => void (routes[0]!.strategy = { type: "cheapest", expectedOutputTokens: 0 }),
    ],
    [
      "invalid_type at routes[0].strategy.explorePercent",
      ({ routes }) => void (routes[0]!.strategy = { type: "fastest", explorePercent: Number.NaN }),
    ],
    ["no_enabled_target at routes[0].targets", ({ routes }) => void (routes[0]!.targets[0]!.enabled = false)],
    [
      "weights_sum_to_zero at routes[0].targets",
      ({ routes }) =>
        void (routes[0]!.targets = [
          sampleTarget("1", { enabled: false }),
          sampleTarget("2", { targetId: "t9", weight: 0 }),
        ]),
    ],
    ["unknown_provider_kind at connections[0].kind", ({ connections }) => void (connections[0]!.kind = "psychic")],
    [
      "provider_kind_mismatch at routes[0].targets[0].modelId",
      ({ models }) => void (models[0]!.providerKind = "anthropic"),
    ],
    [
      "timeout_above_total at routes[0].timeouts.connectMs",
      ({ routes }) => void (routes[0]!.timeouts = { connectMs: 200, firstByteMs: 100, idleMs: 100, totalMs: 100 }),
    ],
    ["invalid_time_zone at quotas[0].timeZone", ({ quotas }) => void (quotas[0]!.timeZone = "Europe/Atlantis")],
    ["invalid_time_zone at quotas[0].timeZone", ({ quotas }) => void (quotas[0]!.timeZone = "+02:00")],
    ["period_does_not_fit_unit at quotas[0].period", ({ quotas }) => void (quotas[0]!.period = "concurrent")],
    ["period_does_not_fit_unit at quotas[0].period", ({ quotas }) => void (quotas[0]!.unit = "concurrent_requests")],
    [
      "empty_time_window at models[0].prices[0].lines[0].timeWindow",
      ({ models }) => void (models[0]!.prices[0]!.lines[0]!.timeWindow = { startMinute: 60, endMinute: 60 }),
    ],
    [
      "ambiguous_price_line at models[0].prices[0].lines[1]",
      ({ models }) => models[0]!.prices[0]!.lines.push({ meter: "requests", unitPricePicoUsd: "2" }),
    ],
    [
      "ambiguous_price_version at models[0].prices[1].effectiveFromMs",
      ({ models }) => models[0]!.prices.push({ ...models[0]!.prices[0]!, priceVersionId: "later" }),
    ],
    [
      "price_versions_out_of_order at models[0].prices[1].effectiveFromMs",
      ({ models }) =>
        void (models[0]!.prices = [5, 4].map((effectiveFromMs) => ({
          ...models[0]!.prices[0]!,
          priceVersionId: `v${effectiveFromMs}`,
          effectiveFromMs,
        }))),
    ],
  ])("finds %s", (expected, change) => {
    expect(afterChange(change)).toEqual([expected]);
  });

  test("lets a connection serve the models of the kinds that its own kind names, and of no other", () => {
    const revision = sampleRevision();
    for (const connection of revision.connections) connection.kind = "google-vertex";
    for (const model of revision.models) model.providerKind = "google-gemini";
    const codes = (servesModelsOf: readonly string[]): string[] => {
      const vertex = { kind: "google-vertex", generic: false, servesModelsOf };
      const validation = validatePolicyRevision(revision, [vertex]);
      return validation.ok ? [] : validation.problems.map(({ code }) => code);
    };
    expect(codes(["google-gemini"])).toEqual([]);
    expect(new Set(codes(["anthropic"]))).toEqual(new Set(["provider_kind_mismatch"]));
  });

  test("lets a connection of a generic kind serve any model, and an unfinished route stay switched off", () => {
    const revision = sampleRevision();
    revision.connections[0] = sampleConnection("c1", { kind: "openai-compatible" });
    revision.models[0] = sampleModel("m1", { providerKind: "meta" });
    revision.routes[1] = sampleRoute("r2", [sampleTarget("2", { weight: 0 })], { enabled: false });
    expect(problemsOf(revision)).toEqual([]);
  });

  test("says nothing about kinds that it is not told of", () => {
    const revision = sampleRevision();
    revision.connections[0]!.kind = "psychic";
    expect(validatePolicyRevision(revision).ok).toBe(true);
  });

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

  test("refuses oversized lists before it looks at their entries", () => {
    const revision = { ...sampleRevision(), teams: Array.from({ length: mostEntries.teams + 1 }, () => null) };
    expect(problemsOf(revision).map(({ code, path }) => `${code} at ${path}`)).toEqual(["too_many at teams"]);
  });

  test("refuses keys that reach into prototypes, wherever they are, and leaves no trace", () => {
    const text = JSON.stringify(sampleRevision()).replace(
      '"name":"Acme"',
      '"name":"Acme","__proto__":{"polluted":true}',
    );
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

  test.each<[string, (route: PolicyRevision["routes"][number]) => void, string[]]>([
    ["a group", ({ targets, groups }) => void ((targets[0]!.groupId = "a"), groups!.push(group("a"))), []],
    [
      "an unknown group",
      ({ targets }) => void (targets[0]!.groupId = "a"),
      ["weights_sum_to_zero at routes[0].targets", "unknown_group at routes[0].targets[0].groupId"],
    ],
    ["an empty group", ({ groups }) => void groups!.push(group("a")), ["empty_group at routes[0].groups[0]"]],
    [
      "groups inside of each other",
      ({ groups }) => void groups!.push(group("a", { parentGroupId: "b" }), group("b", { parentGroupId: "a" })),
      ["group_cycle at routes[0].groups[0].parentGroupId", "group_cycle at routes[0].groups[1].parentGroupId"],
    ],
    [
      "conditions that contradict those around them",
      ({ targets, groups }) => {
        targets[0]!.groupId = "b";
        const forTeam = (team: string) => ({
          match: "all" as const,
          clauses: [{ fact: "team" as const, anyOf: [team] }],
        });
        groups!.push(group("a", { when: forTeam("x") }), group("b", { parentGroupId: "a", when: forTeam("y") }));
      },
      ["contradictory_conditions at routes[0].groups[1].when.clauses[0]"],
    ],
    [
      "a zone that is none",
      ({ targets, groups }) => {
        targets[0]!.groupId = "a";
        const clause = { fact: "time_of_day" as const, timeZone: "Mars/Base", fromMinute: 1, toMinute: 2 };
        groups!.push(group("a", { when: { match: "any", clauses: [clause] } }));
      },
      ["invalid_time_zone at routes[0].groups[0].when.clauses[0].timeZone"],
    ],
    [
      "a group that never gets a call",
      (route) => {
        route.strategy = { type: "first_match" };
        route.targets.push(sampleTarget("2", { targetId: "t9", groupId: "b" }));
        route.targets[0]!.groupId = "a";
        route.groups!.push(group("a"), group("b"));
      },
      ["unreachable_member at routes[0].groups[1]"],
    ],
    [
      "a canary of nothing",
      (route) => void (route.strategy = { type: "canary", percent: 5, ramp: { fromMs: 2, toMs: 1, percent: 9 } }),
      ["too_few_members at routes[0].strategy", "contradictory_settings at routes[0].strategy.ramp.toMs"],
    ],
    [
      "a cascade with nowhere to go on to",
      (route) => void (route.strategy = { type: "cascade", refusals: false }),
      ["too_few_members at routes[0].strategy"],
    ],
    [
      "tiers without members, in no order",
      (route) => void (route.strategy = { type: "complexity", boundaries: [0.5, 0.4], whenUnsure: "hardest" }),
      [
        "contradictory_settings at routes[0].strategy.boundaries",
        "contradictory_settings at routes[0].strategy.boundaries[1]",
      ],
    ],
    [
      "what no target promises",
      (route) => void (route.guards = { requires: { zeroRetention: true } }),
      ["requirements_unmet at routes[0].guards.requires"],
    ],
    [
      "what every target promises as far as anybody knows",
      (route) => void (route.guards = { requires: { ownRegion: true }, mostCostPicoUsd: "0" }),
      [],
    ],
  ])("judges %s", (_, change, problems) => {
    const found = afterChange(({ routes }) => {
      routes[0]!.groups = [];
      change(routes[0]!);
    });
    expect(found).toEqual(problems);
  });

  test("bounds the number of problems", () => {
    const revision = sampleRevision();
    revision.teams = Array.from({ length: 1_000 }, () => ({ teamId: "same", name: "same" }));
    expect(problemsOf(revision)).toHaveLength(200);
  });
});

function group(groupId: string, changes: Partial<RouteGroup> = {}): RouteGroup {
  return { groupId, name: groupId, weight: 1, enabled: true, strategy: { type: "priority" }, ...changes };
}

function hasCycle(links: readonly (readonly number[])[]): boolean {
  const reaches = (from: number, seen: ReadonlySet<number>): boolean =>
    links[from]!.some((to) => seen.has(to) || reaches(to, new Set([...seen, to])));
  return links.some((_, start) => reaches(start, new Set([start])));
}

function pathsOf(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [[...path]];
  const steps = Array.isArray(value) ? [...value.keys()] : Object.keys(value);
  const inner = steps.flatMap((step) => pathsOf((value as Record<string | number, unknown>)[step], [...path, step]));
  return path.length === 0 ? inner : [[...path], ...inner];
}
