import { describe, expect, it } from "vitest";
import { Dice } from "../text/dice.ts";
import type { Behaviour } from "./behaviour.ts";
import { type CallPlan, planCall } from "./plan-call.ts";

const CALLS = 20_000;

function plans(behaviour: Behaviour): CallPlan[] {
  return Array.from({ length: CALLS }, (_, index) => planCall(behaviour, index + 1, new Dice([1, 2, 3, 4], index + 1)));
}

const plan = (behaviour: Behaviour, callNumber = 1): CallPlan =>
  planCall(behaviour, callNumber, new Dice([1, 2, 3, 4]));
const shareOf = (items: readonly unknown[]): number => items.length / CALLS;

describe("planCall", () => {
  it("plans a healthy, instant call where nothing is set", () => {
    expect(planCall(undefined, 1, new Dice([1, 2, 3, 4]))).toMatchObject({
      latencyMs: 0,
      tokensPerSecond: 0,
      isConnectionRefused: false,
      error: undefined,
      garbage: undefined,
      interruption: undefined,
      answer: { shape: "ordinary", chunkTokens: 1, reportsUsageInStreams: true },
    });
  });

  it("plans the same for the same draws", () => {
    const behaviour: Behaviour = { latencyMs: { p50: 10, p99: 90 }, errorRate: 0.5 };
    expect(plans(behaviour)).toEqual(plans(behaviour));
  });

  it("draws errors at their rate", () => {
    expect(shareOf(plans({ errorRate: 0.3 }).filter(({ error }) => error !== undefined))).toBeCloseTo(0.3, 1);
  });

  it("draws a latency with the median and the 99th percentile asked for", () => {
    const latencies = plans({ latencyMs: { p50: 100, p99: 1_000 } })
      .map(({ latencyMs }) => latencyMs)
      .toSorted((left, right) => left - right);
    expect((latencies[CALLS / 2] ?? 0) / 100).toBeCloseTo(1, 1);
    expect((latencies[CALLS * 0.99] ?? 0) / 1_000).toBeCloseTo(1, 0);
  });

  it("does not let one field's draw move another's", () => {
    const failing = (behaviour: Behaviour): boolean[] =>
      plans({ ...behaviour, errorRate: 0.5 }).map(({ error }) => error !== undefined);
    expect(failing({ latencyMs: { p50: 10, p99: 20 } })).toEqual(failing({}));
  });

  it("answers an error always when a status is named, and at the rate when both are", () => {
    expect(plan({ errorStatus: 429, retryAfter: "x" }).error).toEqual({
      status: 429,
      code: undefined,
      message: undefined,
      retryAfter: "x",
    });
    expect(plan({ errorStatus: 429, errorRate: 0 }).error).toBeUndefined();
    expect(plan({ errorRate: 1 }).error?.status).toBe(500);
  });

  it("fails only the first calls, with a 500 if nothing else is said", () => {
    expect(plan({ failFirstCalls: 2 }, 2).error?.status).toBe(500);
    expect(plan({ failFirstCalls: 2 }, 3).error).toBeUndefined();
  });

  it("limits any fault to the first calls, without adding an error to it", () => {
    const behaviour: Behaviour = { failFirstCalls: 1, cutAfterChunks: 2 };
    expect(plan(behaviour, 1)).toMatchObject({ error: undefined, interruption: { kind: "cut", afterChunks: 2 } });
    expect(plan(behaviour, 2).interruption).toBeUndefined();
  });

  it("applies faults to a share of the calls", () => {
    const refused = plans({ refusal: true, faultRate: 0.25 }).filter(({ answer }) => answer.shape === "refusal");
    expect(shareOf(refused)).toBeCloseTo(0.25, 1);
  });
});
