/** The statements that compare roll-ups of a day with what they sum, and write one anew. $1 and $2 are the day's ends. */
import { type SourceName, sources } from "./roll-up-sources.ts";
import type { RollUp } from "./roll-ups.ts";

const asQueries = (names: readonly SourceName[]) => names.map((name) => `${name} AS (${sources[name]})`).join(",\n");
// In the order in which one reads another; those that nothing asks for are not run.
const allSources = `WITH ${asQueries(Object.keys(sources) as SourceName[])}`;

const timeIn = ({ time }: RollUp) => (time === "hour" ? "hour" : "date_trunc('day', hour, 'UTC') AS day");

function totalsOf({ sums, histograms }: RollUp): string {
  return [
    ...sums.map((column) => `sum(${column}) AS ${column}`),
    ...histograms.map((column) => `rollup_sum_buckets(${column}) AS ${column}`),
  ].join(", ");
}

function comparisonOf(rollUp: RollUp): string {
  const { table, time, keys, sums, histograms, source } = rollUp;
  const groups = [time, ...keys].join(", ");
  const grouping = `GROUP BY ${[1, ...keys].join(", ")}`;
  // A group that is not there is one of zeros.
  const differs = [
    ...sums.map((column) => `coalesce(raw.${column}, 0) <> coalesce(rolled.${column}, 0)`),
    ...histograms.map((column) => `coalesce(raw.${column}, '{}') <> coalesce(rolled.${column}, '{}')`),
  ].join(" OR ");
  return `
    SELECT '${table}' AS roll_up, count(*) AS groups, count(*) FILTER (WHERE ${differs}) AS differing
    FROM (SELECT ${timeIn(rollUp)}, ${keys.join(", ")}, ${totalsOf(rollUp)} FROM ${source} ${grouping}) AS raw
    FULL JOIN (
      SELECT ${groups}, ${totalsOf(rollUp)} FROM ${table}
      WHERE ${time} >= $1::timestamptz AND ${time} < $2::timestamptz ${grouping}
    ) AS rolled USING (${groups})`;
}

/** Answers `roll_up, groups, differing` for each: one statement, so one snapshot. */
export function compareRollUps(rollUps: readonly RollUp[]): string {
  return `${allSources} ${rollUps.map(comparisonOf).join(" UNION ALL ")}`;
}

/**
 * To be run one after the other in a transaction. The lock makes whoever is writing such rows finish first, and whoever comes
 * later add to what is written here.
 */
export function remakeRollUp(rollUp: RollUp): { readonly lock: string; readonly clear: string; readonly fill: string } {
  const { table, time, keys, carried, sums, histograms, source } = rollUp;
  const columns = [time, ...keys, ...carried, ...sums, ...histograms].join(", ");
  const selected = [timeIn(rollUp), ...keys, ...carried.map((column) => `min(${column})`), totalsOf(rollUp)].join(", ");
  return {
    lock: `LOCK TABLE ${table} IN SHARE ROW EXCLUSIVE MODE`,
    clear: `DELETE FROM ${table} WHERE ${time} >= $1::timestamptz AND ${time} < $2::timestamptz`,
    fill: `${allSources} INSERT INTO ${table} (${columns}) SELECT ${selected} FROM ${source} GROUP BY ${[1, ...keys].join(", ")}`,
  };
}
