import { describe, expect, it } from "vitest";
import { anomaliesOf, everyDay, rankSpenders } from "./month-in-review.ts";
import { parseUsd, picoUsd } from "./pico-usd.ts";

const spender = (name: string, cost: bigint) => ({ id: name, name, costPicoUsd: cost.toString() });

describe("ranking spenders", () => {
  it("keeps the dearest ten and sums the others, so that nothing is missing", () => {
    const spenders = Array.from({ length: 13 }, (_, index) => spender(`s${index}`, BigInt(index)));
    const { top, others } = rankSpenders(spenders);
    expect(top.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, index) => `s${12 - index}`));
    expect(others).toEqual({ count: 3, costPicoUsd: "3" });
  });

  it("orders equal amounts by name, and amounts beyond a number's precision by their last digit", () => {
    const huge = 10n ** 20n;
    const { top } = rankSpenders([spender("b", huge), spender("a", huge), spender("c", huge + 1n)]);
    expect(top.map(({ name }) => name)).toEqual(["c", "a", "b"]);
  });
});

it("lists every day of the range, over the end of a month and a change of clocks", () => {
  const days = everyDay(new Map([["2026-03-29", picoUsd(5n)]]), "2026-03-28", "2026-04-01");
  expect(days.map(({ day, costPicoUsd }) => `${day} ${costPicoUsd}`)).toEqual([
    "2026-03-28 0",
    "2026-03-29 5",
    "2026-03-30 0",
    "2026-03-31 0",
    "2026-04-01 0",
  ]);
});

describe("days out of the ordinary", () => {
  const usd = (amount: string) => parseUsd(amount);
  const daysOf = (amounts: readonly string[]) =>
    amounts.map((amount, index) => ({
      day: `2026-05-${String(index + 1).padStart(2, "0")}`,
      costPicoUsd: usd(amount).toString(),
    }));
  const quietMonth = Array.from({ length: 28 }, () => usd("3"));

  it("names a spike on its day, and no other day for it", () => {
    const days = daysOf(["3", "3", "300", "3", "3"]);
    expect(anomaliesOf(quietMonth, days)).toEqual([
      { day: "2026-05-03", kind: "spike", actualPicoUsd: usd("300").toString(), usualPicoUsd: usd("3").toString() },
    ]);
  });

  it("names growth once, on the first day on which the week before it shows", () => {
    const anomalies = anomaliesOf(quietMonth, daysOf(Array.from({ length: 14 }, () => "5.5")));
    expect(anomalies.map(({ kind }) => kind)).toEqual(["growth"]);
  });

  it("says nothing without a history to judge by", () => {
    expect(anomaliesOf([], daysOf(["1", "500", "1"]))).toEqual([]);
  });
});
