/** Brings a database to where the servers can use it. Every step is idempotent, so every start runs all of them. */
import { ensureGatewayLogin } from "@switchyard/database/gateway-login";
import { migrate } from "@switchyard/database/migrate";
import { prepareQueueSchema } from "@switchyard/database/prepare-queue-schema";
import { OperatorError } from "../operator-error.ts";

const gatewayRoleName = "switchyard_local_gateway";

export interface DatabaseAccess {
  /** Of the owner. */
  databaseUrl: string;
  /** Of the gateways, which may read policy, take leases and enqueue, and nothing else. */
  gatewayDatabaseUrl: string;
}

/**
 * Migrates, prepares the queue unless Redis carries it, and lets gateways log in with `gatewayPassword`.
 * @throws OperatorError when the database does not let us.
 */
export async function prepareDatabase(
  databaseUrl: string,
  gatewayPassword: string,
  options: { usesRedis: boolean; note?: (text: string) => void },
): Promise<DatabaseAccess> {
  try {
    await migrate({
      connectionString: databaseUrl,
      onProgress: (progress) => {
        if (progress.kind === "applying") options.note?.(`${progress.position} of ${progress.of}: ${progress.name}`);
        if (progress.kind === "waiting") options.note?.("waiting for another process that migrates");
      },
    });
    if (!options.usesRedis) await prepareQueueSchema(databaseUrl);
    await ensureGatewayLogin(databaseUrl, { roleName: gatewayRoleName, password: gatewayPassword });
  } catch (error) {
    throw new OperatorError(`The database cannot be prepared: ${(error as Error).message}`, { cause: error });
  }
  const gateway = new URL(databaseUrl);
  gateway.username = gatewayRoleName;
  gateway.password = encodeURIComponent(gatewayPassword);
  return { databaseUrl, gatewayDatabaseUrl: gateway.href };
}
