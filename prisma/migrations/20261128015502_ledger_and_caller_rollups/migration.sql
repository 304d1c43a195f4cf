-- Two more roll-ups, for questions that the others could not answer without reading every row of a month: what the ledger
-- holds, entry by entry, and how many calls a person or a tag made. Triggers write them in the statement that writes the
-- rows, whoever that is, so that they are the sums of those rows at every instant.
CREATE TABLE "ledger_rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "usage_source" TEXT NOT NULL,
    "entries" BIGINT NOT NULL,
    "amount_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "ledger_rollup_hour_pkey" PRIMARY KEY ("hour","virtual_key_id","connection_id","model_id","kind","usage_source")
);
CREATE TABLE "caller_rollup_day" (
    "day" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "end_user" TEXT,
    "tags" TEXT[],
    "route_id" TEXT,
    "connection_id" TEXT,
    "provider_kind" TEXT,
    "model_id" TEXT,
    "requests" BIGINT NOT NULL,

    CONSTRAINT "caller_rollup_day_pkey" PRIMARY KEY ("day","dimension_key")
);
ALTER TABLE ledger_rollup_hour SET (fillfactor = 80), ADD CONSTRAINT ledger_rollup_hour_entries_check CHECK (entries >= 0);
ALTER TABLE caller_rollup_day SET (fillfactor = 80), ADD CONSTRAINT caller_rollup_day_requests_check CHECK (requests >= 0);

-- Entries count where they count in reports: at their own time, or where they were booked late.
CREATE FUNCTION roll_up_ledger() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO ledger_rollup_hour AS rolled
    (hour, virtual_key_id, connection_id, model_id, kind, usage_source, entries, amount_pico_usd)
  SELECT date_trunc('hour', coalesce(booked_late_at, started_at), 'UTC'), virtual_key_id, connection_id, model_id, kind,
    coalesce(usage_source, ''), count(*), sum(amount_pico_usd)
  FROM written
  GROUP BY 1, 2, 3, 4, 5, 6
  -- One order for everybody, so that two writers never wait for each other in a circle.
  ORDER BY 1, 2, 3, 4, 5, 6
  ON CONFLICT (hour, virtual_key_id, connection_id, model_id, kind, usage_source) DO UPDATE SET
    entries = rolled.entries + EXCLUDED.entries,
    amount_pico_usd = rolled.amount_pico_usd + EXCLUDED.amount_pico_usd;
  RETURN NULL;
END;
$$;
CREATE TRIGGER roll_up AFTER INSERT ON ledger_entry
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION roll_up_ledger();

CREATE FUNCTION roll_up_callers() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  INSERT INTO caller_rollup_day AS rolled (day, dimension_key, organisation_id, team_id, project_id, virtual_key_id,
    end_user, tags, route_id, connection_id, provider_kind, model_id, requests)
  SELECT day,
    rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user,
      to_jsonb(tags), route_id, connection_id, provider_kind, model_id)) AS dimension_key,
    organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind,
    model_id, requests
  FROM (
    SELECT date_trunc('day', started_at, 'UTC') AS day, organisation_id, team_id, project_id, virtual_key_id, end_user,
      tags, route_id, connection_id, provider_kind, model_id, count(*) AS requests
    FROM written
    GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
  ) AS counted
  ORDER BY 1, 2
  ON CONFLICT (day, dimension_key) DO UPDATE SET requests = rolled.requests + EXCLUDED.requests;
  RETURN NULL;
END;
$$;
CREATE TRIGGER roll_up AFTER INSERT ON request_log
  REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION roll_up_callers();

-- What was written before this migration.
INSERT INTO ledger_rollup_hour
SELECT date_trunc('hour', coalesce(booked_late_at, started_at), 'UTC'), virtual_key_id, connection_id, model_id, kind,
  coalesce(usage_source, ''), count(*), sum(amount_pico_usd)
FROM ledger_entry
GROUP BY 1, 2, 3, 4, 5, 6;
INSERT INTO caller_rollup_day
SELECT day,
  rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user, to_jsonb(tags),
    route_id, connection_id, provider_kind, model_id)),
  organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind, model_id,
  requests
FROM (
  SELECT date_trunc('day', started_at, 'UTC') AS day, organisation_id, team_id, project_id, virtual_key_id, end_user,
    tags, route_id, connection_id, provider_kind, model_id, count(*) AS requests
  FROM request_log
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
) AS counted;

-- The few attempts whose cost somebody has yet to confirm.
CREATE INDEX ledger_entry_uncertain_idx ON ledger_entry (started_at DESC, attempt_id DESC)
  WHERE kind = 'settle' AND usage_source IN ('provider_partial', 'estimate', 'upper_bound');
CREATE INDEX attempt_log_uncertain_idx ON attempt_log (started_at)
  WHERE usage_source IN ('provider_partial', 'estimate', 'upper_bound');

REVOKE ALL ON FUNCTION roll_up_ledger(), roll_up_callers() FROM PUBLIC;
