import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { picoUsd, type PicoUsd } from "./pico-usd.ts";
import { findSpendAnomaly } from "./spend-anomaly.ts";

const cents = (amount: number) => picoUsd(BigInt(amount) * 10n ** 10n);
const days = (...amounts: number[]) => amounts.map((dollars) => cents(dollars * 100));
const repeat = (times: number, week: readonly PicoUsd[]) => Array.from({ length: times }, () => week).flat();

describe("findSpendAnomaly", () => {
  it("finds a stress test", () => {
    const completeDays = [...repeat(4, days(10, 11, 9, 10, 12, 8, 10)), cents(9_000)];
    expect(findSpendAnomaly(completeDays)).toEqual({
      kind: "spike",
      actualPicoUsd: cents(9_000),
      usualPicoUsd: cents(1_000),
    });
  });

  it("finds growth that no single day explains", () => {
    const completeDays = [...repeat(28, days(10)), ...days(14, 15, 16, 17, 17, 18, 18)];
    expect(findSpendAnomaly(completeDays)).toEqual({
      kind: "growth",
      actualPicoUsd: cents(11_500),
      usualPicoUsd: cents(7_000),
    });
  });

  it.each<[string, readonly PicoUsd[]]>([
    ["a quiet team", repeat(35, days(10))],
    ["working days and weekends", [...repeat(4, days(0, 0, 10, 10, 10, 10, 10)), cents(0)]],
    ["Monday after the weekend", [...repeat(4, days(10, 10, 10, 10, 10, 0, 0)), cents(1_000)]],
    ["the weekly batch, on its day", [...repeat(4, days(200, 1, 1, 1, 1, 1, 1)), cents(21_000)]],
    ["twice the usual, but pennies", [...repeat(28, [cents(2)]), cents(90)]],
    ["a noisy team on a loud day", [...repeat(4, days(5, 30, 10, 45, 2, 25, 15)), cents(6_000)]],
    ["no more than twice the usual", [...repeat(28, days(10)), cents(2_000)]],
    ["a team that stopped", [...repeat(28, days(10)), ...repeat(7, days(0))]],
    ["a spike that is a week old", [...repeat(28, days(10)), ...days(90, 10, 10, 10, 10, 10, 10, 10)]],
    ["a spike of this week, which is no growth", [...repeat(28, days(10)), ...days(10, 10, 90, 10, 10, 10, 10)]],
    ["a team in its second week", [...repeat(13, days(1)), cents(90_000)]],
    ["nobody", []],
  ])("leaves %s alone", (_name, completeDays) => {
    expect(findSpendAnomaly(completeDays)).toBeNull();
  });

  it("judges from the fifteenth day on", () => {
    expect(findSpendAnomaly([...repeat(14, days(1)), cents(90_000)])).toMatchObject({ kind: "spike" });
  });

  it("never flags what repeats exactly week by week, whatever the week looks like", () => {
    const week = fc.array(fc.nat(1_000_000).map(cents), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(week, fc.nat(6), (pattern, offset) => {
        expect(findSpendAnomaly(repeat(6, pattern).slice(offset))).toBeNull();
      }),
    );
  });

  it("never flags a rise that nobody would notice on the bill", () => {
    const amount = fc.nat(50).map(cents);
    fc.assert(
      fc.property(fc.array(amount, { maxLength: 40 }), (completeDays) => {
        expect(findSpendAnomaly(completeDays)).toBeNull();
      }),
    );
  });
});
