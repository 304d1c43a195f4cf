-- Roll-ups are written with the rows that they sum. That they still are those sums is checked again for every day that is
-- over, in turn and for ever, group by group.
CREATE TABLE "roll_up_check" (
    "day" DATE NOT NULL,
    "checked_at" TIMESTAMPTZ(3) NOT NULL,
    "groups" BIGINT NOT NULL,
    "differences" JSONB NOT NULL,

    CONSTRAINT "roll_up_check_pkey" PRIMARY KEY ("day")
);

-- Every roll-up of a day (UTC) beside what it sums: how many groups there are, and how many differ. One statement, so one
-- snapshot. Without the request log of that day what sums it cannot be told.
CREATE FUNCTION roll_up_differences(of_day date, log_is_kept boolean)
RETURNS TABLE (roll_up text, groups bigint, differing bigint)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
  WITH day AS (
    SELECT of_day::timestamp AT TIME ZONE 'UTC' AS since, (of_day + 1)::timestamp AT TIME ZONE 'UTC' AS until
  ), entries AS MATERIALIZED (
    SELECT date_trunc('hour', counted_at, 'UTC') AS hour, virtual_key_id, connection_id, model_id, kind,
      coalesce(usage_source, '') AS usage_source, count(*) AS entries, sum(amount_pico_usd) AS amount
    FROM (
      SELECT started_at AS counted_at, virtual_key_id, connection_id, model_id, kind, usage_source, amount_pico_usd
      FROM ledger_entry, day WHERE started_at >= since AND started_at < until AND booked_late_at IS NULL
      UNION ALL
      SELECT booked_late_at, virtual_key_id, connection_id, model_id, kind, usage_source, amount_pico_usd
      FROM ledger_entry, day WHERE booked_late_at >= since AND booked_late_at < until
    ) AS counted
    GROUP BY 1, 2, 3, 4, 5, 6
  )
  SELECT 'ledger_rollup_hour', count(*),
    count(*) FILTER (WHERE raw.entries IS DISTINCT FROM rolled.entries OR raw.amount IS DISTINCT FROM rolled.amount_pico_usd)
  FROM entries AS raw
  FULL JOIN (
    SELECT ledger_rollup_hour.* FROM ledger_rollup_hour, day WHERE hour >= since AND hour < until
  ) AS rolled USING (hour, virtual_key_id, connection_id, model_id, kind, usage_source)
  UNION ALL
  SELECT 'ledger_rollup_day', count(*),
    count(*) FILTER (WHERE raw.entries IS DISTINCT FROM rolled.entries OR raw.amount IS DISTINCT FROM rolled.amount_pico_usd)
  FROM (
    SELECT virtual_key_id, connection_id, model_id, kind, usage_source, sum(entries) AS entries, sum(amount) AS amount
    FROM entries GROUP BY 1, 2, 3, 4, 5
  ) AS raw
  FULL JOIN (
    SELECT ledger_rollup_day.* FROM ledger_rollup_day, day WHERE ledger_rollup_day.day = since
  ) AS rolled USING (virtual_key_id, connection_id, model_id, kind, usage_source)
  UNION ALL
  SELECT 'cost_rollup_hour', count(*), count(*) FILTER (WHERE coalesce(raw.amount, 0) <> coalesce(rolled.amount, 0))
  FROM (
    SELECT hour, virtual_key_id, connection_id, model_id, sum(amount) AS amount
    FROM entries WHERE kind IN ('settle', 'overrun', 'fee', 'correct') GROUP BY 1, 2, 3, 4
  ) AS raw
  FULL JOIN (
    SELECT hour, virtual_key_id, connection_id, model_id, sum(cost_pico_usd) AS amount
    FROM cost_rollup_hour, day WHERE hour >= since AND hour < until GROUP BY 1, 2, 3, 4
  ) AS rolled USING (hour, virtual_key_id, connection_id, model_id)
  UNION ALL
  SELECT 'cost_rollup_day', count(*),
    count(*) FILTER (WHERE raw.amount IS DISTINCT FROM rolled.cost_pico_usd OR raw.quantity IS DISTINCT FROM rolled.quantity)
  FROM (
    SELECT dimension_key, sum(cost_pico_usd) AS amount, sum(quantity) AS quantity
    FROM cost_rollup_hour, day WHERE hour >= since AND hour < until GROUP BY 1
  ) AS raw
  FULL JOIN (
    SELECT cost_rollup_day.* FROM cost_rollup_day, day WHERE cost_rollup_day.day = since
  ) AS rolled USING (dimension_key)
  UNION ALL
  SELECT 'request_rollup_day', count(*),
    count(*) FILTER (WHERE raw.requests IS DISTINCT FROM rolled.requests OR raw.cost IS DISTINCT FROM rolled.cost_pico_usd)
  FROM (
    SELECT dimension_key, sum(requests) AS requests, sum(cost_pico_usd) AS cost
    FROM request_rollup_hour, day WHERE hour >= since AND hour < until GROUP BY 1
  ) AS raw
  FULL JOIN (
    SELECT request_rollup_day.* FROM request_rollup_day, day WHERE request_rollup_day.day = since
  ) AS rolled USING (dimension_key)
  UNION ALL
  SELECT 'request_rollup_hour', count(*),
    count(*) FILTER (WHERE raw.requests IS DISTINCT FROM rolled.requests OR raw.cost IS DISTINCT FROM rolled.cost)
  FROM (
    SELECT date_trunc('hour', started_at, 'UTC') AS hour, virtual_key_id, count(*) AS requests, sum(cost_pico_usd) AS cost
    FROM request_log, day WHERE started_at >= since AND started_at < until GROUP BY 1, 2
  ) AS raw
  FULL JOIN (
    SELECT hour, virtual_key_id, sum(requests) AS requests, sum(cost_pico_usd) AS cost
    FROM request_rollup_hour, day WHERE hour >= since AND hour < until GROUP BY 1, 2
  ) AS rolled USING (hour, virtual_key_id)
  WHERE log_is_kept
  UNION ALL
  SELECT 'caller_rollup_day', count(*), count(*) FILTER (WHERE raw.requests IS DISTINCT FROM rolled.requests)
  FROM (
    SELECT rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user,
        to_jsonb(tags), route_id, connection_id, provider_kind, model_id)) AS dimension_key, count(*) AS requests
    FROM request_log, day WHERE started_at >= since AND started_at < until
    GROUP BY organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind,
      model_id
  ) AS raw
  FULL JOIN (
    SELECT caller_rollup_day.* FROM caller_rollup_day, day WHERE caller_rollup_day.day = since
  ) AS rolled USING (dimension_key)
  WHERE log_is_kept;
