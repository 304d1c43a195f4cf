/** Writes one call into logs, ledger, roll-ups and budgets, in the way that ingestion does. */
import { latencyBucketBoundsMs, latencyBucketIndex } from "@switchyard/metering/latency-buckets";
import type { Meter } from "@switchyard/metering/meters";
import type { CacheResult, QuotaCharge, UsageSource, Verdict } from "@switchyard/metering/usage-event";
import { createUuidV7 } from "@switchyard/secrets/random-id";
import type { RunningControlPlane } from "./running-control-plane.ts";

export interface RecordedCall {
  readonly costPicoUsd: bigint;
  readonly startedAt?: Date;
  readonly routeName?: string;
  readonly user?: string | null;
  readonly tags?: readonly string[];
  readonly status?: number;
  readonly verdict?: Verdict;
  readonly cache?: CacheResult;
  readonly usageSource?: UsageSource;
  readonly durationMs?: number;
  readonly meter?: Meter;
  readonly quantity?: number;
  readonly quotas?: readonly QuotaCharge[];
}

interface Place {
  organisation_id: string;
  team_id: string;
  project_id: string;
  virtual_key_id: string;
  route_id: string;
  connection_id: string;
  model_id: string;
  provider_model: string;
}

export async function recordCall(
  { pool }: RunningControlPlane,
  call: RecordedCall,
): Promise<{ requestId: string; attemptId: string; startedAt: Date; place: Place }> {
  const startedAt = call.startedAt ?? new Date();
  const requestId = createUuidV7(startedAt.getTime());
  const attemptId = createUuidV7(startedAt.getTime());
  const {
    user = "ada",
    tags = ["env=prod", "feature=search"],
    status = 200,
    verdict = "complete",
    cache = "miss",
  } = call;
  const { usageSource = "provider_final", durationMs = 900, meter = "output", quantity = 7, quotas = [] } = call;
  const cost = call.costPicoUsd.toString();
  const { rows } = await pool.query<Place>(
    `SELECT team.organisation_id, team.id AS team_id, project.id AS project_id, virtual_key.id AS virtual_key_id,
       route.id AS route_id, route_target.connection_id, route_target.model_id, model.provider_model
     FROM virtual_key
     JOIN project ON project.id = virtual_key.project_id
     JOIN team ON team.id = project.team_id
     CROSS JOIN route
     JOIN route_target ON route_target.route_id = route.id AND route_target.position = 0
     JOIN model ON model.id = route_target.model_id
     WHERE virtual_key.name = 'First key' AND route.name = $1`,
    [call.routeName ?? "demo-chat"],
  );
  const place = rows[0]!;
  await pool.query(
    `INSERT INTO request_log (
       request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, end_user, session_tag, tags, operation,
       requested_model, route_id, route_name, connection_id, provider_kind, model_id, provider_model, policy_revision,
       stream, status, error_code, verdict, cache, attempts, cost_pico_usd, time_to_first_token_ms, duration_ms,
       gateway_overhead_ms, request_bytes, response_bytes, warnings, because, gateway_id)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 's1', $8, 'chat', $9, $10, $9, $11, 'openai-compatible', $12, $13, 1, false, $14,
       NULL, $15, $16, 1, $17, 120, $18, 1.5, 500, 800, '{}', $19, 'gateway-0')`,
    [
      requestId, startedAt, place.organisation_id, place.team_id, place.project_id, place.virtual_key_id, user, tags,
      call.routeName ?? "demo-chat", place.route_id, place.connection_id, place.model_id, place.provider_model, status,
      verdict, cache, cost, durationMs, JSON.stringify([{ code: "weighted", text: "Chose simulator / sim-large." }]),
    ], // prettier-ignore
  );
  await pool.query(
    `INSERT INTO attempt_log (
       attempt_id, started_at, request_id, attempt_number, role, operation, ended_at, route_id, connection_id,
       provider_kind, model_id, provider_model, policy_revision, price_version_id, verdict, failure_class,
       upstream_status, usage, usage_source, lines, quotas, time_to_first_token_ms, gateway_id)
     VALUES ($1, $2, $3, 1, 'first', 'chat', $4, $5, $6, 'openai-compatible', $7, $8, 1, 'price', $9, NULL, 200, $13,
       $10, $11, $12, 120, 'gateway-0')`,
    [
      attemptId, startedAt, requestId, new Date(startedAt.getTime() + durationMs), place.route_id, place.connection_id,
      place.model_id, place.provider_model, verdict, usageSource,
      JSON.stringify([{ meter, quantity, unitPricePicoUsd: "1", amountPicoUsd: cost }]), JSON.stringify(quotas),
      JSON.stringify({ [meter]: quantity }),
    ], // prettier-ignore
  );
  await pool.query(
    `INSERT INTO ledger_entry (
       attempt_id, started_at, kind, sequence, amount_pico_usd, usage_source, request_id, team_id, project_id,
       virtual_key_id, connection_id, model_id)
     SELECT $1, $2, kind, 0, $3, CASE kind WHEN 'settle' THEN $4 END, $5, $6, $7, $8, $9, $10
     FROM unnest(ARRAY['hold', 'settle']) AS kind`,
    [
      attemptId, startedAt, cost, usageSource, requestId, place.team_id, place.project_id, place.virtual_key_id,
      place.connection_id, place.model_id,
    ], // prettier-ignore
  );
  const dimensions = {
    organisationId: place.organisation_id,
    teamId: place.team_id,
    projectId: place.project_id,
    virtualKeyId: place.virtual_key_id,
    routeId: place.route_id,
    connectionId: place.connection_id,
    providerKind: "openai-compatible",
    modelId: place.model_id,
    costPicoUsd: cost,
  };
  const hour = Math.floor(startedAt.getTime() / 3_600_000) * 3_600_000;
  await pool.query("SELECT rollup_add_cost($1::jsonb, $2::jsonb)", [
    JSON.stringify([{ ...dimensions, startedAt: startedAt.getTime(), user, tags, meter, quantity }]),
    JSON.stringify([{ ...dimensions, hour, user, tags, requests: 1 }]),
  ]);
  const isError = status >= 400 || verdict === "errored" || verdict === "truncated" || verdict === "invalid";
  await pool.query("SELECT rollup_add_requests($1::jsonb)", [
    JSON.stringify([
      {
        ...dimensions,
        hour,
        requests: 1,
        errors: Number(isError),
        refusals: Number(verdict === "refused"),
        cacheHits: Number(cache === "hit"),
        cacheLookups: Number(cache !== "bypass"),
        attempts: 1,
        durationBuckets: bucketsOf(durationMs),
        firstTokenBuckets: bucketsOf(120),
      },
    ]),
  ]);
  if (quotas.length > 0) {
    const charges = quotas.map(({ quotaId, windowStartMs, leaseId, chargedPicoUsd, overrunPicoUsd }) => ({
      quotaId,
      windowStartMs,
      leaseId,
      charged: chargedPicoUsd,
      overrun: overrunPicoUsd,
    }));
    await pool.query("SELECT quota_settle($1::jsonb)", [JSON.stringify(charges)]);
  }
  return { requestId, attemptId, startedAt, place };
}

function bucketsOf(milliseconds: number): number[] {
  const counts = Array.from({ length: latencyBucketBoundsMs.length + 1 }, () => 0);
  counts[latencyBucketIndex(milliseconds)] = 1;
  return counts;
}
