import type { OthersReport } from "@switchyard/policy-engine/health/adopt-reports";
import { type TargetReport, targetReportSchema } from "@switchyard/policy-engine/health/health-report";
import type { Logger } from "@switchyard/telemetry/logger";
import pg from "pg";
import { z } from "zod";
import type { GatewayProcessIdentity } from "../admission/admission-options.ts";

const othersSchema = z.array(
  z
    .object({ told_ms_ago: z.number().min(0), targets: z.array(targetReportSchema) })
    .transform(({ told_ms_ago: toldMsAgo, targets }): OthersReport => ({ toldMsAgo, targets })),
);

/** Writes what this process reports and reads what others did, over one connection of its own, so that no call waits for it. */
export class HealthReportRepository {
  readonly #pool: pg.Pool;
  readonly #identity: GatewayProcessIdentity;

  constructor(databaseUrl: string, identity: GatewayProcessIdentity, logger: Pick<Logger, "debug">) {
    this.#identity = identity;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      application_name: "switchyard-gateway-health",
      max: 1,
      connectionTimeoutMillis: 2_000,
      statement_timeout: 2_000,
      query_timeout: 2_500,
    });
    this.#pool.on("error", (error) => logger.debug({ err: error }, "the connection for health reports broke"));
  }

  /** Replaces the report before. Rejects where the database does not take it. */
  async write(targets: readonly TargetReport[]): Promise<void> {
    const { gatewayId, bootId, region } = this.#identity;
    const values = [gatewayId, bootId, region, JSON.stringify(targets)];
    await this.#pool.query("SELECT gateway_health_report($1, $2, $3, $4)", values);
  }

  /** Newest first, of processes in the same region. Rejects where the database does not answer, or with what is no report. */
  async readOthers(): Promise<readonly OthersReport[]> {
    const { bootId, region } = this.#identity;
    const { rows } = await this.#pool.query("SELECT * FROM gateway_health_of_others($1, $2)", [bootId, region]);
    return othersSchema.parse(rows);
  }

  close(): Promise<void> {
    return this.#pool.end();
  }
}
