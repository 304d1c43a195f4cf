import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

@Injectable()
export class PartitionRepository {
  constructor(private readonly pool: Pool) {}

  /** Creates the partitions of the days to come and drops those past retention; answers what it did. */
  async maintain(daysAhead: number, retentionDays: number): Promise<unknown[]> {
    const { rows } = await this.pool.query("SELECT * FROM maintain_usage_partitions($1, $2)", [
      daysAhead,
      retentionDays,
    ]);
    return rows;
  }

  async forgetJournalBatches(olderThan: string): Promise<void> {
    await this.pool.query("DELETE FROM journal_batch WHERE ingested_at < now() - $1::interval", [olderThan]);
  }
}
