import { picoUsd, type PicoUsd } from "./pico-usd.ts";

export interface SpendSoFar {
  /** Spend of each complete day (UTC) up to yesterday, oldest first, from the first day there was any. */
  readonly completeDays: readonly PicoUsd[];
  /** Spend since the month began, today included. */
  readonly monthToDatePicoUsd: PicoUsd;
  /** Epoch ms. */
  readonly nowMs: number;
}

/** Estimates, not amounts of the ledger: whole cents, rounded down. */
export interface MonthEndForecast {
  readonly expectedPicoUsd: PicoUsd;
  /** If the rest of the month goes like the cheapest, and like the dearest, of the weeks looked at. */
  readonly lowPicoUsd: PicoUsd;
  readonly highPicoUsd: PicoUsd;
}

const dayMs = 86_400_000;
const daysPerWeek = 7;
const mostWeeks = 4;
const centPicoUsd = 10n ** 10n;

/**
 * Spend at the end of the calendar month (UTC): what is spent, and for what is left of the month the last complete week
 * as the level, spread over weekdays as the last four weeks were. A straight line from the first of the month is wrong
 * on every month that begins on a weekend; a week is the shortest stretch that is like the next. Null with less than a
 * week of history, from which nothing can be said.
 */
export function forecastMonthEnd({ completeDays, monthToDatePicoUsd, nowMs }: SpendSoFar): MonthEndForecast | null {
  const weeks = Math.min(mostWeeks, Math.floor(completeDays.length / daysPerWeek));
  if (weeks === 0) return null;
  const days = completeDays.slice(-weeks * daysPerWeek);
  const byWeek = Array.from({ length: weeks }, (_, week) =>
    sum(days.slice(week * daysPerWeek, (week + 1) * daysPerWeek)),
  );
  // Weeks end yesterday, so the first day of each is the weekday that today is.
  const byWeekday = Array.from({ length: daysPerWeek }, (_, weekday) =>
    sum(days.filter((_day, index) => index % daysPerWeek === weekday)),
  );
  const whole = sum(days);
  const share = shareOfRest(byWeekday, nowMs);
  const withWeekOf = (level: bigint) => {
    const rest = whole === 0n ? 0n : (level * share) / (whole * BigInt(dayMs));
    return picoUsd(((monthToDatePicoUsd + rest) / centPicoUsd) * centPicoUsd);
  };
  return {
    expectedPicoUsd: withWeekOf(byWeek.at(-1) ?? 0n),
    lowPicoUsd: withWeekOf(byWeek.reduce((low, week) => (week < low ? week : low))),
    highPicoUsd: withWeekOf(byWeek.reduce((high, week) => (week > high ? week : high))),
  };
}

/** The weekdays' sums over the rest of the month, each weighted by how many ms of it are left. */
function shareOfRest(byWeekday: readonly bigint[], nowMs: number): bigint {
  const now = new Date(nowMs);
  const endMs = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1);
  const todayMs = Math.floor(nowMs / dayMs) * dayMs;
  let share = 0n;
  for (let startMs = todayMs, weekday = 0; startMs < endMs; startMs += dayMs, weekday += 1) {
    const leftMs = startMs + dayMs - Math.max(startMs, nowMs);
    share += (byWeekday[weekday % daysPerWeek] ?? 0n) * BigInt(leftMs);
  }
  return share;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
