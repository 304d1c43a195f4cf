import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SeededDraws } from "./seeded-draws.ts";

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("SeededDraws", () => {
  test("stays in range, and repeats itself for the same seed", () => {
    fc.assert(
      fc.property(
        seed,
        fc.array(fc.integer({ min: 1, max: 2 ** 32 }), { minLength: 1, maxLength: 20 }),
        (start, bounds) => {
          const draw = (): number[] => {
            const draws = new SeededDraws(start);
            return bounds.map((bound) => draws.below(bound));
          };
          const drawn = draw();
          expect(drawn.every((value, index) => Number.isInteger(value) && value >= 0 && value < bounds[index]!)).toBe(
            true,
          );
          expect(draw()).toEqual(drawn);
        },
      ),
    );
  });

  // Seeds in steps across the whole range stand for all of them: the generator is a bijection.
  test.each([2, 3, 7, 10, 100])("gives each of %i numbers its part, for first and later draws alike", (bound) => {
    const runs = 60_000;
    const counts = Array.from({ length: 3 }, () => Array.from({ length: bound }, () => 0));
    for (let run = 0; run < runs; run++) {
      const draws = new SeededDraws(Math.floor((run * 2 ** 32) / runs));
      for (const ofDraw of counts) ofDraw[draws.below(bound)]! += 1;
    }
    const expected = runs / bound;
    for (const ofDraw of counts) {
      const chiSquare = ofDraw.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
      // Beyond mean + 5 standard deviations of the distribution with bound - 1 degrees of freedom.
      expect(chiSquare).toBeLessThan(bound - 1 + 5 * Math.sqrt(2 * (bound - 1)));
    }
  });
});
