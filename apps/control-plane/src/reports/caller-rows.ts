import { Prisma } from "@switchyard/database/generated/client";
import type { ReportRange } from "./report-range.ts";
import { throughToday, wholeDays } from "./roll-up-rows.ts";

const dimensions = Prisma.sql`organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id,
  provider_kind, model_id`;

/**
 * Who made how many calls, as a table with `requests`: whole days (UTC) of the range from their roll-up, the hours before
 * and after from the request log. A range that reaches `now` takes in the rest of its day, in which nothing has happened.
 */
export function callerRows({ from, to }: ReportRange, now: Date): Prisma.Sql {
  const days = wholeDays(throughToday({ from, to }, now));
  if (days === null) return Prisma.sql`(${logged(from, to)})`;
  return Prisma.sql`(
    SELECT ${dimensions}, requests FROM caller_rollup_day WHERE day >= ${days.from} AND day < ${days.to}
    UNION ALL ${logged(from, days.from)}
    UNION ALL ${logged(days.to, to)})`;
}

function logged(from: Date, to: Date): Prisma.Sql {
  return Prisma.sql`SELECT ${dimensions}, 1 AS requests FROM request_log WHERE started_at >= ${from} AND started_at < ${to}`;
}
