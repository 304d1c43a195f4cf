import { Injectable } from "@nestjs/common";
import { evidenceHalfLifeDays } from "@switchyard/metering/performance-facts";
import { Pool } from "pg";

@Injectable()
export class PerformanceFactsRepository {
  constructor(private readonly pool: Pool) {}

  /** Computes what the fleet knows of its targets anew, from the outcome roll-ups. */
  async refresh(): Promise<void> {
    await this.pool.query("SELECT refresh_performance_facts(make_interval(days => $1))", [evidenceHalfLifeDays]);
  }
}
