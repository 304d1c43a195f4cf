import { Client } from "pg";

const connectTimeoutMs = 5_000;

/**
 * Runs work on one connection of the database's owner, without a limit on time: migrations take what they take. The
 * connection ends with the work, and with it any lock or transaction that the work has left open.
 */
export async function withOwnerSession<Result>(
  ownerConnectionString: string,
  work: (client: Client) => Promise<Result>,
): Promise<Result> {
  const client = new Client({
    connectionString: ownerConnectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "switchyard-migrate",
  });
  // A connection that breaks fails the next query; without a listener it would end the process first.
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
