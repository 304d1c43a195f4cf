/** A day of a log, filled before it has indexes: building one over sorted rows costs a fraction of adding to it row by row. */
import type { Client } from "pg";

interface Index {
  /** As the parent has it, with the name of its table left open. */
  readonly create: (table: string) => string;
}

export function partitionOf(log: string, day: string): string {
  return `${log}_p${day.replaceAll("-", "")}`;
}

/** What a partition of `log` has to have before it can be attached at no cost. */
export async function readIndexes(owner: Client, log: string): Promise<Index[]> {
  const { rows } = await owner.query<{ definition: string; key: string | null }>(
    `SELECT pg_get_indexdef(indexrelid) AS definition, pg_get_constraintdef(pg_constraint.oid) AS key
     FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'p'
     WHERE indrelid = $1::regclass`,
    [log],
  );
  return rows.map(({ definition, key }) => ({
    create: (table) =>
      key === null
        ? definition.replace(/^(CREATE (?:UNIQUE )?INDEX) \S+ ON (?:ONLY )?\S+/, `$1 ON ${table}`)
        : `ALTER TABLE ${table} ADD ${key}`,
  }));
}

/**
 * Makes the partition of a day and has it filled; what comes back attaches it to its log. One that is there already is added
 * to as it is.
 */
export async function fillPartition(
  owner: Client,
  log: string,
  day: string,
  indexes: readonly Index[],
  insert: (table: string) => Promise<unknown>,
): Promise<() => Promise<void>> {
  const table = partitionOf(log, day);
  if (await exists(owner, table)) {
    await insert(log);
    return async () => undefined;
  }
  const made = `${table}_made`;
  await owner.query(`CREATE TABLE ${made} (LIKE ${log} INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING STORAGE)`);
  await insert(made);
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  const [from, to] = [`'${day} 00:00:00+00'`, `'${next} 00:00:00+00'`];
  // Said beforehand, or attaching would read every row to see.
  await owner.query(
    `ALTER TABLE ${made} ADD CONSTRAINT ${made}_day CHECK (started_at IS NOT NULL AND started_at >= ${from} AND started_at < ${to})`,
  );
  for (const { create } of indexes) await owner.query(create(made));
  return async () => {
    await owner.query(`ALTER TABLE ${made} RENAME TO ${table}`);
    await owner.query(`ALTER TABLE ${log} ATTACH PARTITION ${table} FOR VALUES FROM (${from}) TO (${to})`);
    await owner.query(`ALTER TABLE ${table} DROP CONSTRAINT ${made}_day`);
  };
}

/**
 * Has partitions of these days that nothing is in make way. Before anybody fills one: dropping a partition waits for all who
 * use its log, and they would wait for it.
 */
export async function dropEmptyPartitions(owner: Client, log: string, days: readonly string[]): Promise<void> {
  for (const day of days) {
    const table = partitionOf(log, day);
    if (!(await exists(owner, table))) continue;
    const { rows } = await owner.query<{ used: boolean }>(`SELECT EXISTS (SELECT FROM ${table}) AS used`);
    if (rows[0]?.used !== true) await owner.query(`DROP TABLE ${table}`);
  }
}

async function exists(owner: Client, table: string): Promise<boolean> {
  const { rows } = await owner.query<{ exists: boolean }>("SELECT to_regclass($1) IS NOT NULL AS exists", [table]);
  return rows[0]?.exists === true;
}
