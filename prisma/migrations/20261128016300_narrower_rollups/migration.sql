-- Roll-ups of fewer dimensions. Those by person, tag and meter have a row for everybody in every hour, and most questions ask
-- for neither; histograms by key were summed over all keys by everybody who read them. So there is one of spend without
-- people and tags, one of spend and calls by person or tag and nothing else, and histograms are kept by what served a call.
-- They are written in the statement that writes the finer ones, so that their sums are the same at every instant.

-- Spend without who asked.
CREATE TABLE "spend_rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "quantity" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "spend_rollup_hour_pkey" PRIMARY KEY ("hour","dimension_key")
);
CREATE TABLE "spend_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "quantity" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "spend_rollup_day_pkey" PRIMARY KEY ("day","dimension_key")
);

-- Spend and calls of one user (`kind` user) or with one tag (`kind` tag) of a key; the value is empty where there is none.
CREATE TABLE "attribution_rollup_hour" (
    "kind" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "tokens" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "attribution_rollup_hour_pkey" PRIMARY KEY ("kind","hour","virtual_key_id","value")
);
CREATE TABLE "attribution_rollup_day" (
    "kind" TEXT NOT NULL,
    "day" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "requests" BIGINT NOT NULL,
    "tokens" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "attribution_rollup_day_pkey" PRIMARY KEY ("kind","day","virtual_key_id","value")
);

-- How calls were served, whoever made them.
CREATE TABLE "service_rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
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

    CONSTRAINT "service_rollup_hour_pkey" PRIMARY KEY ("hour","dimension_key")
);
CREATE TABLE "service_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
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

    CONSTRAINT "service_rollup_day_pkey" PRIMARY KEY ("day","dimension_key")
);

CREATE TABLE "ledger_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "usage_source" TEXT NOT NULL,
    "entries" BIGINT NOT NULL,
    "amount_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "ledger_rollup_day_pkey" PRIMARY KEY ("day","virtual_key_id","connection_id","model_id","kind","usage_source")
);

ALTER TABLE spend_rollup_hour SET (fillfactor = 80), ADD CONSTRAINT spend_rollup_hour_quantity_check CHECK (quantity >= 0);
ALTER TABLE spend_rollup_day SET (fillfactor = 80), ADD CONSTRAINT spend_rollup_day_quantity_check CHECK (quantity >= 0);
ALTER TABLE attribution_rollup_hour SET (fillfactor = 80),
  ADD CONSTRAINT attribution_rollup_hour_kind_check CHECK (kind IN ('user', 'tag')),
  ADD CONSTRAINT attribution_rollup_hour_counts_check CHECK (requests >= 0 AND tokens >= 0);
ALTER TABLE attribution_rollup_day SET (fillfactor = 80),
  ADD CONSTRAINT attribution_rollup_day_kind_check CHECK (kind IN ('user', 'tag')),
  ADD CONSTRAINT attribution_rollup_day_counts_check CHECK (requests >= 0 AND tokens >= 0);
ALTER TABLE service_rollup_hour SET (fillfactor = 80),
  ADD CONSTRAINT service_rollup_hour_counts_check CHECK (
    requests >= 0 AND errors >= 0 AND refusals >= 0 AND cache_hits >= 0 AND cache_lookups >= 0 AND attempts >= 0
  );
ALTER TABLE service_rollup_day SET (fillfactor = 80),
  ADD CONSTRAINT service_rollup_day_counts_check CHECK (
    requests >= 0 AND errors >= 0 AND refusals >= 0 AND cache_hits >= 0 AND cache_lookups >= 0 AND attempts >= 0
  );
ALTER TABLE ledger_rollup_day SET (fillfactor = 80), ADD CONSTRAINT ledger_rollup_day_entries_check CHECK (entries >= 0);

-- The meters that count tokens; a test compares this list with packages/metering.
CREATE FUNCTION rollup_counts_tokens(meter text) RETURNS boolean
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN meter IN ('input', 'cached_input', 'cache_write_5m', 'cache_write_30m', 'cache_write_1h', 'cache_write_12h',
    'audio_input', 'image_input', 'output', 'reasoning', 'audio_output', 'image_output');

