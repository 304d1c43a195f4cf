-- Roll-ups at ingestion speed: the same sums as before, for a third of the work.

-- Half of the work was taking histograms apart into rows and back. Histograms of our length are added bucket by bucket in one
-- expression, which PL/pgSQL prepares once a transaction; those of any other length go the way they went before.
CREATE FUNCTION rollup_add_any_buckets(a bigint[], b bigint[]) RETURNS bigint[]
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN (SELECT array_agg(coalesce(x, 0) + coalesce(y, 0) ORDER BY i)
          FROM unnest(a, b) WITH ORDINALITY AS u(x, y, i));

DO $build$
BEGIN
  EXECUTE (
    SELECT format(
      'CREATE OR REPLACE FUNCTION rollup_add_buckets(a bigint[], b bigint[]) RETURNS bigint[]
         LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
       AS $$
       BEGIN
         IF a IS NULL THEN RETURN b; END IF;
         IF cardinality(a) = 68 AND cardinality(b) = 68 THEN RETURN ARRAY[%s]; END IF;
         RETURN rollup_add_any_buckets(a, b);
       END;
       $$',
      string_agg(format('coalesce(a[%s], 0) + coalesce(b[%s], 0)', i, i), ', ' ORDER BY i))
    FROM generate_series(1, 68) AS i);
END;
$build$;

-- Room on every page for the next version of its rows: an update that stays on its page leaves the indexes alone.
ALTER TABLE cost_rollup_hour SET (fillfactor = 80);
ALTER TABLE cost_rollup_day SET (fillfactor = 80);
ALTER TABLE request_rollup_hour SET (fillfactor = 80);
ALTER TABLE request_rollup_day SET (fillfactor = 80);

