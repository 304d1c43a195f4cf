import { expect, test } from "vitest";
import { afterChange, kinds, problemsOf } from "../testing/policy-problems.ts";
import { sampleConnection, sampleModel, sampleRevision, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import type { PolicyRevision } from "./policy-revision.ts";
import { validatePolicyRevision } from "./validate-policy.ts";

test("takes the sample and gives it back as it is", () => {
  expect(validatePolicyRevision(sampleRevision(), kinds)).toEqual({ ok: true, revision: sampleRevision() });
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
  ["duplicate_id at models[1].prices[0].priceVersionId", ({ models }) => void (models[1]!.prices = models[0]!.prices)],
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
