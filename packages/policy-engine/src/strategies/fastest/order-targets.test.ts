import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededDraws } from "../../routing/seeded-draws.ts";
import { sampleCandidate, sampleOrdering, sampleSpeeds } from "../../testing/sample-ordering.ts";
import { orderBySpeed } from "./order-targets.ts";

const config = { type: "fastest", explorePercent: 10 } as const;
const steady = (milliseconds: number): number[] => Array.from({ length: 6 }, () => milliseconds);
const candidatesOf = (...suffixes: string[]) => suffixes.map((suffix) => sampleCandidate(suffix, null));

/** How often each target comes first over seeds in steps across the whole range. */
function firsts(input: ReturnType<typeof sampleOrdering>, runs = 2_000): Record<string, number> {
  const counts: Record<string, number> = {};
  for (let run = 0; run < runs; run++) {
    const draws = new SeededDraws(Math.floor((run * 2 ** 32) / runs));
    const id = orderBySpeed({ ...input, draws }, config).ordered[0]!.target.targetId;
    counts[id] = (counts[id] ?? 0) + 1 / runs;
  }
  return counts;
}

describe("orderBySpeed", () => {
  test("takes the faster of two, and the others by speed as fallbacks", () => {
    const health = sampleSpeeds({ 0: steady(400), 1: steady(100) });
    const { ordered, because } = orderBySpeed(sampleOrdering(candidatesOf("0", "1"), { health }), config);
    expect(ordered.map(({ target }) => target.targetId)).toEqual(["t1", "t0"]);
    expect(because.map(({ text }) => text)).toEqual([
      "Chose c1 / m1: half of its recent answers began within 90 ms.",
      "Next in line is c0 / m0: half of its recent answers began within 358 ms.",
    ]);
  });

  test("spreads calls over the faster ones and never sends one to the slowest first", () => {
    const health = sampleSpeeds({ 0: steady(100), 1: steady(200), 2: steady(400), 3: steady(800) });
    const shares = firsts(sampleOrdering(candidatesOf("0", "1", "2", "3"), { health }));
    // Of the six pairs, the fastest is in three, the second is the faster in two, the third in one.
    expect(shares["t0"]).toBeCloseTo(3 / 6, 1);
    expect(shares["t1"]).toBeCloseTo(2 / 6, 1);
    expect(shares["t2"]).toBeCloseTo(1 / 6, 1);
    expect(shares["t3"]).toBeUndefined();
  });

  test("by the 99th percentile, prefers a steady target to one that is usually faster and sometimes late", () => {
    const often = (milliseconds: number) => Array.from({ length: 60 }, () => milliseconds);
    const health = sampleSpeeds({ 0: [...often(50), ...steady(2_000)], 1: often(200) });
    const input = sampleOrdering(candidatesOf("0", "1"), { health });
    const firstBy = (percentile: 50 | 99) => orderBySpeed(input, { ...config, percentile }).because[0]?.text;
    expect(firstBy(50)).toBe("Chose c0 / m0: half of its recent answers began within 46 ms.");
    expect(firstBy(99)).toMatch(/^Chose c1 \/ m1: 99 % of its recent answers began within \d+ ms\.$/);
  });

  test("believes a 99th percentile of fifty answers, not of five", () => {
    const codeAfter = (answers: number) => {
      const health = sampleSpeeds({ 0: Array.from({ length: answers }, () => 100) });
      const input = sampleOrdering(candidatesOf("0"), { health });
      return orderBySpeed(input, { ...config, percentile: 99 }).because[0]?.code;
    };
    expect([codeAfter(5), codeAfter(50)]).toEqual(["fastest_exploration", "fastest_choice"]);
  });

  test("learns of unknown targets with the share that it is given, and says so", () => {
    const health = sampleSpeeds({ 0: steady(100), 1: [100, 100, 100, 100] });
    const input = sampleOrdering(candidatesOf("0", "1"), { health });
    expect(firsts(input)["t1"]).toBeCloseTo(0.1, 1);
    const nothingKnown = orderBySpeed(sampleOrdering(candidatesOf("0")), config);
    expect(nothingKnown.because[0]).toEqual({
      code: "fastest_exploration",
      text: "Chose c0 / m0 to learn how fast it is.",
    });
  });

  test("forgets what is long past, and does not judge whole answers by streams", () => {
    const health = { ...sampleSpeeds({ 0: steady(100) }), nowMs: 600_000 };
    const code = (input: Partial<ReturnType<typeof sampleOrdering>>) =>
      orderBySpeed(sampleOrdering(candidatesOf("0"), input), config).because[0]?.code;
    expect(code({ health })).toBe("fastest_exploration");
    const { features } = sampleOrdering([]);
    expect(code({ health: { ...health, nowMs: 0 } })).toBe("fastest_choice");
    expect(code({ health: { ...health, nowMs: 0 }, features: { ...features, stream: false } })).toBe(
      "fastest_exploration",
    );
  });

  test("names each candidate at most once, as many as are wanted, and repeats itself for the same seed", () => {
    const times = fc.array(fc.integer({ min: 1, max: 10_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(
        fc.array(times, { maxLength: 8 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer(),
        (speeds, count, seed) => {
          const candidates = candidatesOf(...speeds.map((_, index) => String(index)));
          const health = sampleSpeeds(Object.fromEntries(speeds.entries()));
          const order = () =>
            orderBySpeed(sampleOrdering(candidates, { count, health, draws: new SeededDraws(seed) }), config);
          const { ordered, because } = order();
          expect(new Set(ordered).size).toBe(Math.min(count, candidates.length));
          expect(ordered.every((candidate) => candidates.includes(candidate))).toBe(true);
          expect(because).toHaveLength(ordered.length);
          expect(order()).toEqual({ ordered, because });
        },
      ),
    );
  });
});
