/**
 * Usage in bulk, made by the database itself: calls evenly over the last ninety days, of fifty keys in ten teams, twenty
 * people a key, a tenth of them failed. Every call has its request, its attempt, two ledger entries and its part of the
 * roll-ups, so that every sum ties as it does after ingestion.
 */
import { Client, DatabaseError } from "pg";
import { dropEmptyPartitions, fillPartition, partitionOf, readIndexes } from "./seed-partition.ts";
import { addRollUps, copyRollUp, insertInto, type Log, logs, seedTenants } from "./seed-statements.ts";

export const seededDays = 90;
/** Days, the newest, of which every call is in the logs, however thin they are. */
const fullDays = 3;
const rollUps = [
  ...["cost", "spend", "attribution", "request", "service", "ledger"].flatMap((name) => [
    `${name}_rollup_hour`,
    `${name}_rollup_day`,
  ]),
  "caller_rollup_day",
];

export interface SeededUsage {
  readonly calls: number;
  /** All calls are in the roll-ups; logs and ledger have one in `thin` of all but the newest days. 1 keeps all. */
  readonly thin: number;
}

/**
 * A day is made in one transaction, and one that is there already is left as it is, so that an interrupted seeding goes on
 * where it was. Answers how many calls there are. Only for a database that may be thrown away: while it is filled, a crash of
 * the machine would break it.
 */
export async function seedUsage(
  databaseUrl: string,
  { calls, thin }: SeededUsage,
  note: (text: string) => void,
): Promise<number> {
  const perDay = Math.ceil(calls / seededDays);
  const days = Array.from({ length: seededDays }, (_, back) => ({
    day: new Date(Date.now() - (seededDays - 1 - back) * 86_400_000).toISOString().slice(0, 10),
    thin: back >= seededDays - fullDays ? 1 : thin,
  }));
  const firstDay = days[0]?.day ?? "";
  let done = 0;
  let made = 0;
  const seedNext = async (owner: Client): Promise<boolean> => {
    const next = days.shift();
    if (next === undefined) return false;
    made += (await seedDayUndisturbed(owner, next.day, firstDay, perDay, next.thin)) ? 1 : 0;
    done += 1;
    note(`${done * perDay} calls`);
    return true;
  };
  const work = async (owner: Client): Promise<void> => {
    while (await seedNext(owner));
  };
  const writers = [connect(databaseUrl), connect(databaseUrl)];
  try {
    const [first, second] = await Promise.all(writers);
    if (first === undefined || second === undefined) throw new Error("no connection to seed over");
    await configure(first, fillingSettings, "SET");
    try {
      await seedTenants(first);
      const names = days.map(({ day }) => day);
      for (const log of logs) await dropEmptyPartitions(first, log, names);
      await seedNext(first);
      // Both to their ends: a server's settings cannot be reset while one is in the middle of a day.
      const ends = await Promise.allSettled([work(first), work(second)]);
      for (const end of ends) if (end.status === "rejected") throw end.reason;
    } finally {
      await configure(first, fillingSettings, "RESET");
    }
    if (made > 0) await first.query(`VACUUM (ANALYZE) ${rollUps.join(", ")}`);
    await first.query("CHECKPOINT");
    const { rows } = await first.query<{ calls: string }>("SELECT sum(requests) AS calls FROM request_rollup_day");
    return Number(rows[0]?.calls ?? 0);
  } finally {
    for (const writer of await Promise.allSettled(writers)) if (writer.status === "fulfilled") await writer.value.end();
  }
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  // Made rows need no trigger: they are of open months, and nothing is rewritten.
  await client.query(
    "SET session_replication_role = replica; SET maintenance_work_mem = '512MB'; SET work_mem = '128MB'",
  );
  return client;
}

const fillingSettings: readonly (readonly [name: string, value: string])[] = [
  ["fsync", "off"],
  ["full_page_writes", "off"],
  ["max_wal_size", "'8GB'"],
  ["autovacuum", "off"],
];

/** For the server, as long as it is being filled. */
async function configure(
  owner: Client,
  settings: readonly (readonly [name: string, value: string])[],
  action: "SET" | "RESET",
): Promise<void> {
  for (const [name, value] of settings) {
    await owner.query(action === "SET" ? `ALTER SYSTEM SET ${name} = ${value}` : `ALTER SYSTEM RESET ${name}`);
  }
  await owner.query("SELECT pg_reload_conf()");
}

const mostTries = 5;

/** The worker reads the same tables while partitions are attached to them; who is in its way begins the day again. */
async function seedDayUndisturbed(...day: Parameters<typeof seedDay>): Promise<boolean> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await seedDay(...day);
    } catch (error) {
      const isDeadlock = error instanceof DatabaseError && error.code === "40P01";
      if (!isDeadlock || tries === mostTries) throw error;
    }
  }
}

/** Answers whether the day had to be made. */
async function seedDay(owner: Client, day: string, firstDay: string, calls: number, thin: number): Promise<boolean> {
  const { rows } = await owner.query<{ exists: boolean }>(
    "SELECT EXISTS (SELECT FROM request_rollup_day WHERE day = $1::date::timestamp AT TIME ZONE 'UTC') AS exists",
    [day],
  );
  if (rows[0]?.exists === true) return false;
  await owner.query("BEGIN");
  try {
    if (day === firstDay) for (const statement of addRollUps) await owner.query(statement, [day, calls]);
    // Every day is like the first, and no key of a roll-up's dimensions has the time in it.
    else for (const table of rollUps) await copyRollUp(owner, table, firstDay, day);
    const filled = new Map<Log, () => Promise<void>>();
    for (const log of logs) {
      const insert = (table: string) => owner.query(insertInto[log](table), [day, calls, thin]);
      filled.set(log, await fillPartition(owner, log, day, await readIndexes(owner, log), insert));
    }
    // All at the end: from here on the other writer waits for this day.
    for (const attach of filled.values()) await attach();
    await owner.query("COMMIT");
  } catch (error) {
    await owner.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
  // At once, while the day is in memory.
  await owner.query(`VACUUM (ANALYZE) ${logs.map((log) => partitionOf(log, day)).join(", ")}`);
  return true;
}
