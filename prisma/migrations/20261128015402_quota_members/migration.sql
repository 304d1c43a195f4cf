-- A budget for each user or each session of a scope is a template. Each member's counter is a quota of its own, made when
-- the member first calls, so that windows, leases, charges, thresholds and raises are what they are for any quota.
ALTER TABLE "quota" ADD COLUMN "each_of" TEXT, ADD COLUMN "template_id" TEXT;
CREATE INDEX "quota_template_id_idx" ON "quota"("template_id");
ALTER TABLE quota ADD CONSTRAINT quota_member_check CHECK (
  (each_of IS NULL OR each_of IN ('user', 'session') AND unit = 'pico_usd' AND mode = 'hard' AND template_id IS NULL)
);

-- A member has its template's settings at all times.
CREATE FUNCTION quota_settings_to_members() RETURNS trigger
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
BEGIN
  UPDATE quota SET
    limit_amount = NEW.limit_amount,
    when_short = NEW.when_short,
    thresholds = NEW.thresholds,
    raise_amount = NEW.raise_amount,
    raise_until = NEW.raise_until,
    archived_at = NEW.archived_at
  WHERE template_id = NEW.id;
  RETURN NULL;
END;
$$;
REVOKE ALL ON FUNCTION quota_settings_to_members() FROM PUBLIC;
CREATE TRIGGER settings_to_members AFTER UPDATE ON quota
  FOR EACH ROW WHEN (NEW.each_of IS NOT NULL) EXECUTE FUNCTION quota_settings_to_members();

-- Makes the counters of members that are asked for and have none: [{memberOf, member, …}]. In one order, so that two
-- gateways never wait for each other in a circle; under a lock of the template's row, so that none is made with settings
-- that are being changed.
CREATE FUNCTION quota_make_members(asks jsonb) RETURNS void
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
  missing record;
BEGIN
  FOR missing IN
    SELECT DISTINCT asked.value ->> 'memberOf' AS template_id, coalesce(asked.value ->> 'member', '') AS member,
      ((asked.value ->> 'memberOf') || '~' || coalesce(asked.value ->> 'member', '')) COLLATE "C" AS id
    FROM jsonb_array_elements(asks) AS asked (value)
    WHERE asked.value ? 'memberOf'
      AND length(coalesce(asked.value ->> 'member', '')) <= 200
      AND NOT EXISTS (SELECT FROM quota AS known WHERE known.id = asked.value ->> 'quotaId')
    ORDER BY id
  LOOP
    INSERT INTO quota (id, name, unit, period, time_zone, limit_amount, mode, when_short, scope_type, scope_id,
      thresholds, raise_amount, raise_until, template_id)
    SELECT missing.id,
      template.name || ', ' || CASE WHEN missing.member = '' THEN 'no ' || template.each_of
        ELSE template.each_of || ' ' || missing.member END,
      template.unit, template.period, template.time_zone, template.limit_amount, template.mode, template.when_short,
      template.each_of, missing.member, template.thresholds, template.raise_amount, template.raise_until, template.id
    FROM quota AS template
    WHERE template.id = missing.template_id AND template.each_of IS NOT NULL AND template.archived_at IS NULL
    FOR SHARE
    ON CONFLICT DO NOTHING;
  END LOOP;
END;
$$;
REVOKE ALL ON FUNCTION quota_make_members(jsonb) FROM PUBLIC;

-- quota_take as it is, after making what is missing; quota_return as it is, and a lease that its process forgets is
-- counted anew from there on both sides.
DO $$
DECLARE
  taking constant text := pg_get_functiondef('quota_take(text, uuid, jsonb)'::regprocedure);
  making constant text := replace(taking, 'database_now := instant;',
    E'database_now := instant;\n  PERFORM quota_make_members(asks);');
  returning_unspent constant text := pg_get_functiondef('quota_return(text, uuid, jsonb)'::regprocedure);
  forgetting constant text := replace(replace(returning_unspent,
    E'AS return_id,\n', E'AS return_id,\n      coalesce((given.value ->> ''forgets'')::boolean, false) AS forgets,\n'),
    'last_return_id = coalesce(item.return_id, last_return_id)',
    'last_return_id = coalesce(item.return_id, last_return_id),
        granted_total = CASE WHEN item.forgets AND NOT repeated THEN 0 ELSE granted_total END');
BEGIN
  IF making = taking OR forgetting NOT LIKE '%AS forgets%' OR forgetting NOT LIKE '%item.forgets%' THEN
    RAISE EXCEPTION 'the lease functions are not what they were expected to be';
  END IF;
  EXECUTE making;
  EXECUTE forgetting;
END;
$$;

-- Windows of members that ended long ago and have nothing open: there may be one for each user and day. What they cost is
-- in ledger and roll-ups. Answers how many windows went.
CREATE FUNCTION quota_forget_member_windows(older_than interval) RETURNS integer
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
  old record;
  deleted integer := 0;
BEGIN
  FOR old IN
    SELECT quota_window.quota_id, quota_window.window_start
    FROM quota_window
    JOIN quota ON quota.id = quota_window.quota_id
    WHERE quota.template_id IS NOT NULL AND quota_window.window_end < clock_timestamp() - older_than
      AND quota_window.leased = 0 AND quota_window.unreconciled = 0
    LIMIT 10000
    FOR UPDATE OF quota_window SKIP LOCKED
  LOOP
    DELETE FROM quota_lease WHERE quota_id = old.quota_id AND window_start = old.window_start;
    DELETE FROM quota_window WHERE quota_id = old.quota_id AND window_start = old.window_start;
    deleted := deleted + 1;
  END LOOP;
  RETURN deleted;
END;
$$;
REVOKE ALL ON FUNCTION quota_forget_member_windows(interval) FROM PUBLIC;