-- What a call stands under in the roll-up of people and tags: its user, and each of its tags.
CREATE FUNCTION rollup_labels(end_user text, tags text[], OUT kind text, OUT value text) RETURNS SETOF record
  LANGUAGE sql IMMUTABLE PARALLEL SAFE ROWS 3
  BEGIN ATOMIC
    SELECT 'user', coalesce(end_user, '')
    UNION ALL
    SELECT 'tag', tag FROM unnest(tags) AS tag
    UNION ALL
    SELECT 'tag', '' WHERE coalesce(cardinality(tags), 0) = 0;
  END;

-- As before, and into the roll-ups of fewer dimensions as well. `calls` are the requests that people and tags made, for the roll-up
-- of those: rows of {hour, organisationId, teamId, projectId, virtualKeyId, user, tags, requests}, with the hour in epoch
-- milliseconds. They come with the spend, and not by a trigger of the log, so that every writer locks roll-ups in one order.
DROP FUNCTION rollup_add_cost(jsonb);
CREATE FUNCTION rollup_add_cost(rows jsonb, calls jsonb DEFAULT '[]') RETURNS void
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
  ), spent AS MATERIALIZED (
    SELECT hour,
      rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id,
        provider_kind, model_id, meter)) AS dimension_key,
      organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id, meter,
      sum(quantity) AS quantity, sum(cost) AS cost
    FROM by_hour
    GROUP BY hour, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id,
      meter
  ), attributed AS MATERIALIZED (
    SELECT label.kind, known.hour, known.virtual_key_id, label.value, min(organisation_id) AS organisation_id,
      min(team_id) AS team_id, min(project_id) AS project_id, sum(requests) AS requests, sum(tokens) AS tokens,
      sum(cost) AS cost
    FROM (
      SELECT hour, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, 0 AS requests,
        CASE WHEN rollup_counts_tokens(meter) THEN quantity ELSE 0 END AS tokens, cost
      FROM by_hour
      UNION ALL
      SELECT to_timestamp(made.hour / 1000.0), made."organisationId", made."teamId", made."projectId", made."virtualKeyId",
        made."user", made.tags, made.requests, 0, 0
      FROM jsonb_to_recordset(calls) AS made(
        hour bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "user" text, tags text[],
        requests bigint)
    ) AS known
    CROSS JOIN LATERAL rollup_labels(end_user, tags) AS label
    GROUP BY 1, 2, 3, 4
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
  ), daily AS (
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
  ), spent_hourly AS (
    INSERT INTO spend_rollup_hour AS rolled (
      hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
      model_id, meter, quantity, cost_pico_usd)
    SELECT * FROM spent
    ORDER BY 1, 2
    ON CONFLICT (hour, dimension_key) DO UPDATE SET
      quantity = rolled.quantity + EXCLUDED.quantity,
      cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
  ), spent_daily AS (
    INSERT INTO spend_rollup_day AS rolled (
      day, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
      model_id, meter, quantity, cost_pico_usd)
    SELECT date_trunc('day', hour, 'UTC'), dimension_key, min(organisation_id), min(team_id), min(project_id),
      min(virtual_key_id), min(route_id), min(connection_id), min(provider_kind), min(model_id), min(meter), sum(quantity),
      sum(cost)
    FROM spent
    GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (day, dimension_key) DO UPDATE SET
      quantity = rolled.quantity + EXCLUDED.quantity,
      cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
  ), attributed_hourly AS (
    INSERT INTO attribution_rollup_hour AS rolled (
      kind, hour, virtual_key_id, value, organisation_id, team_id, project_id, requests, tokens, cost_pico_usd)
    SELECT * FROM attributed
    ORDER BY 1, 2, 3, 4
    ON CONFLICT (kind, hour, virtual_key_id, value) DO UPDATE SET
      requests = rolled.requests + EXCLUDED.requests,
      tokens = rolled.tokens + EXCLUDED.tokens,
      cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
  )
  INSERT INTO attribution_rollup_day AS rolled (
    kind, day, virtual_key_id, value, organisation_id, team_id, project_id, requests, tokens, cost_pico_usd)
  SELECT kind, date_trunc('day', hour, 'UTC'), virtual_key_id, value, min(organisation_id), min(team_id), min(project_id),
    sum(requests), sum(tokens), sum(cost)
  FROM attributed
  GROUP BY 1, 2, 3, 4
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (kind, day, virtual_key_id, value) DO UPDATE SET
    requests = rolled.requests + EXCLUDED.requests,
    tokens = rolled.tokens + EXCLUDED.tokens,
    cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

