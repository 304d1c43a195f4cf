/** The period that a cost report covers. Months and days are UTC, as in the ledger, so that two people see one figure. */
export const periodPresets = ["this-month", "last-month", "custom"] as const;
export type PeriodPreset = (typeof periodPresets)[number];

export interface Period {
  readonly preset: PeriodPreset;
  /** ISO instants on whole hours, end exclusive. */
  readonly from: string;
  readonly to: string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const isoDay = /^\d{4}-\d{2}-\d{2}$/;

/** Days are inclusive on both ends. A custom period that is not one becomes this month. */
export function resolvePeriod(
  preset: PeriodPreset,
  firstDay: string | null,
  lastDay: string | null,
  nowMs: number,
): Period {
  const now = new Date(nowMs);
  const monthStart = (offset: number) => Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1);
  const between = (from: number, to: number): Period => ({
    preset,
    from: new Date(from).toISOString(),
    to: new Date(to).toISOString(),
  });
  if (preset === "last-month") return between(monthStart(-1), monthStart(0));
  if (preset === "custom" && firstDay !== null && lastDay !== null) {
    const from = startOfDay(firstDay);
    const until = startOfDay(lastDay);
    if (from !== null && until !== null && from <= until) return between(from, until + dayMs);
  }
  // To the end of the running hour: the report's smallest step.
  const nextHour = (Math.floor(nowMs / hourMs) + 1) * hourMs;
  return { ...between(monthStart(0), nextHour), preset: "this-month" };
}

function startOfDay(day: string): number | null {
  const time = isoDay.test(day) ? Date.parse(`${day}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });

/** "1 Nov 2026 – 21 Nov 2026, UTC". */
export function showPeriod({ from, to }: Period): string {
  return `${day.format(new Date(from))} – ${day.format(new Date(Date.parse(to) - 1))}, UTC`;
}
