import type { EmbeddedDatabase } from "@switchyard/local-stack/embedded-database";
import { startMigratedDatabase } from "@switchyard/local-stack/testing/migrated-database";
import { Pool } from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ForgetIdempotentCallsProcessor } from "./forget-idempotent-calls.processor.ts";
import { IdempotentCallRepository } from "./idempotent-call.repository.ts";

let database: EmbeddedDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await startMigratedDatabase();
  pool = new Pool({ connectionString: database.connectionString });
  // The server may end before the connection has said farewell.
  pool.on("error", () => undefined);
});

afterAll(async () => {
  await pool.end();
  await database.stop();
});

it("drops answers before the calls they belong to, however many there are", async () => {
  await pool.query(
    `INSERT INTO idempotency_claim (claim_key, request_id, gateway_id, boot_id, request_digest, state, sealed_answer,
       claimed_at, answer_until, expires_at)
     SELECT sha256(number::text::bytea), gen_random_uuid(), 'gateway', gen_random_uuid(), 'digest', 'answered', '\\x00',
       now(), now() + answer_left, now() + left_over
     FROM generate_series(1, 1200) number,
       (VALUES (interval '1 minute', interval '1 hour'), ('-1 minute', '1 hour'), ('-1 hour', '-1 minute'))
         AS age (answer_left, left_over)
     WHERE number % 3 = CASE WHEN answer_left > interval '0' THEN 0 WHEN left_over > interval '0' THEN 1 ELSE 2 END`,
  );
  await new ForgetIdempotentCallsProcessor(new IdempotentCallRepository(pool)).run();
  const { rows } = await pool.query(
    "SELECT count(*)::int AS calls, count(sealed_answer)::int AS answers FROM idempotency_claim",
  );
  expect(rows).toEqual([{ calls: 800, answers: 400 }]);
});
