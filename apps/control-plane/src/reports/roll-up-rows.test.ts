import { describe, expect, it } from "vitest";
import { rollUpRows, wholeDays } from "./roll-up-rows.ts";

const at = (text: string) => new Date(`2026-03-${text}Z`);

describe("wholeDays", () => {
  it("leaves the hours before the first midnight and after the last", () => {
    expect(wholeDays({ from: at("01T05:00"), to: at("04T07:00") })).toEqual({
      from: at("02T00:00"),
      to: at("04T00:00"),
    });
    expect(wholeDays({ from: at("01T00:00"), to: at("02T00:00") })).toEqual({
      from: at("01T00:00"),
      to: at("02T00:00"),
    });
  });

  it("finds none in a range that touches midnight or lies within a day", () => {
    expect(wholeDays({ from: at("01T05:00"), to: at("02T00:00") })).toBeNull();
    expect(wholeDays({ from: at("01T05:00"), to: at("01T09:00") })).toBeNull();
  });
});

describe("rollUpRows", () => {
  it("covers every hour of the ranges once", () => {
    const { sql, values } = rollUpRows(
      "cost",
      [
        { from: at("01T05:00"), to: at("03T05:00") },
        { from: at("03T05:00"), to: at("03T08:00") },
      ],
      at("10T00:00"),
    );
    expect(sql.match(/cost_rollup_\w+/g)).toEqual([
      "cost_rollup_hour",
      "cost_rollup_hour",
      "cost_rollup_day",
      "cost_rollup_hour",
    ]);
    expect(values).toEqual([
      at("01T05:00"),
      at("02T00:00"),
      at("03T00:00"),
      at("03T05:00"),
      at("02T00:00"),
      at("03T00:00"),
      at("03T05:00"),
      at("03T08:00"),
    ]);
  });

  it("reads the day that is under way whole, from its own roll-up", () => {
    const { sql, values } = rollUpRows("spend", [{ from: at("01T05:00"), to: at("03T22:00") }], at("03T21:17"));
    expect(sql.match(/spend_rollup_\w+/g)).toEqual(["spend_rollup_hour", "spend_rollup_hour", "spend_rollup_day"]);
    expect(values).toEqual([
      at("01T05:00"),
      at("02T00:00"),
      at("04T00:00"),
      at("04T00:00"),
      at("02T00:00"),
      at("04T00:00"),
    ]);
  });
});
