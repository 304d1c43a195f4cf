-- What each team's month came to. A row is one version of one report: the first is made when the month is over (or when
-- somebody asks for it before that), another one where the month's sum has changed since. What is written stays as it is.
CREATE TABLE "monthly_report" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "version" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "requested_by" TEXT,
    "requested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "time_zone" TEXT NOT NULL,
    "starts_at" TIMESTAMPTZ(3) NOT NULL,
    "ends_at" TIMESTAMPTZ(3) NOT NULL,
    "is_whole" BOOLEAN NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "tries" INTEGER NOT NULL DEFAULT 1,
    "parts_done" INTEGER NOT NULL DEFAULT 0,
    "problem" TEXT,
    "total_pico_usd" DECIMAL(38,0),
    "content" JSONB,
    "finished_at" TIMESTAMPTZ(3),
    "delivered_at" TIMESTAMPTZ(3),
    "delivery_problem" TEXT,

    CONSTRAINT "monthly_report_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "monthly_report_team_id_month_version_key" ON "monthly_report"("team_id", "month", "version");
CREATE INDEX "monthly_report_requested_at_id_idx" ON "monthly_report"("requested_at" DESC, "id" DESC);
ALTER TABLE monthly_report
  ADD CONSTRAINT monthly_report_reason_check CHECK (reason IN ('scheduled', 'asked', 'changed')),
  ADD CONSTRAINT monthly_report_state_check CHECK (state IN ('waiting', 'running', 'done', 'failed')),
  ADD CONSTRAINT monthly_report_done_check CHECK ((state = 'done') = (content IS NOT NULL)),
  ADD CONSTRAINT monthly_report_range_check CHECK (starts_at < ends_at);
-- Whoever asks while one is being made gets that one.
CREATE UNIQUE INDEX monthly_report_under_way ON monthly_report (team_id, month) WHERE state IN ('waiting', 'running');

-- When reports are made, and who is sent them; no row means each month, in UTC, to nobody.
CREATE TABLE "report_schedule" (
    "organisation_id" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL,
    "time_zone" TEXT NOT NULL,
    "mail_to" TEXT[],
    "posts_to_webhooks" BOOLEAN NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "report_schedule_pkey" PRIMARY KEY ("organisation_id")
);

CREATE FUNCTION keep_monthly_report() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  IF TG_OP = 'DELETE' OR OLD.content IS DISTINCT FROM NEW.content OR OLD.total_pico_usd IS DISTINCT FROM NEW.total_pico_usd THEN
    RAISE EXCEPTION 'a monthly report stands as it was made' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END;
$$;
REVOKE ALL ON FUNCTION keep_monthly_report() FROM PUBLIC;
CREATE TRIGGER stands_as_made BEFORE UPDATE OR DELETE ON monthly_report
  FOR EACH ROW WHEN (OLD.content IS NOT NULL) EXECUTE FUNCTION keep_monthly_report();

-- The calendar month of a zone as whole hours, which is how finely spend is rolled up; both ends are cut down to the hour
-- where a zone is not whole hours away from UTC, so that months follow each other without a gap.
CREATE FUNCTION report_month_bounds(of_month date, zone text, OUT starts_at timestamptz, OUT ends_at timestamptz)
LANGUAGE sql STABLE
SET search_path = public, pg_temp
AS $$
  SELECT date_trunc('hour', quota_local_midnight(of_month::timestamp, zone), 'UTC'),
    date_trunc('hour', quota_local_midnight((of_month + interval '1 month')::timestamp, zone), 'UTC');
$$;
REVOKE ALL ON FUNCTION report_month_bounds(date, text) FROM PUBLIC;

-- Asks for the next version of a report; answers its id, or nothing where one is being made or the
-- month has no whole hour yet. Of two that ask at once, one is answered.
CREATE FUNCTION ask_monthly_report(new_id text, of_team text, of_month date, zone text, asked_for text, asked_by text)
RETURNS text
LANGUAGE sql
SET search_path = public, pg_temp
AS $$
  INSERT INTO monthly_report (id, team_id, month, version, reason, requested_by, time_zone, starts_at, ends_at, is_whole)
  SELECT new_id, of_team, of_month,
    1 + coalesce((SELECT max(version) FROM monthly_report WHERE team_id = of_team AND month = of_month), 0),
    asked_for, asked_by, zone, bounds.starts_at,
    least(bounds.ends_at, date_trunc('hour', clock_timestamp(), 'UTC')), bounds.ends_at <= clock_timestamp()
  FROM report_month_bounds(of_month, zone) AS bounds
  WHERE bounds.starts_at < date_trunc('hour', clock_timestamp(), 'UTC')
  ON CONFLICT DO NOTHING
  RETURNING id;
$$;
REVOKE ALL ON FUNCTION ask_monthly_report(text, text, date, text, text, text) FROM PUBLIC;