-- Calls of a key are only counted; their histograms are of what served them.
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
  ), served AS MATERIALIZED (
    SELECT instant,
      rollup_dimension_key(jsonb_build_array("organisationId", "teamId", "projectId", "routeId", "connectionId",
        "providerKind", "modelId")) AS dimension_key,
      "organisationId", "teamId", "projectId", "routeId", "connectionId", "providerKind", "modelId",
      sum(requests) AS requests, sum(errors) AS errors, sum(refusals) AS refusals, sum("cacheHits") AS cache_hits,
      sum("cacheLookups") AS cache_lookups, sum(attempts) AS attempts,
      rollup_sum_buckets("durationBuckets") AS duration_buckets,
      rollup_sum_buckets("firstTokenBuckets") AS first_token_buckets
    FROM given
    GROUP BY instant, "organisationId", "teamId", "projectId", "routeId", "connectionId", "providerKind", "modelId"
  ), hourly AS (
    INSERT INTO request_rollup_hour AS rolled (
      hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
      model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts, cost_pico_usd)
    SELECT instant, dimension_key, "organisationId", "teamId", "projectId", "virtualKeyId", "routeId", "connectionId",
      "providerKind", "modelId", requests, errors, refusals, "cacheHits", "cacheLookups", attempts, "costPicoUsd"
    FROM given
    ORDER BY 1, 2
    ON CONFLICT (hour, dimension_key) DO UPDATE SET
      requests = rolled.requests + EXCLUDED.requests,
      errors = rolled.errors + EXCLUDED.errors,
      refusals = rolled.refusals + EXCLUDED.refusals,
      cache_hits = rolled.cache_hits + EXCLUDED.cache_hits,
      cache_lookups = rolled.cache_lookups + EXCLUDED.cache_lookups,
      attempts = rolled.attempts + EXCLUDED.attempts,
      cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
  ), daily AS (
    INSERT INTO request_rollup_day AS rolled (
      day, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind,
      model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts, cost_pico_usd)
    SELECT date_trunc('day', instant, 'UTC'), dimension_key, min("organisationId"), min("teamId"), min("projectId"),
      min("virtualKeyId"), min("routeId"), min("connectionId"), min("providerKind"), min("modelId"), sum(requests),
      sum(errors), sum(refusals), sum("cacheHits"), sum("cacheLookups"), sum(attempts), sum("costPicoUsd")
    FROM given
    GROUP BY 1, 2
    ORDER BY 1, 2
    ON CONFLICT (day, dimension_key) DO UPDATE SET
      requests = rolled.requests + EXCLUDED.requests,
      errors = rolled.errors + EXCLUDED.errors,
      refusals = rolled.refusals + EXCLUDED.refusals,
      cache_hits = rolled.cache_hits + EXCLUDED.cache_hits,
      cache_lookups = rolled.cache_lookups + EXCLUDED.cache_lookups,
      attempts = rolled.attempts + EXCLUDED.attempts,
      cost_pico_usd = rolled.cost_pico_usd + EXCLUDED.cost_pico_usd
  ), served_hourly AS (
    INSERT INTO service_rollup_hour AS rolled (
      hour, dimension_key, organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id, requests,
      errors, refusals, cache_hits, cache_lookups, attempts, duration_buckets, first_token_buckets)
    SELECT * FROM served
    ORDER BY 1, 2
    ON CONFLICT (hour, dimension_key) DO UPDATE SET
      requests = rolled.requests + EXCLUDED.requests,
      errors = rolled.errors + EXCLUDED.errors,
      refusals = rolled.refusals + EXCLUDED.refusals,
      cache_hits = rolled.cache_hits + EXCLUDED.cache_hits,
      cache_lookups = rolled.cache_lookups + EXCLUDED.cache_lookups,
      attempts = rolled.attempts + EXCLUDED.attempts,
      duration_buckets = rollup_add_buckets(rolled.duration_buckets, EXCLUDED.duration_buckets),
      first_token_buckets = rollup_add_buckets(rolled.first_token_buckets, EXCLUDED.first_token_buckets)
  )
  INSERT INTO service_rollup_day AS rolled (
    day, dimension_key, organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id, requests,
    errors, refusals, cache_hits, cache_lookups, attempts, duration_buckets, first_token_buckets)
  SELECT date_trunc('day', instant, 'UTC'), dimension_key, min("organisationId"), min("teamId"), min("projectId"),
    min("routeId"), min("connectionId"), min("providerKind"), min("modelId"), sum(requests), sum(errors), sum(refusals),
    sum(cache_hits), sum(cache_lookups), sum(attempts), rollup_sum_buckets(duration_buckets),
    rollup_sum_buckets(first_token_buckets)
  FROM served
  GROUP BY 1, 2
  ORDER BY 1, 2
  ON CONFLICT (day, dimension_key) DO UPDATE SET
    requests = rolled.requests + EXCLUDED.requests,
    errors = rolled.errors + EXCLUDED.errors,
    refusals = rolled.refusals + EXCLUDED.refusals,
    cache_hits = rolled.cache_hits + EXCLUDED.cache_hits,
    cache_lookups = rolled.cache_lookups + EXCLUDED.cache_lookups,
    attempts = rolled.attempts + EXCLUDED.attempts,
    duration_buckets = rollup_add_buckets(rolled.duration_buckets, EXCLUDED.duration_buckets),
    first_token_buckets = rollup_add_buckets(rolled.first_token_buckets, EXCLUDED.first_token_buckets)
