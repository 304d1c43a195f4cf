-- Months that are closed: their sums cannot change any more. What still arrives for them, a late journal or a correction,
-- is an entry like any other, but it counts in the month in which it was recorded.
CREATE TABLE "closed_period" (
    "month" DATE NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "entries" BIGINT NOT NULL,
    "spend_pico_usd" DECIMAL(38,0) NOT NULL,
    "closed_by" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "closed_period_pkey" PRIMARY KEY ("month")
);
ALTER TABLE "ledger_entry" ADD COLUMN "booked_late_at" TIMESTAMPTZ(3);

ALTER TABLE closed_period
  ADD CONSTRAINT closed_period_month_check CHECK (extract(day FROM month) = 1),
  ADD CONSTRAINT closed_period_ends_check CHECK (ends_at = (month + interval '1 month') AT TIME ZONE 'UTC');
CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON closed_period
  FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON closed_period
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history();

-- Everything before this instant is closed.
CREATE FUNCTION ledger_closed_until() RETURNS timestamptz
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
  RETURN coalesce((SELECT max(ends_at) FROM closed_period), '-infinity');

CREATE FUNCTION book_late_entry() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  NEW.booked_late_at := CASE WHEN NEW.started_at < ledger_closed_until() THEN clock_timestamp() END;
  RETURN NEW;
END;
$$;
-- Only a month that is over can be closed, so entries of the running one need no look.
CREATE TRIGGER book_late BEFORE INSERT ON ledger_entry
  FOR EACH ROW WHEN (NEW.started_at < date_trunc('month', now(), 'UTC') OR NEW.booked_late_at IS NOT NULL)
  EXECUTE FUNCTION book_late_entry();
CREATE INDEX ledger_entry_booked_late_at_idx ON ledger_entry (booked_late_at) WHERE booked_late_at IS NOT NULL;

CREATE FUNCTION refuse_changing_closed_period() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  IF (CASE WHEN TG_OP = 'DELETE' THEN OLD.hour ELSE least(NEW.hour, CASE TG_OP WHEN 'UPDATE' THEN OLD.hour END) END)
    < ledger_closed_until() THEN
    RAISE EXCEPTION 'the period is closed: % of % is refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END;
$$;
CREATE TRIGGER closed_period_stands BEFORE INSERT ON cost_rollup_hour
  FOR EACH ROW WHEN (NEW.hour < date_trunc('month', now(), 'UTC')) EXECUTE FUNCTION refuse_changing_closed_period();
CREATE TRIGGER closed_period_stands_as_it_is BEFORE UPDATE OR DELETE ON cost_rollup_hour
  FOR EACH ROW WHEN (OLD.hour < date_trunc('month', now(), 'UTC')) EXECUTE FUNCTION refuse_changing_closed_period();

-- As before, but spend of a closed month goes into the present hour, and a correction of one says that it is.
CREATE OR REPLACE FUNCTION rollup_add_cost(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO cost_rollup_hour (
    hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id,
    provider_kind, model_id, meter, quantity, cost_pico_usd)
  SELECT
    date_trunc('hour', r.reported_at, 'UTC') AS hour,
    rollup_dimension_key(jsonb_build_array(
      r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."user", to_jsonb(r.tags), r."routeId",
      r."connectionId", r."providerKind", r."modelId", r.reported_meter)) AS dimension_key,
    r."organisationId", r."teamId", r."projectId", r."virtualKeyId", r."user", r.tags, r."routeId", r."connectionId",
    r."providerKind", r."modelId", r.reported_meter, sum(r.quantity), sum(r."costPicoUsd")
  FROM (
    SELECT given.*, placed.reported_at,
      CASE WHEN given.meter = 'correction' AND placed.reported_at <> placed.instant THEN 'closed_correction'
        ELSE given.meter END AS reported_meter
    FROM jsonb_to_recordset(rows) AS given(
      "startedAt" bigint, "organisationId" text, "teamId" text, "projectId" text, "virtualKeyId" text, "user" text,
      tags text[], "routeId" text, "connectionId" text, "providerKind" text, "modelId" text, meter text,
      quantity numeric, "costPicoUsd" numeric)
    CROSS JOIN (SELECT ledger_closed_until() AS closed_until, clock_timestamp() AS present) AS books
    CROSS JOIN LATERAL (
      SELECT to_timestamp(given."startedAt" / 1000.0) AS instant,
        CASE WHEN to_timestamp(given."startedAt" / 1000.0) < books.closed_until THEN books.present
          ELSE to_timestamp(given."startedAt" / 1000.0) END AS reported_at
    ) AS placed
  ) AS r
  GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13
  -- One order for everybody, so that two writers never wait for each other in a circle.
  ORDER BY 1, 2
  ON CONFLICT (hour, dimension_key) DO UPDATE SET
    quantity = cost_rollup_hour.quantity + EXCLUDED.quantity,
    cost_pico_usd = cost_rollup_hour.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

-- The ledger's entries of a stretch of time as they count: at their own time, or where they were booked late.
CREATE FUNCTION ledger_spend(since timestamptz, until timestamptz, OUT entries bigint, OUT spend numeric)
  LANGUAGE sql STABLE
  SET search_path = public, pg_temp
AS $$
  SELECT count(*), coalesce(sum(amount_pico_usd) FILTER (WHERE kind IN ('settle', 'overrun', 'correct')), 0)
  FROM (
    SELECT kind, amount_pico_usd FROM ledger_entry
    WHERE started_at >= since AND started_at < until AND booked_late_at IS NULL
    UNION ALL
    SELECT kind, amount_pico_usd FROM ledger_entry
    WHERE booked_late_at >= since AND booked_late_at < until
  ) AS counted
$$;

-- Closes a month that is over, and with it every month before it. Waits for whoever is writing to the ledger, and keeps
-- new writers waiting until it is done. Refuses to close a month whose roll-ups are not its ledger.
CREATE FUNCTION close_period(closing_month date, closing_by text) RETURNS closed_period
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET lock_timeout = '10s'
AS $$
DECLARE
  starts constant timestamptz := closing_month::timestamp AT TIME ZONE 'UTC';
  ends constant timestamptz := (closing_month + interval '1 month') AT TIME ZONE 'UTC';
  booked record;
  reported numeric;
  closed closed_period;
BEGIN
  LOCK TABLE ledger_entry, cost_rollup_hour IN SHARE MODE;
  IF ends > clock_timestamp() OR starts < ledger_closed_until() THEN
    RAISE EXCEPTION 'the month % is not over, or closed already', closing_month USING ERRCODE = 'restrict_violation';
  END IF;
  SELECT * INTO booked FROM ledger_spend(starts, ends);
  SELECT coalesce(sum(cost_pico_usd), 0) INTO reported FROM cost_rollup_hour WHERE hour >= starts AND hour < ends;
  IF reported <> booked.spend THEN
    RAISE EXCEPTION 'the reports of % do not add up to the ledger', closing_month USING ERRCODE = 'data_exception';
  END IF;
  INSERT INTO closed_period (month, ends_at, entries, spend_pico_usd, closed_by)
  VALUES (closing_month, ends, booked.entries, booked.spend, closing_by)
  RETURNING * INTO closed;
  RETURN closed;
END;
$$;

REVOKE ALL ON FUNCTION ledger_closed_until(), book_late_entry(),
  refuse_changing_closed_period(), ledger_spend(timestamptz, timestamptz), close_period(date, text) FROM PUBLIC;
