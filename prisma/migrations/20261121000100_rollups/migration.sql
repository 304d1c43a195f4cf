-- Roll-ups are added to in the transaction that writes the ledger, so their sums are the ledger's at every instant.

-- The identity of one roll-up row within its hour: the hash of its dimensions in a fixed order.
CREATE FUNCTION rollup_dimension_key(dimensions jsonb) RETURNS bytea
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN sha256(convert_to(dimensions::text, 'UTF8'));

-- Adds spend: rows of {startedAt, organisationId, teamId, projectId, virtualKeyId, user, tags, routeId, connectionId,
-- providerKind, modelId, meter, quantity, costPicoUsd}, with startedAt in epoch milliseconds and amounts as strings.
CREATE FUNCTION rollup_add_cost(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO cost_rollup_hour (
    hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id,
    provider_kind, model_id, meter, quantity, cost_pico_usd)
  SELECT
    date_trunc('hour', to_timestamp(r."startedAt" / 1000.0), 'UTC') AS hour,
    rollup_dimension_key(jsonb_build_array(
      r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."user", to_jsonb(r.tags), r."routeId",
      r."connectionId", r."providerKind", r."modelId", r.meter)) AS dimension_key,
    r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."user", r.tags, r."routeId", r."connectionId",
    r."providerKind", r."modelId", r.meter, sum(r.quantity), sum(r."costPicoUsd")
  FROM jsonb_to_recordset(rows) AS r(
    "startedAt" bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "user" text,
    tags text[], "routeId" text, "connectionId" text, "providerKind" text, "modelId" text, meter text,
    quantity numeric, "costPicoUsd" numeric)
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
  -- One order for everybody, so that two writers never wait for each other in a circle.
  ORDER BY 1, 2
  ON CONFLICT (hour, dimension_key) DO UPDATE SET
    quantity = cost_rollup_hour.quantity + EXCLUDED.quantity,
    cost_pico_usd = cost_rollup_hour.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

-- Element-wise sum of two histograms of equal length.
CREATE FUNCTION rollup_add_buckets(a bigint[], b bigint[]) RETURNS bigint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY i)
          FROM unnest(a, b) WITH ORDINALITY AS u(x, y, i));

-- Adds calls, already aggregated by the caller per hour and dimensions: rows of {hour, organisationId, teamId, projectId,
-- virtualKeyId, routeId, connectionId, providerKind, modelId, requests, errors, refusals, cacheHits, cacheLookups,
-- attempts, durationBuckets, firstTokenBuckets, costPicoUsd}.
CREATE FUNCTION rollup_add_requests(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO request_rollup_hour (
    hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
    model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts, duration_buckets, first_token_buckets,
    cost_pico_usd)
  SELECT
    to_timestamp(r.hour / 1000.0),
    rollup_dimension_key(jsonb_build_array(
      r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."routeId", r."connectionId", r."providerKind",
      r."modelId")),
    r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."routeId", r."connectionId", r."providerKind",
    r."modelId", r.requests, r.errors, r.refusals, r."cacheHits", r."cacheLookups", r.attempts, r."durationBuckets",
    r."firstTokenBuckets", r."costPicoUsd"
  FROM jsonb_to_recordset(rows) AS r(
    hour bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "routeId" text,
    "connectionId" text, "providerKind" text, "modelId" text, requests bigint, errors bigint, refusals bigint,
    "cacheHits" bigint, "cacheLookups" bigint, attempts bigint, "durationBuckets" bigint[],
    "firstTokenBuckets" bigint[], "costPicoUsd" numeric)
  ORDER BY 1, 2
  ON CONFLICT (hour, dimension_key) DO UPDATE SET
    requests = request_rollup_hour.requests + EXCLUDED.requests,
    errors = request_rollup_hour.errors + EXCLUDED.errors,
    refusals = request_rollup_hour.refusals + EXCLUDED.refusals,
    cache_hits = request_rollup_hour.cache_hits + EXCLUDED.cache_hits,
    cache_lookups = request_rollup_hour.cache_lookups + EXCLUDED.cache_lookups,
    attempts = request_rollup_hour.attempts + EXCLUDED.attempts,
    duration_buckets = rollup_add_buckets(request_rollup_hour.duration_buckets, EXCLUDED.duration_buckets),
    first_token_buckets = rollup_add_buckets(request_rollup_hour.first_token_buckets, EXCLUDED.first_token_buckets),
    cost_pico_usd = request_rollup_hour.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

REVOKE ALL ON FUNCTION rollup_add_cost(jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION rollup_add_requests(jsonb) FROM PUBLIC;