-- As before; rows are grouped by what identifies them, as all else follows from it. A caller that has added up the rows of
-- an hour already may give its start as the time: months are closed, so an hour is closed or open as a whole.
CREATE OR REPLACE FUNCTION rollup_add_cost(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  WITH placed AS MATERIALIZED (
    SELECT given.*, booked.reported_at, booked.reported_meter,
      rollup_dimension_key(jsonb_build_array(
        given."organisationId", given."teamId", given."projectId", given."virtualKeyId", given."user",
        to_jsonb(given.tags), given."routeId", given."connectionId", given."providerKind", given."modelId",
        booked.reported_meter)) AS dimension_key
    FROM jsonb_to_recordset(rows) AS given(
      "startedAt" bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "user" text,
      tags text[], "routeId" text, "connectionId" text, "providerKind" text, "modelId" text, meter text,
      quantity numeric, "costPicoUsd" numeric)
    CROSS JOIN (SELECT ledger_closed_until() AS closed_until, clock_timestamp() AS present) AS books
    CROSS JOIN LATERAL (
      SELECT to_timestamp(given."startedAt" / 1000.0) AS instant,
        to_timestamp(given."startedAt" / 1000.0) < books.closed_until AS is_late
    ) AS known
    CROSS JOIN LATERAL (
      SELECT CASE WHEN known.is_late THEN books.present ELSE known.instant END AS reported_at,
        CASE WHEN given.meter = 'correction' AND known.is_late THEN 'closed_correction' ELSE given.meter END
          AS reported_meter
    ) AS booked
  ), by_hour AS MATERIALIZED (
    SELECT date_trunc('hour', reported_at, 'UTC') AS hour, dimension_key, min("organisationId") AS organisation_id,
      min("teamId") AS team_id, min("projectId") AS project_id, min("virtualKeyId") AS virtual_key_id, min("user") AS end_user,
      min(tags) AS tags, min("routeId") AS route_id, min("connectionId") AS connection_id,
      min("providerKind") AS provider_kind, min("modelId") AS model_id, min(reported_meter) AS meter,
      sum(quantity) AS quantity, sum("costPicoUsd") AS cost
    FROM placed
    GROUP BY 1, 2
  ), hourly AS (
    INSERT INTO cost_rollup_hour (
      hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id,
      connection_id, provider_kind, model_id, meter, quantity, cost_pico_usd)
    SELECT * FROM by_hour
    -- One order for everybody, so that two writers never wait for each other in a circle.
    ORDER BY 1, 2
    ON CONFLICT (hour, dimension_key) DO UPDATE SET
      quantity = cost_rollup_hour.quantity + EXCLUDED.quantity,
      cost_pico_usd = cost_rollup_hour.cost_pico_usd + EXCLUDED.cost_pico_usd
  )
  INSERT INTO cost_rollup_day (
    day, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id,
    connection_id, provider_kind, model_id, meter, quantity, cost_pico_usd)
  SELECT date_trunc('day', hour, 'UTC'), dimension_key, min(organisation_id), min(team_id), min(project_id),
    min(virtual_key_id), min(end_user), min(tags), min(route_id), min(connection_id), min(provider_kind), min(model_id),
    min(meter), sum(quantity), sum(cost)
  FROM by_hour
  GROUP BY 1, 2
  ORDER BY 1, 2
  ON CONFLICT (day, dimension_key) DO UPDATE SET
    quantity = cost_rollup_day.quantity + EXCLUDED.quantity,
    cost_pico_usd = cost_rollup_day.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

CREATE OR REPLACE FUNCTION rollup_add_requests(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  WITH given AS MATERIALIZED (
    SELECT to_timestamp(r.hour / 1000.0) AS instant,
      rollup_dimension_key(jsonb_build_array(
        r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."routeId", r."connectionId",
        r."providerKind", r."modelId")) AS dimension_key,
      r.*
    FROM jsonb_to_recordset(rows) AS r(
      hour bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "routeId" text,
      "connectionId" text, "providerKind" text, "modelId" text, requests bigint, errors bigint, refusals bigint,
      "cacheHits" bigint, "cacheLookups" bigint, attempts bigint, "durationBuckets" bigint[],
      "firstTokenBuckets" bigint[], "costPicoUsd" numeric)
  ), hourly AS (
    INSERT INTO request_rollup_hour (
      hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
      model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts, duration_buckets, first_token_buckets,
      cost_pico_usd)
    SELECT instant, dimension_key, "organisationId", "teamId", "projectId", "virtualKeyId", "routeId", "connectionId",
      "providerKind", "modelId", requests, errors, refusals, "cacheHits", "cacheLookups", attempts, "durationBuckets",
      "firstTokenBuckets", "costPicoUsd"
    FROM given
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
  )
  INSERT INTO request_rollup_day (
    day, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
    model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts, duration_buckets, first_token_buckets,
    cost_pico_usd)
  SELECT date_trunc('day', instant, 'UTC'), dimension_key, min("organisationId"), min("teamId"), min("projectId"),
    min("virtualKeyId"), min("routeId"), min("connectionId"), min("providerKind"), min("modelId"), sum(requests),
    sum(errors), sum(refusals), sum("cacheHits"), sum("cacheLookups"), sum(attempts),
    rollup_sum_buckets("durationBuckets"), rollup_sum_buckets("firstTokenBuckets"), sum("costPicoUsd")
  FROM given
  GROUP BY 1, 2
  ORDER BY 1, 2
  ON CONFLICT (day, dimension_key) DO UPDATE SET
    requests = request_rollup_day.requests + EXCLUDED.requests,
    errors = request_rollup_day.errors + EXCLUDED.errors,
    refusals = request_rollup_day.refusals + EXCLUDED.refusals,
    cache_hits = request_rollup_day.cache_hits + EXCLUDED.cache_hits,
    cache_lookups = request_rollup_day.cache_lookups + EXCLUDED.cache_lookups,
    attempts = request_rollup_day.attempts + EXCLUDED.attempts,
    duration_buckets = rollup_add_buckets(request_rollup_day.duration_buckets, EXCLUDED.duration_buckets),
    first_token_buckets = rollup_add_buckets(request_rollup_day.first_token_buckets, EXCLUDED.first_token_buckets),
    cost_pico_usd = request_rollup_day.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

REVOKE ALL ON FUNCTION rollup_add_any_buckets(bigint[], bigint[]) FROM PUBLIC;
