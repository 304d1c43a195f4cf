import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  latencyBucketBoundsMs,
  latencyBucketCount,
  latencyBucketIndex,
  quantileFromBuckets,
} from "./latency-buckets.ts";

function histogram(milliseconds: readonly number[]): number[] {
  const counts = Array.from({ length: latencyBucketCount }, () => 0);
  for (const value of milliseconds) counts[latencyBucketIndex(value)] = (counts[latencyBucketIndex(value)] ?? 0) + 1;
  return counts;
}

describe("the bounds", () => {
  it("are the ones that stored counts were made with", () => {
    expect(latencyBucketBoundsMs.slice(0, 12)).toEqual([1, 1.25, 1.6, 2, 2.5, 3.15, 4, 5, 6.3, 8, 10, 12.5]);
    expect(latencyBucketBoundsMs.slice(-3)).toEqual([2_500_000, 3_150_000, 4_000_000]);
    expect(latencyBucketCount).toBe(68);
  });

  it("ascend by 25 to 29 percent", () => {
    for (const [index, bound] of latencyBucketBoundsMs.entries()) {
      const next = latencyBucketBoundsMs[index + 1];
      const step = (next ?? bound * 1.26) / bound;
      expect(step).toBeGreaterThan(1.249);
      expect(step).toBeLessThan(1.29);
    }
  });
});

describe("latencyBucketIndex", () => {
  it.each([
    [0, 0],
    [1, 0],
    [1.000_001, 1],
    [1.25, 1],
    [10, 10],
    [10.1, 11],
    [4_000_000, 66],
    [4_000_001, 67],
  ])("of %d ms is %d", (milliseconds, index) => {
    expect(latencyBucketIndex(milliseconds)).toBe(index);
  });

  it.each([-1, Number.NaN, Number.POSITIVE_INFINITY])("refuses %d", (milliseconds) => {
    expect(() => latencyBucketIndex(milliseconds)).toThrow(RangeError);
  });
});

describe("quantileFromBuckets", () => {
  it("interpolates inside the bucket", () => {
    // All four in (8, 10]: the median has half of the bucket below it.
    expect(quantileFromBuckets(histogram([9, 9, 9, 9]), 0.5)).toBe(9);
    expect(quantileFromBuckets(histogram([9, 9, 9, 9]), 0.25)).toBe(8.5);
    expect(quantileFromBuckets(histogram([9, 9, 9, 9]), 1)).toBe(10);
  });

  it("takes bigint counts, as the database returns them", () => {
    expect(quantileFromBuckets(histogram([9, 9, 90, 90]).map(BigInt), 0.5)).toBe(10);
  });

  it("knows no more than the last bound beyond it", () => {
    expect(quantileFromBuckets(histogram([10_000_000]), 0.5)).toBe(4_000_000);
  });

  it("has no answer for nothing", () => {
    expect(quantileFromBuckets(histogram([]), 0.5)).toBeNull();
  });

  it.each([-0.1, 1.1, Number.NaN])("refuses quantile %d", (quantile) => {
    expect(() => quantileFromBuckets(histogram([1]), quantile)).toThrow(RangeError);
  });

  it("refuses a histogram of another length", () => {
    expect(() => quantileFromBuckets([1, 2, 3], 0.5)).toThrow(RangeError);
  });

  it("lies in the bucket of the true quantile and never falls as the quantile rises", () => {
    const values = fc.array(fc.double({ min: 0, max: 3_900_000, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (milliseconds, quantile) => {
        const counts = histogram(milliseconds);
        const sorted = milliseconds.toSorted((left, right) => left - right);
        const trueValue = sorted[Math.max(0, Math.ceil(quantile * sorted.length) - 1)] ?? 0;
        const estimate = quantileFromBuckets(counts, quantile) ?? Number.NaN;
        const bucket = latencyBucketIndex(trueValue);
        expect(estimate).toBeGreaterThanOrEqual(latencyBucketBoundsMs[bucket - 1] ?? 0);
        expect(estimate).toBeLessThanOrEqual(latencyBucketBoundsMs[bucket] ?? 0);
        expect(quantileFromBuckets(counts, quantile / 2) ?? Number.NaN).toBeLessThanOrEqual(estimate);
      }),
    );
  });
});
