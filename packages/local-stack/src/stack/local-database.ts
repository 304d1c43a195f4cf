/** The embedded PostgreSQL of a stack, in its state folder, with a password of its own. */
import { join } from "node:path";
import { generatePassword } from "@switchyard/secrets/random-password";
import { OperatorError } from "../operator-error.ts";
import { openCluster, ownerConnectionString } from "../postgres/cluster.ts";
import { createLocalDatabase, describePostgres } from "../postgres/postgres-process.ts";
import type { ProcessDefinition, SupervisedProcess } from "../supervisor/supervised-process.ts";
import type { StateFolder } from "./state-folder.ts";

export interface LocalDatabase {
  /** As the owner. */
  url: string;
  dataFolder: string;
}

/** @throws OperatorError with the reason that PostgreSQL gave, and what to do about damaged data. */
export async function startLocalDatabase(
  state: StateFolder,
  port: number,
  timeoutMs: number,
  supervise: (definition: ProcessDefinition) => SupervisedProcess,
): Promise<LocalDatabase> {
  const password = state.secret("database-password", generatePassword);
  const durability = { durable: true };
  const { dataFolder, ...cluster } = await openCluster(state.at("postgres"), password, durability);
  const logFile = join(state.logs, "postgres.log");
  const settings = { port, ...durability };
  try {
    const server = supervise(describePostgres({ dataFolder, ...cluster }, settings, password, logFile));
    await server.waitUntilReady(timeoutMs);
  } catch (error) {
    if (!(error instanceof OperatorError)) throw error;
    throw new OperatorError(
      `${error.message} If its data is damaged, restore ${dataFolder} from a backup, or move it away to start empty.`,
      { cause: error },
    );
  }
  await createLocalDatabase(port, password);
  return { url: ownerConnectionString(port, password), dataFolder };
}
