-- What callers pay beside the provider's cost, by scope; no row means nothing.
CREATE TABLE "gateway_fee" (
    "id" TEXT NOT NULL,
    "scope_type" TEXT NOT NULL,
    "scope_id" TEXT NOT NULL,
    "per_request_pico_usd" BIGINT NOT NULL DEFAULT 0,
    "share_of_cost_ppm" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "gateway_fee_pkey" PRIMARY KEY ("id")
);

CREATE UNIQUE INDEX "gateway_fee_scope_type_scope_id_key" ON "gateway_fee"("scope_type", "scope_id");

ALTER TABLE gateway_fee
  ADD CONSTRAINT gateway_fee_scope_check CHECK (scope_type IN ('virtual_key', 'project', 'team', 'route', 'organisation')),
  ADD CONSTRAINT gateway_fee_terms_check CHECK (
    per_request_pico_usd BETWEEN 0 AND 999999999999999999 AND share_of_cost_ppm BETWEEN 0 AND 1000000
  );

-- An entry of its own, so that settle + overrun + correct stays what the provider billed.
ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
ALTER TABLE ledger_entry
  ADD CONSTRAINT ledger_entry_kind_check CHECK (kind IN ('hold', 'settle', 'void', 'overrun', 'correct', 'fee'));

CREATE OR REPLACE FUNCTION ledger_spend(since timestamptz, until timestamptz, OUT entries bigint, OUT spend numeric)
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
AS $$
  SELECT count(*), coalesce(sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'fee', 'correct')), 0)
  FROM (
    SELECT kind, amount_pico_usd FROM ledger_entry
    WHERE started_at >= since AND started_at < until AND booked_late_at IS NULL
    UNION ALL
    SELECT kind, amount_pico_usd FROM ledger_entry
    WHERE booked_late_at >= since AND booked_late_at < until
  ) AS counted
$$;

CREATE OR REPLACE FUNCTION gateway_receipt(wanted uuid, made_at timestamptz, of_project text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT jsonb_build_object(
    'request', jsonb_build_object(
      'type', 'request', 'version', 1,
      'requestId', call.request_id,
      'operation', call.operation,
      'startedAtMs', round(extract(epoch FROM call.started_at) * 1000),
      'endedAtMs', round(extract(epoch FROM call.started_at) * 1000 + call.duration_ms),
      'gatewayId', call.gateway_id,
      'attribution', jsonb_build_object(
        'organisationId', call.organisation_id, 'teamId', call.team_id, 'projectId', call.project_id,
        'virtualKeyId', call.virtual_key_id, 'user', call.end_user, 'session', call.session_tag,
        'tags', to_jsonb(call.tags)),
      'routeId', call.route_id,
      'routeName', call.route_name,
      'requestedModel', call.requested_model,
      'connectionId', call.connection_id,
      'providerKind', call.provider_kind,
      'modelId', call.model_id,
      'providerModel', call.provider_model,
      'policyRevision', call.policy_revision,
      'stream', call.stream,
      'status', call.status,
      'errorCode', call.error_code,
      'verdict', call.verdict,
      'cache', call.cache,
      'attempts', call.attempts,
      'costPicoUsd', call.cost_pico_usd::text,
      'savedPicoUsd', call.saved_pico_usd::text,
      'timeToFirstTokenMs', call.time_to_first_token_ms,
      'durationMs', call.duration_ms,
      'gatewayOverheadMs', call.gateway_overhead_ms,
      'requestBytes', call.request_bytes,
      'responseBytes', call.response_bytes,
      'warnings', to_jsonb(call.warnings),
      'because', call.because),
    'attempts', coalesce(tried.attempts, '[]'),
    'corrections', coalesce(tried.corrections, '[]'))
  FROM request_log AS call
  LEFT JOIN LATERAL (
    SELECT
      jsonb_agg(
        jsonb_build_object(
          'type', 'attempt', 'version', 1,
          'attemptId', attempt.attempt_id,
          'requestId', attempt.request_id,
          'attemptNumber', attempt.attempt_number,
          'role', attempt.role,
          'operation', attempt.operation,
          'startedAtMs', round(extract(epoch FROM attempt.started_at) * 1000),
          'endedAtMs', round(extract(epoch FROM attempt.ended_at) * 1000),
          'gatewayId', attempt.gateway_id,
          'routeId', attempt.route_id,
          'connectionId', attempt.connection_id,
          'providerKind', attempt.provider_kind,
          'modelId', attempt.model_id,
          'providerModel', attempt.provider_model,
          'policyRevision', attempt.policy_revision,
          'priceVersionId', attempt.price_version_id,
          'holdPicoUsd', coalesce(entries.held, 0)::text,
          'expectedPicoUsd', attempt.expected_pico_usd::text,
          'closing', CASE WHEN entries.is_void THEN 'void' ELSE 'settle' END,
          'verdict', attempt.verdict,
          'failureClass', attempt.failure_class,
          'upstreamStatus', attempt.upstream_status,
          'costPicoUsd', coalesce(entries.cost, 0)::text,
          'usage', attempt.usage,
          'usageSource', attempt.usage_source,
          'lines', attempt.lines,
          'quotas', attempt.quotas,
          'timeToFirstTokenMs', attempt.time_to_first_token_ms)
        ORDER BY attempt.attempt_number, attempt.attempt_id) AS attempts,
      jsonb_path_query_array(jsonb_agg(entries.corrections), '$[*][*]') AS corrections
    FROM attempt_log AS attempt
    CROSS JOIN LATERAL (
      SELECT
        sum(amount_pico_usd) FILTER (WHERE kind = 'hold') AS held,
        sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'fee')) AS cost,
        bool_or(kind = 'void') AS is_void,
        coalesce(
          jsonb_agg(
            jsonb_build_object(
              'attemptId', ledger_entry.attempt_id,
              'amountPicoUsd', amount_pico_usd::text,
              'recordedAtMs', round(extract(epoch FROM recorded_at) * 1000))
            ORDER BY sequence) FILTER (WHERE kind = 'correct'),
          '[]') AS corrections
      FROM ledger_entry
      WHERE ledger_entry.started_at = attempt.started_at AND ledger_entry.attempt_id = attempt.attempt_id
    ) AS entries
    WHERE attempt.request_id = call.request_id
      AND attempt.started_at BETWEEN call.started_at - interval '10 minutes' AND call.started_at + interval '2 hours'
  ) AS tried ON true
  WHERE call.request_id = wanted
    AND call.started_at BETWEEN made_at - interval '10 minutes' AND made_at + interval '10 minutes'
    AND call.project_id = of_project
$$;
