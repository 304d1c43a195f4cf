import { Injectable } from "@nestjs/common";
import { Pool } from "pg";

/** Few enough that no statement holds its locks for long. */
const batch = 1_000;

@Injectable()
export class IdempotentCallRepository {
  constructor(private readonly pool: Pool) {}

  /** Drops the oldest answers whose time is over; answers whether there may be more. */
  async dropAnswers(): Promise<boolean> {
    return this.#runBatch(
      `UPDATE idempotency_claim SET sealed_answer = NULL, answer_until = NULL
       WHERE claim_key IN (SELECT claim_key FROM idempotency_claim WHERE answer_until <= now() LIMIT $1)`,
    );
  }

  /** Forgets the calls whose time is over. */
  async dropCalls(): Promise<boolean> {
    return this.#runBatch(
      `DELETE FROM idempotency_claim
       WHERE claim_key IN (SELECT claim_key FROM idempotency_claim WHERE expires_at <= now() LIMIT $1)`,
    );
  }

  async #runBatch(statement: string): Promise<boolean> {
    const { rowCount } = await this.pool.query(statement, [batch]);
    return rowCount === batch;
  }
}
