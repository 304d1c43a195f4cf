import { Prisma } from "@switchyard/database/generated/client";
import type { ReportRange } from "./report-range.ts";

const dayMs = 86_400_000;
const tables = {
  /** Spend by everything that is known of it: what exports are written from. */
  cost: { hourly: Prisma.sql`cost_rollup_hour`, daily: Prisma.sql`cost_rollup_day` },
  /** Spend without people and tags. */
  spend: { hourly: Prisma.sql`spend_rollup_hour`, daily: Prisma.sql`spend_rollup_day` },
  /** Spend and calls of one user or with one tag of a key. */
  attribution: { hourly: Prisma.sql`attribution_rollup_hour`, daily: Prisma.sql`attribution_rollup_day` },
  /** Calls of a key. */
  request: { hourly: Prisma.sql`request_rollup_hour`, daily: Prisma.sql`request_rollup_day` },
  /** How calls were served, whoever made them. */
  service: { hourly: Prisma.sql`service_rollup_hour`, daily: Prisma.sql`service_rollup_day` },
  /** What the entries of the ledger are. */
  ledger: { hourly: Prisma.sql`ledger_rollup_hour`, daily: Prisma.sql`ledger_rollup_day` },
};
export type RollUp = keyof typeof tables;
/** The columns of the daily tables are those of the hourly ones, in their order. */
const everything = Prisma.sql`SELECT *`;

/**
 * Roll-ups of whole hours as a table: each range's whole days (UTC) from the daily roll-ups, what is left of it from the
 * hourly ones. `hour` is when the hour or day of a row begins, so nothing may be cut finer than the ranges; ranges do not
 * overlap. A range that reaches `now` takes in the rest of its day.
 */
export function rollUpRows(rollUp: RollUp, ranges: readonly ReportRange[], now: Date): Prisma.Sql {
  const { hourly, daily } = tables[rollUp];
  const parts = ranges
    .map((whole) => throughToday(whole, now))
    .flatMap((range) => {
      const days = wholeDays(range);
      if (days === null) return [hours(hourly, range)];
      return [
        hours(hourly, { from: range.from, to: days.from }),
        hours(hourly, { from: days.to, to: range.to }),
        Prisma.sql`${everything} FROM ${daily} WHERE day >= ${days.from} AND day < ${days.to}`,
      ];
    });
  return Prisma.sql`(${Prisma.join(parts, " UNION ALL ")})`;
}

/** The same where rows are told apart by the hour. */
export function hourlyRows(rollUp: RollUp, range: ReportRange): Prisma.Sql {
  return Prisma.sql`(${hours(tables[rollUp].hourly, range)})`;
}

function hours(table: Prisma.Sql, { from, to }: ReportRange): Prisma.Sql {
  return Prisma.sql`${everything} FROM ${table} WHERE hour >= ${from} AND hour < ${to}`;
}

/** A range that reaches `now`, with the rest of its day, in which nothing has happened: so the day is a whole one. */
export function throughToday({ from, to }: ReportRange, now: Date): ReportRange {
  return { from, to: to < now ? to : new Date(Math.ceil(to.getTime() / dayMs) * dayMs) };
}

/** Null where the range holds no whole day. */
export function wholeDays({ from, to }: ReportRange): ReportRange | null {
  const first = Math.ceil(from.getTime() / dayMs) * dayMs;
  const end = Math.floor(to.getTime() / dayMs) * dayMs;
  return first < end ? { from: new Date(first), to: new Date(end) } : null;
}
