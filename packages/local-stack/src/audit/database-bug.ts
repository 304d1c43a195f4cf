/** A bug in the database, planted in the audit's own and taken out again. */
import { withClient } from "../postgres/postgres-process.ts";

/** What another function says, or SQL that adds something and SQL that takes it away. */
export type DatabaseBug = ChangedFunction | Addition;

interface ChangedFunction {
  /** With its argument types, as `regprocedure` reads it. */
  readonly function: string;
  readonly find: string;
  readonly replace: string;
}

interface Addition {
  readonly add: string;
  readonly remove: string;
}

/** Answers how to take it out. Throws where the function does not have what is to be replaced. */
export async function plantInDatabase(databaseUrl: string, bug: DatabaseBug): Promise<() => Promise<void>> {
  const { plant, heal } = "add" in bug ? { plant: bug.add, heal: bug.remove } : await changeOf(databaseUrl, bug);
  await withClient(databaseUrl, (client) => client.query(plant));
  return async () => {
    await withClient(databaseUrl, (client) => client.query(heal));
  };
}

async function changeOf(databaseUrl: string, bug: ChangedFunction): Promise<{ plant: string; heal: string }> {
  return await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query("SELECT pg_get_functiondef($1::regprocedure) AS sound", [bug.function]);
    const sound = rows[0].sound as string;
    if (!sound.includes(bug.find)) throw new Error(`${bug.function} does not have "${bug.find}" any more`);
    return { plant: sound.replace(bug.find, bug.replace), heal: sound };
  });
}
