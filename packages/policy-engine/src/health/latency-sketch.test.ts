import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LatencySketch } from "./latency-sketch.ts";

describe("LatencySketch", () => {
  test("knows nothing before the first duration", () => {
    expect(new LatencySketch().quantile(0.5)).toBeNull();
    expect(new LatencySketch().samplesAt(1_000)).toBe(0);
  });

  test("is off by at most a bucket, for any durations", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 600_000 }), { minLength: 1, maxLength: 200 }),
        fc.constantFrom(0.5, 0.95, 0.99),
        (durations, quantile) => {
          const sketch = new LatencySketch();
          for (const duration of durations) sketch.add(duration, 0);
          const exact = durations.toSorted((a, b) => a - b)[Math.ceil(quantile * durations.length) - 1]!;
          expect(sketch.quantile(quantile)! / exact).toBeGreaterThan(0.78);
          expect(sketch.quantile(quantile)! / exact).toBeLessThan(1.28);
        },
      ),
    );
  });

  test("forgets: what is four half-lives old no longer decides, and after days the numbers are still finite", () => {
    const sketch = new LatencySketch();
    for (let call = 0; call < 100; call++) sketch.add(1_000, 0);
    const laterMs = 480_000;
    expect(sketch.samplesAt(laterMs)).toBeCloseTo(100 / 16);
    for (let call = 0; call < 10; call++) sketch.add(100, laterMs);
    expect(sketch.quantile(0.5)).toBeLessThan(130);
    for (let day = 1; day < 30; day++) sketch.add(100 * day, laterMs + day * 86_400_000);
    expect(sketch.quantile(0.5)).toBeGreaterThan(2_400);
    expect(sketch.samplesAt(laterMs + 29 * 86_400_000)).toBeCloseTo(1);
  });
});
