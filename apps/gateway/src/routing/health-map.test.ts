import { expect, test } from "vitest";
import { HealthMap } from "./health-map.ts";

test("forgets those first seen longest ago rather than grow without end", () => {
  const health = new HealthMap();
  for (let call = 0; call < 5_001; call++) health.begin({ connectionId: `c${call}`, modelId: "m" }, false, null);
  const { connections } = health.facts();
  expect(connections.size).toBe(5_000);
  expect(connections.has("c0")).toBe(false);
  expect(connections.has("c5000")).toBe(true);
});

test("tells planning of a connection that could not be reached", () => {
  const health = new HealthMap();
  const target = { connectionId: "c", modelId: "m" };
  health.begin(target, false, null);
  health.note(target, { failure: "connect", firstTokenMs: null, totalMs: 1, retryAfterMs: null });
  expect(health.facts().connections.get("c")?.circuit).toMatchObject({ openings: 1, cause: "connect" });
});
