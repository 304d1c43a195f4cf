import { Injectable } from "@nestjs/common";
import { type Evidence, evidenceSchema } from "@switchyard/metering/performance-facts";
import { type TargetReport, targetReportSchema } from "@switchyard/policy-engine/health/health-report";
import { z } from "zod";
import { Database } from "../database/database.ts";

/** Reads what gateways and the worker know of targets now. What cannot be read counts as not known. */
@Injectable()
export class TargetKnowledgeRepository {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** What gateways that still report have measured, one report for each gateway and target. */
  async reports(): Promise<TargetReport[]> {
    const rows = await this.#database.client.$queryRaw<{ targets: unknown }[]>`
      SELECT targets FROM gateway_health WHERE reported_at > clock_timestamp() - interval '1 minute' LIMIT 1000`;
    return rows.flatMap(({ targets }) => {
      const reports = Array.isArray(targets) ? targets : [];
      return reports.flatMap((report) => targetReportSchema.safeParse(report).data ?? []);
    });
  }

  /** How targets did at tasks, as the worker last summed it up. */
  async evidence(): Promise<Evidence[]> {
    const rows = await this.#database.client.$queryRaw<{ evidence: unknown }[]>`SELECT evidence FROM performance_facts`;
    return z.array(evidenceSchema).safeParse(rows[0]?.evidence).data ?? [];
  }
}