$$;

CREATE OR REPLACE FUNCTION roll_up_ledger() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  WITH by_hour AS MATERIALIZED (
    SELECT date_trunc('hour', coalesce(booked_late_at, started_at), 'UTC') AS hour, virtual_key_id, connection_id, model_id,
      kind, coalesce(usage_source, '') AS usage_source, count(*) AS entries, sum(amount_pico_usd) AS amount
    FROM written
    GROUP BY 1, 2, 3, 4, 5, 6
  ), hourly AS (
    INSERT INTO ledger_rollup_hour AS rolled
      (hour, virtual_key_id, connection_id, model_id, kind, usage_source, entries, amount_pico_usd)
    SELECT * FROM by_hour
    -- One order for everybody, so that two writers never wait for each other in a circle.
    ORDER BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (hour, virtual_key_id, connection_id, model_id, kind, usage_source) DO UPDATE SET
      entries = rolled.entries + EXCLUDED.entries,
      amount_pico_usd = rolled.amount_pico_usd + EXCLUDED.amount_pico_usd
  )
  INSERT INTO ledger_rollup_day AS rolled
    (day, virtual_key_id, connection_id, model_id, kind, usage_source, entries, amount_pico_usd)
  SELECT date_trunc('day', hour, 'UTC'), virtual_key_id, connection_id, model_id, kind, usage_source, sum(entries),
    sum(amount)
  FROM by_hour
  GROUP BY 1, 2, 3, 4, 5, 6
  ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (day, virtual_key_id, connection_id, model_id, kind, usage_source) DO UPDATE SET
    entries = rolled.entries + EXCLUDED.entries,
    amount_pico_usd = rolled.amount_pico_usd + EXCLUDED.amount_pico_usd;
  RETURN NULL;
END;
$$;

-- What was rolled up before this migration. Of hours whose requests were dropped already only the days know how many there were.
INSERT INTO spend_rollup_hour
SELECT hour,
  rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id,
    provider_kind, model_id, meter)),
  organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id, meter, quantity,
  cost
FROM (
  SELECT hour, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id, meter,
    sum(quantity) AS quantity, sum(cost_pico_usd) AS cost
  FROM cost_rollup_hour
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
) AS spent;
INSERT INTO spend_rollup_day
SELECT day,
  rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id,
    provider_kind, model_id, meter)),
  organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id, meter, quantity,
  cost
