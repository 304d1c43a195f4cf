import { expect, test } from "vitest";
import {
  failed,
  fiveFailures,
  healthOf,
  input,
  modelsWith,
  plainChat,
  twoTargets,
  unreachable,
} from "../testing/sample-plan-input.ts";
import { sampleConnection, sampleModel, sampleRoute, sampleTarget } from "../testing/sample-policy.ts";
import type { PlanInput } from "./plan-input.ts";
import { planRoute } from "./plan-route.ts";

test("explains a weighted choice in the words of an admin", () => {
  const plan = planRoute(input(twoTargets, { seed: 4 }));
  expect(plan.because.map(({ text }) => text)).toEqual([
    "Chose name of c0 / model m0: by its weight it gets 70 of every 100 calls.",
    "Next in line is name of c1 / model m1: weight 30 of the 30 left.",
  ]);
  expect(plan.attempts).toEqual([
    {
      targetId: "t0",
      connectionId: "c0",
      modelId: "m0",
      routeId: "r",
      role: "first",
      timeouts: twoTargets.timeouts,
      contextWindow: 100_000,
      label: "name of c0 / model m0",
    },
    expect.objectContaining({ targetId: "t1", role: "fallback" }),
  ]);
});

test.each<[string, Partial<PlanInput>, string]>([
  [
    "connection_disabled",
    {
      connectionsById: new Map([
        ["c0", sampleConnection("c0", { enabled: false })],
        ["c1", sampleConnection("c1")],
      ]),
    },
    "its connection is switched off",
  ],
  [
    "connection_drained",
    {
      connectionsById: new Map([
        ["c0", sampleConnection("c0", { drained: true })],
        ["c1", sampleConnection("c1")],
      ]),
    },
    "an admin is draining its connection",
  ],
  [
    "operation_unsupported",
    { modelsById: modelsWith({ operations: ["embeddings"] }) },
    "the model does not serve chat",
  ],
  [
    "tools_unsupported",
    { modelsById: modelsWith({ tools: false }), features: { ...plainChat, tools: true } },
    "the model takes no tools",
  ],
  [
    "images_unsupported",
    { modelsById: modelsWith({ vision: false }), features: { ...plainChat, images: true } },
    "the model takes no images",
  ],
  [
    "json_schema_unsupported",
    { modelsById: modelsWith({ jsonSchema: false }), features: { ...plainChat, jsonSchema: true } },
    "the model cannot keep to a JSON schema",
  ],
  [
    "streaming_unsupported",
    { modelsById: modelsWith({ streaming: false }), features: { ...plainChat, stream: true } },
    "the model does not stream",
  ],
  [
    "retry_after",
    { health: healthOf({ 0: [{ ...failed, retryAfterMs: 2_500 }] }) },
    "the provider asked to be left alone for another 3 s",
  ],
  ["circuit_open", { health: healthOf({ 0: fiveFailures }) }, "it failed, and is left alone for another 1 s"],
  [
    "circuit_open",
    { health: healthOf({ 0: [unreachable] }) },
    "it could not be reached, and is left alone for another 1 s",
  ],
])("passes a target over: %s", (code, changes, why) => {
  const plan = planRoute(input(twoTargets, changes));
  expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t1"]);
  expect(plan.because[0]).toEqual({ code, text: `Passed over name of c0 / model m0: ${why}.` });
});

test("passes a target over that is switched off or has no weight", () => {
  const route = sampleRoute("r", [
    sampleTarget("0", { enabled: false }),
    sampleTarget("1", { weight: 0 }),
    sampleTarget("2"),
  ]);
  const plan = planRoute(input(route));
  expect(plan.attempts.map(({ targetId }) => targetId)).toEqual(["t2"]);
  expect(plan.because.map(({ code }) => code)).toEqual(["target_disabled", "weight_zero", "weighted_choice"]);
});

test.each([
  [99_999, 2],
  [100_000, 1],
])("needs room in the context window: %i tokens of input leave %i targets", (inputTokensAtLeast, targets) => {
  const modelsById = new Map([
    ["m0", sampleModel("m0")],
    ["m1", sampleModel("m1", { contextWindow: null })],
  ]);
  const plan = planRoute(input(twoTargets, { modelsById, features: { ...plainChat, inputTokensAtLeast } }));
  expect(plan.attempts).toHaveLength(targets);
});

test("goes on with the fallback routes, in their order, and never repeats a connection and model", () => {
  const first = sampleRoute("r", [sampleTarget("0")], { maxAttempts: 5 });
  const off = sampleRoute("off", [sampleTarget("5")], { enabled: false });
  const second = sampleRoute("f1", [sampleTarget("0", { targetId: "again" }), sampleTarget("2")]);
  const third = sampleRoute("f2", [sampleTarget("3")], {
    timeouts: { connectMs: 50, firstByteMs: 100, idleMs: 100, totalMs: 100 },
  });
  const plan = planRoute(input(first, { fallbackRoutes: [off, second, third] }));
  expect(plan.attempts.map(({ targetId, routeId, role }) => [targetId, routeId, role])).toEqual([
    ["t0", "r", "first"],
    ["t2", "f1", "fallback"],
    ["t3", "f2", "fallback"],
  ]);
  expect(plan.attempts[2]?.timeouts).toBe(third.timeouts);
  expect(plan.because.map(({ text }) => text)).toEqual([
    "Chose name of c0 / model m0: by its weight it gets every call.",
    "Passed over fallback name-of-off: it is switched off.",
    "Then the targets of fallback name-of-f1.",
    "Passed over name of c0 / model m0: it is in the plan already.",
    "Chose name of c2 / model m2: by its weight it gets every call.",
    "Then the targets of fallback name-of-f2.",
    "Chose name of c3 / model m3: by its weight it gets every call.",
  ]);
});

test("says so when nothing can answer", () => {
  const plan = planRoute(input(twoTargets, { connectionsById: new Map() }));
  expect(plan.attempts).toEqual([]);
  expect(plan.because.map(({ code }) => code)).toEqual(["target_dangling", "target_dangling", "no_target"]);
});
