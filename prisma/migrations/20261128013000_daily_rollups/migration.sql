-- Roll-ups by day (UTC) beside those by hour: reports of weeks and months read a twenty-fourth of the rows. They have the
-- columns of the hourly ones, and are written in the same statement, so that their sums are the same at every instant.
CREATE TABLE "cost_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "end_user" TEXT,
    "tags" TEXT[],
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "quantity" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "cost_rollup_day_pkey" PRIMARY KEY ("day","dimension_key")
);
CREATE INDEX "cost_rollup_day_team_id_day_idx" ON "cost_rollup_day"("team_id", "day");

CREATE TABLE "request_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "route_id" TEXT,
    "connection_id" TEXT,
    "provider_kind" TEXT,
    "model_id" TEXT,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "refusals" BIGINT NOT NULL,
    "cache_hits" BIGINT NOT NULL,
    "cache_lookups" BIGINT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "duration_buckets" BIGINT[],
    "first_token_buckets" BIGINT[],
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "request_rollup_day_pkey" PRIMARY KEY ("day","dimension_key")
);
CREATE INDEX "request_rollup_day_route_id_day_idx" ON "request_rollup_day"("route_id", "day");

ALTER TABLE cost_rollup_day
  ADD CONSTRAINT cost_rollup_day_quantity_check CHECK (quantity >= 0);
ALTER TABLE request_rollup_day
  ADD CONSTRAINT request_rollup_day_counts_check CHECK (
    requests >= 0 AND errors >= 0 AND refusals >= 0 AND cache_hits >= 0 AND cache_lookups >= 0 AND attempts >= 0
  );

-- As before, and by day as well. One statement places every row in time once: at midnight, hour and day agree.
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
    SELECT date_trunc('hour', reported_at, 'UTC') AS hour, dimension_key, "organisationId", "teamId", "projectId",
      "virtualKeyId", "user", tags, "routeId", "connectionId", "providerKind", "modelId", reported_meter,
      sum(quantity) AS quantity, sum("costPicoUsd") AS cost
    FROM placed
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
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
  SELECT date_trunc('day', hour, 'UTC'), dimension_key, "organisationId", "teamId", "projectId", "virtualKeyId",
    "user", tags, "routeId", "connectionId", "providerKind", "modelId", reported_meter, sum(quantity), sum(cost)
  FROM by_hour
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
  ORDER BY 1, 2
  ON CONFLICT (day, dimension_key) DO UPDATE SET
    quantity = cost_rollup_day.quantity + EXCLUDED.quantity,
    cost_pico_usd = cost_rollup_day.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

-- The element-wise sum of histograms.
CREATE AGGREGATE rollup_sum_buckets(bigint[]) (
  SFUNC = rollup_add_buckets, STYPE = bigint[], PARALLEL = SAFE
);

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
  SELECT date_trunc('day', instant, 'UTC'), dimension_key, "organisationId", "teamId", "projectId", "virtualKeyId",
    "routeId", "connectionId", "providerKind", "modelId", sum(requests), sum(errors), sum(refusals), sum("cacheHits"),
    sum("cacheLookups"), sum(attempts), rollup_sum_buckets("durationBuckets"), rollup_sum_buckets("firstTokenBuckets"),
    sum("costPicoUsd")
  FROM given
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
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

-- What was rolled up before this migration.
INSERT INTO cost_rollup_day
SELECT date_trunc('day', hour, 'UTC'), dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user,
  tags, route_id, connection_id, provider_kind, model_id, meter, sum(quantity), sum(cost_pico_usd)
FROM cost_rollup_hour
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13;
INSERT INTO request_rollup_day
SELECT date_trunc('day', hour, 'UTC'), dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id,
  connection_id, provider_kind, model_id, sum(requests), sum(errors), sum(refusals), sum(cache_hits),
  sum(cache_lookups), sum(attempts), rollup_sum_buckets(duration_buckets), rollup_sum_buckets(first_token_buckets),
  sum(cost_pico_usd)
FROM request_rollup_hour
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
