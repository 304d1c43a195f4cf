import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

/** Few enough that no statement holds its locks for long. */
const batch = 1_000;
/** A call that is not in the log by then is nobody's: its feedback was taken while the database could not be asked. */
const waitForCall = "1 day";

@Injectable()
export class FeedbackRepository {
  constructor(private readonly pool: Pool) {}

  /** Counts what was said since the last time into the outcome roll-ups; answers how many calls that were. */
  async count(): Promise<number> {
    const { rows } = await this.pool.query<{ counted: number }>("SELECT count_feedback()::int AS counted");
    return rows[0]?.counted ?? 0;
  }

  /** Drops the oldest of what belongs to calls that are forgotten, or to none; answers whether there may be more. */
  async drop(retentionDays: number): Promise<boolean> {
    const { rowCount } = await this.pool.query(
      `DELETE FROM call_feedback WHERE (request_id, project_id) IN (
         SELECT request_id, project_id FROM call_feedback
         WHERE made_at < now() - make_interval(days => $1)
           OR (counted_permille IS NULL AND given_at < now() - $2::interval)
         LIMIT $3)`,
      [retentionDays, waitForCall, batch],
    );
    return rowCount === batch;
  }
}
