import type { Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";

let server: EmbeddedDatabase;
let owner: Pool;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  owner = createConnectionPool({
    connectionString: await server.createMigratedDatabase(),
    poolSize: 2,
    statementTimeoutMs: 60_000,
  });
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});

async function bounds(period: string, timeZone: string, instant: string): Promise<[string, string | null]> {
  const { rows } = await owner.query<{ start: Date; end: Date | null }>(
    `SELECT window_start AS start, window_end AS end FROM quota_window_bounds($1, $2, $3)`,
    [period, timeZone, instant],
  );
  const { start, end } = rows[0]!;
  return [start.toISOString().replace(".000Z", "Z"), end?.toISOString().replace(".000Z", "Z") ?? null];
}

describe("the window of an instant", () => {
  test.each([
    ["total", "Europe/Berlin", "2026-11-21T12:34:56Z", "1970-01-01T00:00:00Z", null],
    ["concurrent", "UTC", "2026-11-21T12:34:56Z", "1970-01-01T00:00:00Z", null],
    ["minute", "UTC", "2026-11-21T12:34:56Z", "2026-11-21T12:34:00Z", "2026-11-21T12:35:00Z"],
    ["minute", "Asia/Kathmandu", "2026-11-21T12:34:00Z", "2026-11-21T12:34:00Z", "2026-11-21T12:35:00Z"],
    ["day", "UTC", "2026-11-21T23:59:59.999Z", "2026-11-21T00:00:00Z", "2026-11-22T00:00:00Z"],
    ["day", "UTC", "2026-11-22T00:00:00Z", "2026-11-22T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["day", "Asia/Kathmandu", "2026-11-21T18:20:00Z", "2026-11-21T18:15:00Z", "2026-11-22T18:15:00Z"],
    // Clocks go forward: a day of 23 hours. Clocks go back: one of 25.
    ["day", "Europe/Berlin", "2026-03-29T12:00:00Z", "2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z"],
    ["day", "Europe/Berlin", "2026-10-25T12:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
    ["day", "America/New_York", "2026-11-01T12:00:00Z", "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z"],
    // By half an hour only.
    ["day", "Australia/Lord_Howe", "2026-04-04T20:00:00Z", "2026-04-04T13:00:00Z", "2026-04-05T13:30:00Z"],
    // Midnight is skipped: the day begins at one o'clock.
    ["day", "America/Sao_Paulo", "2018-11-04T12:00:00Z", "2018-11-04T03:00:00Z", "2018-11-05T02:00:00Z"],
    // Midnight happens twice: the day begins at the first one, and the hour between them belongs to it.
    ["day", "Atlantic/Azores", "2026-10-25T00:30:00Z", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"],
    ["day", "Atlantic/Azores", "2026-10-25T01:30:00Z", "2026-10-25T00:00:00Z", "2026-10-26T01:00:00Z"],
    // The evening happens twice: the new day begins after the second one.
    ["day", "America/Sao_Paulo", "2018-02-18T02:30:00Z", "2018-02-17T02:00:00Z", "2018-02-18T03:00:00Z"],
    // A whole day was skipped when Samoa crossed the date line.
    ["day", "Pacific/Apia", "2011-12-30T09:59:59Z", "2011-12-29T10:00:00Z", "2011-12-30T10:00:00Z"],
    ["day", "Pacific/Apia", "2011-12-30T10:00:00Z", "2011-12-30T10:00:00Z", "2011-12-31T10:00:00Z"],
    // Weeks begin on Monday, months on the first, whatever the clocks do in between.
    ["week", "UTC", "2026-11-22T23:59:59Z", "2026-11-16T00:00:00Z", "2026-11-23T00:00:00Z"],
    ["week", "Europe/Berlin", "2026-10-22T12:00:00Z", "2026-10-18T22:00:00Z", "2026-10-25T23:00:00Z"],
    ["week", "UTC", "2027-01-01T00:00:00Z", "2026-12-28T00:00:00Z", "2027-01-04T00:00:00Z"],
    ["month", "America/New_York", "2026-11-15T00:00:00Z", "2026-11-01T04:00:00Z", "2026-12-01T05:00:00Z"],
    ["month", "UTC", "2028-02-29T00:00:00Z", "2028-02-01T00:00:00Z", "2028-03-01T00:00:00Z"],
  ])("%s in %s at %s", async (period, timeZone, instant, start, end) => {
    expect(await bounds(period, timeZone, instant)).toEqual([start, end]);
  });
});

test("an unknown period is refused", async () => {
  await expect(bounds("fortnight", "UTC", "2026-11-21T00:00:00Z")).rejects.toMatchObject({ code: "22023" });
});

/** Windows that do not contain their instant, or leave a gap before or after them. */
const misfits = (zones: string, instants: string) => `
  WITH probe AS (
    SELECT period, zone, instant, window_start, window_end
    FROM (${zones}) AS zones (zone),
      (${instants}) AS instants (instant),
      unnest(ARRAY ['day', 'week', 'month']) AS period,
      quota_window_bounds(period, zone, instant)
  )
  SELECT probe.*
  FROM probe,
    quota_window_bounds(period, zone, probe.window_start) AS first,
    quota_window_bounds(period, zone, probe.window_end) AS following,
    quota_window_bounds(period, zone, probe.window_start - interval '1 millisecond') AS previous
  WHERE NOT (instant >= probe.window_start AND instant < probe.window_end)
    OR (first.window_start, first.window_end) <> (probe.window_start, probe.window_end)
    OR following.window_start <> probe.window_end
    OR previous.window_end <> probe.window_start
  LIMIT 5`;

test("every instant belongs to exactly one window, in every zone", async () => {
  // Transitions gather in spring and autumn, at night: odd steps walk through all hours.
  const { rows } = await owner.query(
    misfits(
      "SELECT name FROM pg_timezone_names",
      "SELECT generate_series(timestamptz '2005-01-01 00:30Z', timestamptz '2030-01-01Z', interval '211 days 7 hours')",
    ),
  );
  expect(rows).toEqual([]);
});

test("every half hour around the changes of 2026 belongs to exactly one window, where clocks are oddest", async () => {
  const { rows } = await owner.query(
    misfits(
      `SELECT unnest(ARRAY ['Atlantic/Azores', 'America/Havana', 'Africa/Cairo', 'Australia/Lord_Howe',
        'America/Santiago', 'Europe/London'])`,
      `SELECT generate_series(timestamptz '2026-03-07Z', timestamptz '2026-04-27Z', interval '30 minutes')
       UNION ALL SELECT generate_series(timestamptz '2026-09-05Z', timestamptz '2026-09-08Z', interval '30 minutes')
       UNION ALL SELECT generate_series(timestamptz '2026-10-03Z', timestamptz '2026-11-03Z', interval '30 minutes')`,
    ),
  );
  expect(rows).toEqual([]);
});
