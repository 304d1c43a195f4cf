import { describe, expect, it } from "vitest";
import { Dice } from "./dice.ts";

const draws = (dice: Dice): number[] => Array.from({ length: 5 }, () => dice.nextUint32());

describe("Dice", () => {
  it("repeats itself from the same words and salt, and from no others", () => {
    const first = draws(new Dice([1, 2, 3, 4], 7));
    expect(draws(new Dice([1, 2, 3, 4], 7))).toEqual(first);
    expect(draws(new Dice([1, 2, 3, 4], 8))).not.toEqual(first);
    expect(draws(new Dice([1, 2, 3, 5], 7))).not.toEqual(first);
  });

  it("spreads fractions evenly, also the first ones of neighbouring salts", () => {
    const firsts = Array.from({ length: 10_000 }, (_, salt) => new Dice([9, 9, 9, 9], salt).nextFraction());
    for (const share of [0.1, 0.5, 0.9]) {
      expect(firsts.filter((fraction) => fraction < share).length / firsts.length).toBeCloseTo(share, 1);
    }
  });

  it("reaches both ends of an integer range and nothing outside", () => {
    const dice = new Dice([4, 3, 2, 1]);
    const seen = new Set(Array.from({ length: 500 }, () => dice.nextInteger(-1, 2)));
    expect([...seen].toSorted((left, right) => left - right)).toEqual([-1, 0, 1, 2]);
  });

  it("makes identifiers of 24 hexadecimal digits", () => {
    expect(new Dice([1, 1, 1, 1]).nextHex()).toMatch(/^[0-9a-f]{24}$/);
  });
});
