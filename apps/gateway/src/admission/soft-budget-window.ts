/// <reference lib="esnext.temporal" />
/**
 * In which window of a soft budget an instant lies. Soft budgets lease nothing, so the database does not tell; the rules
 * are those of its `quota_window_bounds`, which a test compares.
 */
import type { Quota } from "@switchyard/metering/quota";

interface Window {
  readonly startMs: number;
  readonly endMs: number;
}

const minuteMs = 60_000;

export class SoftBudgetWindows {
  readonly #windows = new WeakMap<Quota, Window>();

  /** Start of the window (epoch ms); 0 for a budget without a period. */
  windowStartMs(quota: Quota, atMs: number): number {
    const known = this.#windows.get(quota);
    if (known !== undefined && atMs >= known.startMs && atMs < known.endMs) return known.startMs;
    const window = windowOf(quota, atMs);
    this.#windows.set(quota, window);
    return window.startMs;
  }
}

export function windowOf({ period, timeZone }: Pick<Quota, "period" | "timeZone">, atMs: number): Window {
  if (period === "total" || period === "concurrent") return { startMs: 0, endMs: Infinity };
  if (period === "minute") {
    const startMs = Math.floor(atMs / minuteMs) * minuteMs;
    return { startMs, endMs: startMs + minuteMs };
  }
  const day = Temporal.Instant.fromEpochMilliseconds(Math.floor(atMs)).toZonedDateTimeISO(timeZone).toPlainDate();
  const first = {
    day,
    week: day.subtract({ days: day.dayOfWeek - 1 }),
    month: day.with({ day: 1 }),
  }[period];
  const next = first.add({ day: { days: 1 }, week: { weeks: 1 }, month: { months: 1 } }[period]);
  return { startMs: startOfDayMs(first, timeZone), endMs: startOfDayMs(next, timeZone) };
}

function startOfDayMs(day: Temporal.PlainDate, timeZone: string): number {
  return day.toZonedDateTime(timeZone).epochMilliseconds;
}
