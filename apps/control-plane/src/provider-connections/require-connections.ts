import type { Connection } from "../database/database.ts";
import { ControlPlaneError } from "../errors/control-plane-error.ts";
import type { ProviderConnectionRepository } from "./provider-connection.repository.ts";

/** @throws ControlPlaneError `invalid_policy` that names each of the ids in `member` that is no connection any more */
export async function requireLiveConnections(
  connections: ProviderConnectionRepository,
  database: Connection,
  member: string,
  ids: readonly string[],
): Promise<void> {
  if (ids.length === 0) return;
  const known = await connections.liveIds(database, ids);
  const problems = ids.flatMap((id, index) =>
    known.has(id) ? [] : [{ path: `${member}[${index}]`, code: "unknown_connection", message: "is not a connection" }],
  );
  if (problems.length > 0) throw new ControlPlaneError("invalid_policy", { problems });
}
