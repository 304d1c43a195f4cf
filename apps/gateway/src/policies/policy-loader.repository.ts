import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import type { PublishedRevision } from "./activate-revision.ts";

export interface PolicyHead {
  readonly number: number;
  readonly sha256: string;
}

const headQuery = `
  select head.number, revision.sha256
  from policy_head head join policy_revision revision on revision.number = head.number
  where head.id = 1`;
const revisionQuery = "select number, content, sha256 from policy_revision where number = $1";

/** Reads published policy, on a connection that no request ever waits for. The gateway's role may not write it. */
export class PolicyLoaderRepository {
  readonly #pool: pg.Pool;

  constructor(connectionString: string, logger: Logger) {
    this.#pool = new pg.Pool({
      connectionString,
      application_name: "switchyard-gateway-policy",
      max: 1,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 5_000,
      // The client's own limit: a server that hangs does not enforce its own.
      query_timeout: 6_000,
      keepAlive: true,
    });
    // Without a listener, an idle connection that breaks when the database restarts would end the process.
    this.#pool.on("error", (error) => logger.debug({ err: error }, "the idle policy connection was lost"));
  }

  /** Which revision gateways must run; null before the first one is published. */
  async head(): Promise<PolicyHead | null> {
    const result = await this.#pool.query<PolicyHead>(headQuery);
    return result.rows[0] ?? null;
  }

  async revision(number: number): Promise<PublishedRevision | null> {
    const result = await this.#pool.query<PublishedRevision>(revisionQuery, [number]);
    return result.rows[0] ?? null;
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}
