import { describe, expect, test } from "vitest";
import { SeededDraws } from "../routing/seeded-draws.ts";
import {
  abandonTrial,
  beginTrial,
  circuitStateAt,
  closeCircuit,
  closedCircuit,
  longestBackoffMs,
  openCircuit,
} from "./circuit.ts";

const seeds = Array.from({ length: 200 }, (_, index) => index);

describe("circuit", () => {
  test("opens, lets one trial through after its time, and closes or opens for longer", () => {
    const open = openCircuit(closedCircuit, "timeout", 0, new SeededDraws(1));
    expect(circuitStateAt(open, open.retryAtMs - 1)).toBe("open");
    expect(circuitStateAt(open, open.retryAtMs)).toBe("half_open");
    const onTrial = beginTrial(open, open.retryAtMs);
    expect(circuitStateAt(onTrial, open.retryAtMs)).toBe("on_trial");
    expect(circuitStateAt(onTrial, open.retryAtMs + 10_000)).toBe("half_open");
    expect(circuitStateAt(abandonTrial(onTrial), open.retryAtMs)).toBe("half_open");
    const again = openCircuit(onTrial, "timeout", 2_000, new SeededDraws(1));
    expect(again.openings).toBe(2);
    expect(circuitStateAt(again, 2_999)).toBe("open");
  });

  test("takes no notice of failures that come back while it is open", () => {
    const open = openCircuit(closedCircuit, "timeout", 0, new SeededDraws(1));
    expect(openCircuit(open, "server_error", 100, new SeededDraws(2))).toBe(open);
  });

  test("is closed by a trial's answer, also one made before its time, and not by an older call's", () => {
    const open = openCircuit(closedCircuit, "timeout", 0, new SeededDraws(1));
    expect(closeCircuit(open, 100)).toBe(open);
    expect(closeCircuit(beginTrial(open, 50), 100)).toBe(closedCircuit);
    expect(closeCircuit(open, open.retryAtMs)).toBe(closedCircuit);
  });

  test("leaves a closed circuit alone", () => {
    expect(beginTrial(closedCircuit, 5)).toBe(closedCircuit);
    expect(abandonTrial(closedCircuit)).toBe(closedCircuit);
    expect(circuitStateAt(closedCircuit, 0)).toBe("closed");
  });

  test.each([0, 1, 2, 3, 5, 6, 60, 5_000])("after %i openings waits twice as long, never over a minute", (openings) => {
    const longest = Math.min(1_000 * 2 ** openings, longestBackoffMs);
    const waits = seeds.map(
      (seed) => openCircuit({ ...closedCircuit, openings }, "timeout", 0, new SeededDraws(seed)).retryAtMs,
    );
    expect(Math.max(...waits)).toBeLessThanOrEqual(longest);
    expect(Math.min(...waits)).toBeGreaterThan(longest / 2);
    // Gateways that saw the same outage must not all come back at once.
    expect(new Set(waits).size).toBeGreaterThan(100);
  });
});
