/** Days in UTC, both ends included. */
export interface DayRange {
  readonly from: string;
  readonly to: string;
}

const monthPattern = /^\d{4}-(?:0[1-9]|1[0-2])$/;

/** The month (UTC) of an instant, as "2026-10". */
export function monthOf(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 7);
}

/** First and last day of a month; of the present one where it is none. */
export function daysOfMonth(month: string | null, nowMs: number): DayRange {
  const known = month !== null && monthPattern.test(month) ? month : monthOf(nowMs);
  const [year = 0, number = 0] = known.split("-").map(Number);
  const lastDay = new Date(Date.UTC(year, number, 0)).toISOString().slice(0, 10);
  return { from: `${known}-01`, to: lastDay };
}

/** The last months, the present one first, for a choice. */
export function lastMonths(nowMs: number, count: number): { readonly value: string; readonly label: string }[] {
  const now = new Date(nowMs);
  const name = new Intl.DateTimeFormat("en", { month: "long", year: "numeric", timeZone: "UTC" });
  return Array.from({ length: count }, (_, back) => {
    const start = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back);
    return { value: monthOf(start), label: name.format(start) };
  });
}
