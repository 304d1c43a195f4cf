import fc from "fast-check";
import { expect, test } from "vitest";
import { ProviderBucket } from "./provider-bucket.ts";

test("says nothing before it was told anything", () => {
  const bucket = new ProviderBucket();
  bucket.take(1_000_000);
  expect(bucket.waitMs(1_000_000, 0)).toBe(0);
});

test("counts its own calls between two answers, and waits for the limit that is short", () => {
  const bucket = new ProviderBucket();
  bucket.learn({ unit: "requests", remaining: 2, size: null, resetsInMs: 3_000 }, 100);
  bucket.learn({ unit: "tokens", remaining: 1_000, size: null, resetsInMs: 500 }, 100);
  expect([bucket.waitMs(400, 100), bucket.waitMs(1_001, 200)]).toEqual([0, 400]);
  bucket.take(400);
  bucket.take(400);
  expect([bucket.waitMs(1, 200), bucket.waitMs(1, 3_100)]).toEqual([2_900, 0]);
  bucket.learn({ unit: "requests", remaining: 1, size: null, resetsInMs: 3_000 }, 200);
  expect(bucket.waitMs(200, 200)).toBe(0);
});

test("believes no limit for longer than a minute, whatever it is told", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ noNaN: true }),
      fc.nat(10_000),
      (remaining, resetsInMs, tokens) => {
        const bucket = new ProviderBucket();
        bucket.learn({ unit: "requests", remaining, size: null, resetsInMs }, 1_000);
        const waitMs = bucket.waitMs(tokens, 1_000);
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(60_000);
        expect(bucket.waitMs(tokens, 61_000)).toBe(0);
      },
    ),
  );
});

test("takes a limit of known size to come back evenly", () => {
  const bucket = new ProviderBucket();
  bucket.learn({ unit: "tokens", remaining: 0, size: 6_000, resetsInMs: 6_000 }, 0);
  expect([bucket.waitMs(1_000, 0), bucket.waitMs(1_000, 400), bucket.waitMs(1_000, 1_000)]).toEqual([1_000, 600, 0]);
  // More than the whole bucket waits for a full one.
  expect([bucket.waitMs(50_000, 0), bucket.waitMs(50_000, 6_000)]).toEqual([6_000, 0]);
});
