import { Injectable } from "@nestjs/common";
import { bootOfBatch } from "@switchyard/metering/journal-batch";
import type { AttemptRecord, FeedbackRecord, RequestRecord, UsageBatch } from "@switchyard/metering/usage-event";
import { Pool, type PoolClient } from "pg";
import { aggregateCalls } from "./aggregate-calls.ts";
import { aggregateCosts } from "./aggregate-costs.ts";
import { aggregateRequests } from "./aggregate-requests.ts";
import { arrayLiteral } from "./array-literal.ts";
import type { InsertStatement } from "./insert-rows.ts";
import { costRollupRowsOf, ledgerRowsOf, quotaChargesOf } from "./ledger-rows.ts";
import { bootEvidenceOf, targetOutcomesOf, taskOutcomesOf } from "./outcome-rows.ts";
import { insertAttempts, insertLedger, insertRequests } from "./usage-tables.ts";

/** A later word replaces an earlier one, however they come; the same again changes nothing. */
const keepFeedback = `
  INSERT INTO call_feedback (
    request_id, project_id, made_at, virtual_key_id, given_at, score_permille, value, tags, comment)
  SELECT DISTINCT ON (r."requestId", r."projectId")
    r."requestId", r."projectId", to_timestamp(r."madeAtMs" / 1000.0), r."virtualKeyId",
    to_timestamp(r."givenAtMs" / 1000.0), r."scorePermille", r.value, r.tags, r.comment
  FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (
    "requestId" uuid, "projectId" text, "madeAtMs" bigint, "virtualKeyId" text, "givenAtMs" bigint, "scorePermille" int,
    value text, tags text[], comment text)) WITH ORDINALITY AS r(
    "requestId", "projectId", "madeAtMs", "virtualKeyId", "givenAtMs", "scorePermille", value, tags, comment, place)
  ORDER BY r."requestId", r."projectId", r."givenAtMs" DESC, r.place DESC
  ON CONFLICT (request_id, project_id) DO UPDATE SET
    virtual_key_id = EXCLUDED.virtual_key_id,
    given_at = EXCLUDED.given_at,
    score_permille = EXCLUDED.score_permille,
    value = EXCLUDED.value,
    tags = EXCLUDED.tags,
    comment = EXCLUDED.comment
  WHERE call_feedback.given_at <= EXCLUDED.given_at`;

export interface IngestionCounts {
  readonly attempts: number;
  readonly requests: number;
}

/** Writes batches into ledger, logs and roll-ups: all of a batch or nothing, and never twice. */
@Injectable()
export class UsageIngestionRepository {
  constructor(private readonly pool: Pool) {}

  /** Null when the batch is in the ledger already. */
  async ingest(batch: UsageBatch): Promise<IngestionCounts | null> {
    const client = await this.pool.connect();
    try {
      await client.query("BEGIN");
      const claimed = await client.query(
        "INSERT INTO journal_batch (batch_id, gateway_id, events) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
        [batch.batchId, batch.gatewayId, batch.events.length],
      );
      const counts = claimed.rowCount === 0 ? null : await this.#write(client, batch);
      await client.query("COMMIT");
      return counts;
    } catch (error) {
      await client.query("ROLLBACK").catch(() => undefined);
      throw error;
    } finally {
      client.release();
    }
  }

  async #write(client: PoolClient, batch: UsageBatch): Promise<IngestionCounts> {
    // A replayed journal may carry an event of an earlier batch under a new batch id: only rows that are new count on.
    const attempts = await insertNew(
      client,
      insertAttempts,
      distinct(
        batch.events.filter((event): event is AttemptRecord => event.type === "attempt"),
        (attempt) => attempt.attemptId,
      ),
    );
    const requests = await insertNew(
      client,
      insertRequests,
      distinct(
        batch.events.filter((event): event is RequestRecord => event.type === "request"),
        (request) => request.requestId,
      ),
    );
    if (attempts.length > 0) {
      await client.query(toQuery(insertLedger, attempts.flatMap(ledgerRowsOf)));
    }
    const costs = JSON.stringify(aggregateCosts(attempts.flatMap(costRollupRowsOf)));
    await client.query("SELECT rollup_add_cost($1::jsonb, $2::jsonb)", [
      costs,
      JSON.stringify(aggregateCalls(requests)),
    ]);
    if (attempts.length > 0) {
      await addRows(client, "rollup_add_target_outcomes", targetOutcomesOf(attempts));
      const seen = bootEvidenceOf(attempts);
      if (seen.length > 0) {
        const values = [bootOfBatch(batch.batchId), JSON.stringify(seen)];
        await client.query("SELECT add_boot_evidence($1, $2::jsonb)", values);
      }
    }
    if (requests.length > 0) {
      const calls = aggregateRequests(requests).map((row) => ({
        ...row,
        durationBuckets: arrayLiteral(row.durationBuckets),
        firstTokenBuckets: arrayLiteral(row.firstTokenBuckets),
      }));
      await client.query("SELECT rollup_add_requests($1::jsonb)", [JSON.stringify(calls)]);
      await addRows(client, "rollup_add_task_outcomes", taskOutcomesOf(requests));
    }
    const feedback = batch.events.filter((event): event is FeedbackRecord => event.type === "feedback");
    if (feedback.length > 0) await client.query(keepFeedback, [JSON.stringify(feedback)]);
    const charges = quotaChargesOf(attempts);
    if (charges.length > 0) await client.query("SELECT * FROM quota_settle($1::jsonb)", [JSON.stringify(charges)]);
    return { attempts: attempts.length, requests: requests.length };
  }
}

async function addRows(
  client: PoolClient,
  rollUp: "rollup_add_target_outcomes" | "rollup_add_task_outcomes",
  rows: readonly object[],
): Promise<void> {
  if (rows.length > 0) await client.query(`SELECT ${rollUp}($1::jsonb)`, [JSON.stringify(rows)]);
}

function distinct<Event>(events: readonly Event[], idOf: (event: Event) => string): Map<string, Event> {
  return new Map(events.map((event) => [idOf(event), event]));
}

async function insertNew<Event>(
  client: PoolClient,
  statement: InsertStatement<Event>,
  events: Map<string, Event>,
): Promise<Event[]> {
  if (events.size === 0) return [];
  const inserted = await client.query<{ id: string }>(toQuery(statement, [...events.values()]));
  return inserted.rows.flatMap(({ id }) => events.get(id) ?? []);
}

function toQuery<Row>({ name, text, valuesOf }: InsertStatement<Row>, rows: readonly Row[]) {
  return { name, text, values: valuesOf(rows) };
}
