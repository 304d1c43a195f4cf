import { Injectable } from "@nestjs/common";
import type { AttemptRecord, RequestRecord, UsageBatch } from "@switchyard/metering/usage-event";
import { Pool, type PoolClient } from "pg";
import { aggregateCosts } from "./aggregate-costs.ts";
import { aggregateRequests } from "./aggregate-requests.ts";
import { arrayLiteral } from "./array-literal.ts";
import type { InsertStatement } from "./insert-rows.ts";
import { costRollupRowsOf, ledgerRowsOf, quotaChargesOf } from "./ledger-rows.ts";
import { targetOutcomesOf, taskOutcomesOf } from "./outcome-rows.ts";
import { insertAttempts, insertLedger, insertRequests } from "./usage-tables.ts";

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
      const costs = aggregateCosts(attempts.flatMap(costRollupRowsOf));
      await client.query("SELECT rollup_add_cost($1::jsonb)", [JSON.stringify(costs)]);
      await addRows(client, "rollup_add_target_outcomes", targetOutcomesOf(attempts));
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