$$;
REVOKE ALL ON FUNCTION roll_up_differences(date, boolean) FROM PUBLIC;

-- Writes a roll-up anew that a trigger writes, from the rows that they sum. The lock makes whoever is writing such rows
-- finish first, and whoever comes later add to what is written here. The others are what reports were made of: a difference
-- in one of them is for people.
CREATE FUNCTION repair_roll_up(which text, of_day date) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
  since constant timestamptz := of_day::timestamp AT TIME ZONE 'UTC';
  until constant timestamptz := (of_day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
  IF which = 'ledger_rollup_hour' THEN
    LOCK TABLE ledger_rollup_hour IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM ledger_rollup_hour WHERE hour >= since AND hour < until;
    INSERT INTO ledger_rollup_hour
      (hour, virtual_key_id, connection_id, model_id, kind, usage_source, entries, amount_pico_usd)
    SELECT date_trunc('hour', coalesce(booked_late_at, started_at), 'UTC'), virtual_key_id, connection_id, model_id, kind,
      coalesce(usage_source, ''), count(*), sum(amount_pico_usd)
    FROM ledger_entry
    WHERE started_at >= since AND started_at < until AND booked_late_at IS NULL
      OR booked_late_at >= since AND booked_late_at < until
    GROUP BY 1, 2, 3, 4, 5, 6;
  ELSIF which = 'ledger_rollup_day' THEN
    LOCK TABLE ledger_rollup_day IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM ledger_rollup_day WHERE day = since;
    INSERT INTO ledger_rollup_day
      (day, virtual_key_id, connection_id, model_id, kind, usage_source, entries, amount_pico_usd)
    SELECT since, virtual_key_id, connection_id, model_id, kind, coalesce(usage_source, ''), count(*), sum(amount_pico_usd)
    FROM ledger_entry
    WHERE started_at >= since AND started_at < until AND booked_late_at IS NULL
      OR booked_late_at >= since AND booked_late_at < until
    GROUP BY 2, 3, 4, 5, 6;
  ELSIF which = 'caller_rollup_day' THEN
    LOCK TABLE caller_rollup_day IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM caller_rollup_day WHERE day = since;
    INSERT INTO caller_rollup_day (day, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user,
      tags, route_id, connection_id, provider_kind, model_id, requests)
    SELECT since,
      rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user,
        to_jsonb(tags), route_id, connection_id, provider_kind, model_id)),
      organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind,
      model_id, count(*)
    FROM request_log WHERE started_at >= since AND started_at < until
    GROUP BY 3, 4, 5, 6, 7, 8, 9, 10, 11, 12;
  ELSE
    RAISE EXCEPTION 'the roll-up % is not repaired by itself', which;
  END IF;
END;
$$;
REVOKE ALL ON FUNCTION repair_roll_up(text, date) FROM PUBLIC;