FROM (
  SELECT day, organisation_id, team_id, project_id, virtual_key_id, route_id, connection_id, provider_kind, model_id, meter,
    sum(quantity) AS quantity, sum(cost_pico_usd) AS cost
  FROM cost_rollup_day
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
) AS spent;
INSERT INTO attribution_rollup_hour
SELECT label.kind, hour, virtual_key_id, label.value, min(organisation_id), min(team_id), min(project_id), sum(requests),
  sum(tokens), sum(cost)
FROM (
  SELECT hour, virtual_key_id, organisation_id, team_id, project_id, end_user, tags, 0 AS requests,
    CASE WHEN rollup_counts_tokens(meter) THEN quantity ELSE 0 END AS tokens, cost_pico_usd AS cost
  FROM cost_rollup_hour
  UNION ALL
  SELECT date_trunc('hour', started_at, 'UTC'), virtual_key_id, organisation_id, team_id, project_id, end_user, tags, 1, 0, 0
  FROM request_log
) AS known
CROSS JOIN LATERAL rollup_labels(end_user, tags) AS label
GROUP BY 1, 2, 3, 4;
INSERT INTO attribution_rollup_day
SELECT label.kind, day, virtual_key_id, label.value, min(organisation_id), min(team_id), min(project_id), sum(requests),
  sum(tokens), sum(cost)
FROM (
  SELECT day, virtual_key_id, organisation_id, team_id, project_id, end_user, tags, 0 AS requests,
    CASE WHEN rollup_counts_tokens(meter) THEN quantity ELSE 0 END AS tokens, cost_pico_usd AS cost
  FROM cost_rollup_day
  UNION ALL
  SELECT day, virtual_key_id, organisation_id, team_id, project_id, end_user, tags, requests, 0, 0
  FROM caller_rollup_day
) AS known
CROSS JOIN LATERAL rollup_labels(end_user, tags) AS label
GROUP BY 1, 2, 3, 4;
INSERT INTO service_rollup_hour
SELECT hour,
  rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, route_id, connection_id, provider_kind,
    model_id)),
  organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id, requests, errors, refusals,
  cache_hits, cache_lookups, attempts, durations, first_tokens
FROM (
  SELECT hour, organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id,
    sum(requests) AS requests, sum(errors) AS errors, sum(refusals) AS refusals, sum(cache_hits) AS cache_hits,
    sum(cache_lookups) AS cache_lookups, sum(attempts) AS attempts, rollup_sum_buckets(duration_buckets) AS durations,
    rollup_sum_buckets(first_token_buckets) AS first_tokens
  FROM request_rollup_hour
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
) AS served;
INSERT INTO service_rollup_day
SELECT day,
  rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, route_id, connection_id, provider_kind,
    model_id)),
  organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id, requests, errors, refusals,
  cache_hits, cache_lookups, attempts, durations, first_tokens
FROM (
  SELECT day, organisation_id, team_id, project_id, route_id, connection_id, provider_kind, model_id,
    sum(requests) AS requests, sum(errors) AS errors, sum(refusals) AS refusals, sum(cache_hits) AS cache_hits,
    sum(cache_lookups) AS cache_lookups, sum(attempts) AS attempts, rollup_sum_buckets(duration_buckets) AS durations,
    rollup_sum_buckets(first_token_buckets) AS first_tokens
  FROM request_rollup_day
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8
) AS served;
INSERT INTO ledger_rollup_day
SELECT date_trunc('day', hour, 'UTC'), virtual_key_id, connection_id, model_id, kind, usage_source, sum(entries),
  sum(amount_pico_usd)
FROM ledger_rollup_hour
GROUP BY 1, 2, 3, 4, 5, 6;

ALTER TABLE request_rollup_hour DROP COLUMN duration_buckets, DROP COLUMN first_token_buckets;
ALTER TABLE request_rollup_day DROP COLUMN duration_buckets, DROP COLUMN first_token_buckets;
-- The last day of a key.
CREATE INDEX "request_rollup_day_virtual_key_id_day_idx" ON "request_rollup_day"("virtual_key_id", "day");

REVOKE ALL ON FUNCTION rollup_add_cost(jsonb, jsonb), rollup_counts_tokens(text), rollup_labels(text, text[]) FROM PUBLIC;
