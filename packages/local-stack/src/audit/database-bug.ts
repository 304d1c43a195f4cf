/** A bug in a function of the database, planted in the audit's own database and taken out again. */
import { withClient } from "../postgres/postgres-process.ts";

export interface DatabaseBug {
  /** With its argument types, as `regprocedure` reads it. */
  readonly function: string;
  readonly find: string;
  readonly replace: string;
}

/** Answers how to take it out. Throws where the function does not have what is to be replaced. */
export async function plantInDatabase(databaseUrl: string, bug: DatabaseBug): Promise<() => Promise<void>> {
  return await withClient(databaseUrl, async (client) => {
    const { rows } = await client.query("SELECT pg_get_functiondef($1::regprocedure) AS sound", [bug.function]);
    const sound = rows[0].sound as string;
    if (!sound.includes(bug.find)) throw new Error(`${bug.function} does not have "${bug.find}" any more`);
    await client.query(sound.replace(bug.find, bug.replace));
    return async () => {
      await withClient(databaseUrl, (healing) => healing.query(sound));
    };
  });
}
