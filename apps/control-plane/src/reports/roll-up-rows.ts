import { Prisma } from "@switchyard/database/generated/client";
import type { ReportRange } from "./report-range.ts";

const dayMs = 86_400_000;
const tables = {
  cost: { hourly: Prisma.sql`cost_rollup_hour`, daily: Prisma.sql`cost_rollup_day` },
  request: { hourly: Prisma.sql`request_rollup_hour`, daily: Prisma.sql`request_rollup_day` },
};
/** The columns of the daily tables are those of the hourly ones, in their order. */
const everything = Prisma.sql`SELECT *`;

/**
 * Roll-ups of whole hours as a table: each range's whole days (UTC) from the daily roll-ups, what is left of it from the
 * hourly ones. `hour` is when the hour or day of a row begins, so nothing may be cut finer than the ranges; ranges do not
 * overlap.
 */
export function rollUpRows(kind: keyof typeof tables, ranges: readonly ReportRange[]): Prisma.Sql {
  const { hourly, daily } = tables[kind];
  const parts = ranges.flatMap((range) => {
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
export function hourlyRows(kind: keyof typeof tables, range: ReportRange): Prisma.Sql {
  return Prisma.sql`(${hours(tables[kind].hourly, range)})`;
}

function hours(table: Prisma.Sql, { from, to }: ReportRange): Prisma.Sql {
  return Prisma.sql`${everything} FROM ${table} WHERE hour >= ${from} AND hour < ${to}`;
}

/** Null where the range holds no whole day. */
export function wholeDays({ from, to }: ReportRange): ReportRange | null {
  const first = Math.ceil(from.getTime() / dayMs) * dayMs;
  const end = Math.floor(to.getTime() / dayMs) * dayMs;
  return first < end ? { from: new Date(first), to: new Date(end) } : null;
}
