import { describe, expect, test } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import { circuitStateAt } from "./circuit.ts";
import { ConnectionHealth } from "./connection-health.ts";
import { isLeftToProbe, probesFirstForMs, whyProbe } from "./probe.ts";

const probe = { afterIdleSeconds: 30 };
const draws = new SeededDraws(1);
const answered = { failure: null, firstTokenMs: null, totalMs: 10, retryAfterMs: null };

function unreachableSince(nowMs: number): ConnectionHealth {
  const health = new ConnectionHealth();
  health.note("m", { ...answered, failure: "connect" }, nowMs, draws);
  return health;
}

describe("whyProbe", () => {
  test("asks a connection that was never called, and again when its time is over", () => {
    expect(whyProbe(undefined, probe, null, 1_000)).toBe("idle");
    expect(whyProbe(undefined, probe, 1_000, 30_999)).toBeNull();
    expect(whyProbe(undefined, probe, 1_000, 31_000)).toBe("idle");
  });

  test("asks nothing of a connection that is being called", () => {
    const health = new ConnectionHealth();
    health.note("a", answered, 1_000, draws);
    health.note("b", answered, 20_000, draws);
    expect(whyProbe(health, probe, null, 40_000)).toBeNull();
    expect(whyProbe(health, probe, null, 50_000)).toBe("idle");
  });

  test("is the trial of one that could not be reached, and only when that is due", () => {
    const health = unreachableSince(1_000);
    expect(whyProbe(health, probe, null, 1_001)).toBeNull();
    expect(whyProbe(health, probe, null, 2_001)).toBe("trial");
    health.beginProbe(2_001);
    expect(whyProbe(health, probe, null, 2_002)).toBeNull();
  });

  test("leaves failing answers to calls: a list of models says nothing of them", () => {
    const health = new ConnectionHealth();
    for (let call = 0; call < 5; call++) health.note("m", { ...answered, failure: "server_error" }, 1_000, draws);
    health.noteProbe("reachable", 3_000, draws);
    expect(circuitStateAt(health.targetOf("m").circuit, 1_001)).toBe("open");
    expect(health.targetOf("m").circuit.openings).toBe(1);
  });
});

describe("what a probe finds", () => {
  test.each([
    ["reachable", "closed"],
    ["credential_rejected", "closed"],
    ["failing", "closed"],
    ["unreachable", "open"],
    ["timeout", "open"],
  ] as const)("%s leaves the circuit of a connection on trial %s", (outcome, state) => {
    const health = unreachableSince(1_000);
    health.beginProbe(3_000);
    health.noteProbe(outcome, 3_100, draws);
    expect(circuitStateAt(health.circuit, 3_100)).toBe(state);
  });

  test("opens the circuit of an idle connection that cannot be reached, and not of one that is slow to list models", () => {
    const idle = new ConnectionHealth();
    idle.noteProbe("timeout", 1_000, draws);
    expect(circuitStateAt(idle.circuit, 1_000)).toBe("closed");
    idle.noteProbe("unreachable", 1_000, draws);
    expect(circuitStateAt(idle.circuit, 1_000)).toBe("open");
  });

  test("is waited for by calls, and not for ever", () => {
    const health = unreachableSince(1_000);
    const { retryAtMs } = health.circuit;
    expect(isLeftToProbe(health, retryAtMs - 1)).toBe(false);
    expect(isLeftToProbe(health, retryAtMs)).toBe(true);
    expect(isLeftToProbe(health, retryAtMs + probesFirstForMs)).toBe(false);
  });
});
