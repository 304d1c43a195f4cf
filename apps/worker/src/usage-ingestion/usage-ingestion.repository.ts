import { Injectable } from "@nestjs/common";
import type { AttemptRecord, RequestRecord, UsageBatch } from "@switchyard/metering/usage-event";
import { Pool, type PoolClient } from "pg";
import { aggregateRequests } from "./aggregate-requests.ts";
import { costRollupRowsOf, ledgerRowsOf, quotaChargesOf } from "./ledger-rows.ts";
import { targetOutcomesOf, taskOutcomesOf } from "./outcome-rows.ts";

const insertAttempts = `
  INSERT INTO attempt_log (
    attempt_id, started_at, request_id, attempt_number, role, operation, ended_at, route_id, connection_id, provider_kind,
    model_id, provider_model, policy_revision, price_version_id, verdict, failure_class, upstream_status, usage,
    usage_source, lines, quotas, expected_pico_usd, time_to_first_token_ms, gateway_id)
  SELECT
    r."attemptId", to_timestamp(r."startedAtMs" / 1000.0), r."requestId", r."attemptNumber", r.role, r.operation,
    to_timestamp(r."endedAtMs" / 1000.0), r."routeId", r."connectionId", r."providerKind", r."modelId", r."providerModel",
    r."policyRevision", r."priceVersionId", r.verdict, r."failureClass", r."upstreamStatus", r.usage, r."usageSource",
    r.lines, r.quotas, r."expectedPicoUsd", r."timeToFirstTokenMs", r."gatewayId"
  FROM jsonb_to_recordset($1::jsonb) AS r(
    "attemptId" uuid, "startedAtMs" bigint, "requestId" uuid, "attemptNumber" int, role text, operation text,
    "endedAtMs" bigint, "routeId" text, "connectionId" text, "providerKind" text, "modelId" text, "providerModel" text,
    "policyRevision" int, "priceVersionId" text, verdict text, "failureClass" text, "upstreamStatus" int, usage jsonb,
    "usageSource" text, lines jsonb, quotas jsonb, "expectedPicoUsd" bigint, "timeToFirstTokenMs" float8, "gatewayId" text)
  ON CONFLICT DO NOTHING
  RETURNING attempt_id`;

const insertLedger = `
  INSERT INTO ledger_entry (
    attempt_id, started_at, kind, sequence, amount_pico_usd, usage_source, request_id, team_id, project_id,
    virtual_key_id, connection_id, model_id)
  SELECT
    r."attemptId", to_timestamp(r."startedAt" / 1000.0), r.kind, 0, r."amountPicoUsd", r."usageSource", r."requestId",
    r."teamId", r."projectId", r."virtualKeyId", r."connectionId", r."modelId"
  FROM jsonb_to_recordset($1::jsonb) AS r(
    "attemptId" uuid, "startedAt" bigint, kind text, "amountPicoUsd" bigint, "usageSource" text, "requestId" uuid,
    "teamId" text, "projectId" text, "virtualKeyId" text, "connectionId" text, "modelId" text)`;

const insertRequests = `
  INSERT INTO request_log (
    request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, end_user, session_tag, tags, operation,
    requested_model, route_id, route_name, connection_id, provider_kind, model_id, provider_model, policy_revision, stream,
    status, error_code, verdict, cache, attempts, cost_pico_usd, saved_pico_usd, time_to_first_token_ms, duration_ms,
    gateway_overhead_ms, request_bytes, response_bytes, warnings, because, gateway_id, task_class,
    complexity)
  SELECT
    r."requestId", to_timestamp(r."startedAtMs" / 1000.0), a."organisationId", a."teamId", a."projectId",
    a."virtualKeyId", a."user", a.session, a.tags, r.operation, r."requestedModel", r."routeId", r."routeName",
    r."connectionId", r."providerKind", r."modelId", r."providerModel", r."policyRevision", r.stream, r.status,
    r."errorCode", r.verdict, r.cache, r.attempts, r."costPicoUsd", coalesce(r."savedPicoUsd", 0),
    r."timeToFirstTokenMs", r."durationMs", r."gatewayOverheadMs", r."requestBytes", r."responseBytes", r.warnings, r.because,
    r."gatewayId", r.task ->> 'taskClass', (r.task ->> 'complexity')::float8
  FROM jsonb_to_recordset($1::jsonb) AS r(
    "requestId" uuid, "startedAtMs" bigint, attribution jsonb, operation text, "requestedModel" text, "routeId" text,
    "routeName" text, "connectionId" text, "providerKind" text, "modelId" text, "providerModel" text,
    "policyRevision" int, stream boolean, status int, "errorCode" text, verdict text, cache text, attempts int,
    "costPicoUsd" bigint, "savedPicoUsd" bigint, "timeToFirstTokenMs" float8, "durationMs" float8,
    "gatewayOverheadMs" float8, "requestBytes" int, "responseBytes" int, warnings text[], because jsonb, "gatewayId" text,
    task jsonb)
  CROSS JOIN LATERAL jsonb_to_record(r.attribution) AS a(
    "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "user" text, session text, tags text[])
  ON CONFLICT DO NOTHING
  RETURNING request_id`;

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
      "attempt_id",
      distinct(
        batch.events.filter((event): event is AttemptRecord => event.type === "attempt"),
        (attempt) => attempt.attemptId,
      ),
    );
    const requests = await insertNew(
      client,
      insertRequests,
      "request_id",
      distinct(
        batch.events.filter((event): event is RequestRecord => event.type === "request"),
        (request) => request.requestId,
      ),
    );
    if (attempts.length > 0) {
      await client.query(insertLedger, [JSON.stringify(attempts.flatMap(ledgerRowsOf))]);
      await client.query("SELECT rollup_add_cost($1::jsonb)", [JSON.stringify(attempts.flatMap(costRollupRowsOf))]);
      await addRows(client, "rollup_add_target_outcomes", targetOutcomesOf(attempts));
    }
    if (requests.length > 0) {
      await client.query("SELECT rollup_add_requests($1::jsonb)", [JSON.stringify(aggregateRequests(requests))]);
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
  statement: string,
  idColumn: string,
  events: Map<string, Event>,
): Promise<Event[]> {
  if (events.size === 0) return [];
  const inserted = await client.query<Record<string, string>>(statement, [JSON.stringify([...events.values()])]);
  return inserted.rows.flatMap((row) => events.get(row[idColumn] ?? "") ?? []);
}
