import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { forecastMonthEnd } from "./forecast-month-end.ts";
import { formatUsd, picoUsd, type PicoUsd, sumPicoUsd } from "./pico-usd.ts";

const usd = (amount: number) => picoUsd(BigInt(amount) * 10n ** 12n);
const days = (...amounts: number[]) => amounts.map(usd);
const repeat = (times: number, week: readonly PicoUsd[]) => Array.from({ length: times }, () => week).flat();
const shown = (forecast: ReturnType<typeof forecastMonthEnd>) =>
  forecast && [forecast.lowPicoUsd, forecast.expectedPicoUsd, forecast.highPicoUsd].map((amount) => formatUsd(amount));

describe("forecastMonthEnd", () => {
  it("goes on as the days before where all are alike", () => {
    // June has 30 days: 15 are over at 10 dollars, 15 more to come.
    const forecast = forecastMonthEnd({
      completeDays: repeat(4, days(10, 10, 10, 10, 10, 10, 10)),
      monthToDatePicoUsd: usd(150),
      nowMs: Date.UTC(2026, 5, 16),
    });
    expect(shown(forecast)).toEqual(["300", "300", "300"]);
  });

  it("knows weekends, which a straight line does not", () => {
    // 2026-08-01 is a Saturday. On Monday the 3rd nothing is spent yet, so a line from the first ends at nothing; August
    // has 21 working days at 10 dollars. History is Monday to Sunday.
    const forecast = forecastMonthEnd({
      completeDays: repeat(4, days(10, 10, 10, 10, 10, 0, 0)),
      monthToDatePicoUsd: usd(0),
      nowMs: Date.UTC(2026, 7, 3),
    });
    expect(shown(forecast)).toEqual(["210", "210", "210"]);
  });

  it("follows the level of the last week, and spans the weeks looked at", () => {
    // The 24th: seven days are left, which are one week of 70, of 35, or of 140.
    const forecast = forecastMonthEnd({
      completeDays: [...repeat(7, days(5)), ...repeat(7, days(20)), ...repeat(7, days(10))],
      monthToDatePicoUsd: usd(100),
      nowMs: Date.UTC(2026, 5, 24),
    });
    expect(shown(forecast)).toEqual(["135", "170", "240"]);
  });

  it("counts what is left of today", () => {
    // The 30th at 18:00: a quarter of a day of 8 dollars.
    const forecast = forecastMonthEnd({
      completeDays: repeat(7, days(8)),
      monthToDatePicoUsd: usd(100),
      nowMs: Date.UTC(2026, 5, 30, 18),
    });
    expect(shown(forecast)).toEqual(["102", "102", "102"]);
  });

  it("says nothing by less than a week, and nothing more where spending has stopped", () => {
    const nowMs = Date.UTC(2026, 5, 16);
    expect(forecastMonthEnd({ completeDays: repeat(6, days(9)), monthToDatePicoUsd: usd(54), nowMs })).toBeNull();
    const stopped = forecastMonthEnd({ completeDays: repeat(28, days(0)), monthToDatePicoUsd: usd(3), nowMs });
    expect(shown(stopped)).toEqual(["3", "3", "3"]);
  });

  it("is exact where weeks repeat, whatever day it is and however the month begins", () => {
    const weekly = days(0, 10, 10, 10, 10, 10, 0);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 3, max: 27 }), (month, dayOfMonth) => {
        const spendOn = (atMs: number) => weekly[new Date(atMs).getUTCDay()]!;
        const range = (fromMs: number, toMs: number) =>
          Array.from({ length: (toMs - fromMs) / 86_400_000 }, (_, index) => spendOn(fromMs + index * 86_400_000));
        const start = Date.UTC(2025, month);
        const nowMs = Date.UTC(2025, month, dayOfMonth);
        const monthToDatePicoUsd = sumPicoUsd(range(start, nowMs));
        const forecast = forecastMonthEnd({
          completeDays: range(nowMs - 28 * 86_400_000, nowMs),
          monthToDatePicoUsd,
          nowMs,
        });
        expect(forecast?.expectedPicoUsd).toBe(sumPicoUsd(range(start, Date.UTC(2025, month + 1))));
      }),
    );
  });

  it("never forecasts less than is spent to the cent, and keeps low, expected and high in order", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 20n }).map(picoUsd);
    fc.assert(
      fc.property(fc.array(amount, { minLength: 7, maxLength: 40 }), amount, fc.nat(40_000_000_000), (completeDays, monthToDate, offset) => {
        const forecast = forecastMonthEnd({ completeDays, monthToDatePicoUsd: monthToDate, nowMs: Date.UTC(2026, 0) + offset })!;
        expect(forecast.lowPicoUsd).toBeGreaterThan(monthToDate - 10n ** 10n);
        expect(forecast.expectedPicoUsd).toBeGreaterThanOrEqual(forecast.lowPicoUsd);
        expect(forecast.highPicoUsd).toBeGreaterThanOrEqual(forecast.expectedPicoUsd);
      }),
    ); // prettier-ignore
  });
});
