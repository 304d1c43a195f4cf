import { type ProbeOutcome, probeOutcomes } from "@switchyard/policy-engine/health/probe";
import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import { z } from "zod";

const takenSchema = z.array(
  z
    .object({
      connection_id: z.string(),
      is_taken: z.boolean(),
      outcome: z.enum(probeOutcomes).nullable(),
      ended_ms_ago: z.number().nullable(),
    })
    .transform(({ connection_id: connectionId, is_taken: isTaken, outcome, ended_ms_ago: endedMsAgo }) => ({
      connectionId,
      isTaken,
      found: outcome === null || endedMsAgo === null ? null : { outcome, msAgo: endedMsAgo },
    })),
);

export interface IdleConnection {
  readonly connectionId: string;
  readonly afterIdleSeconds: number;
}

/** Whether this process is the one to ask, and else what another one found, if it has ended. */
export interface ProbeTurn {
  readonly connectionId: string;
  readonly isTaken: boolean;
  readonly found: { readonly outcome: ProbeOutcome; readonly msAgo: number } | null;
}

/** Sees to it that of all gateway processes one asks an idle connection, over a connection to the database that no call waits for. */
export class ProbeRepository {
  readonly #pool: pg.Pool;
  readonly #gatewayId: string;

  constructor(databaseUrl: string, gatewayId: string, logger: Pick<Logger, "debug">) {
    this.#gatewayId = gatewayId;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "switchyard-gateway-probes",
      max: 1,
      idleTimeoutMillis: 30_000,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 2_000,
      query_timeout: 2_500,
    });
    this.#pool.on("error", (error) => logger.debug({ err: error }, "the connection for probes broke"));
  }

  /** Rejects where the database does not answer. */
  async take(idle: readonly IdleConnection[]): Promise<readonly ProbeTurn[]> {
    const ids = idle.map(({ connectionId }) => connectionId);
    const seconds = idle.map(({ afterIdleSeconds }) => afterIdleSeconds);
    const values = [this.#gatewayId, ids, seconds];
    const { rows } = await this.#pool.query("SELECT * FROM connection_probes_take($1, $2, $3)", values);
    return takenSchema.parse(rows);
  }

  async end(connectionId: string, outcome: ProbeOutcome): Promise<void> {
    await this.#pool.query("SELECT connection_probe_end($1, $2, $3)", [this.#gatewayId, connectionId, outcome]);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
