-- A budget may be raised for a while. What is in force is decided when a lease is asked for, by the database's clock, so
-- that nothing has to run for a raise to end.
ALTER TABLE "quota" ADD COLUMN "raise_amount" DECIMAL(38,0), ADD COLUMN "raise_until" TIMESTAMPTZ(3);
ALTER TABLE quota ADD CONSTRAINT quota_raise_check CHECK (
  (raise_amount IS NULL) = (raise_until IS NULL) AND raise_amount > 0
);

CREATE FUNCTION quota_limit_at(base numeric, raise_amount numeric, raise_until timestamptz, instant timestamptz)
  RETURNS numeric
  LANGUAGE sql IMMUTABLE PARALLEL SAFE
  RETURN base + CASE WHEN instant < raise_until THEN raise_amount ELSE 0 END;
REVOKE ALL ON FUNCTION quota_limit_at(numeric, numeric, timestamptz, timestamptz) FROM PUBLIC;

-- quota_take as it is, with the limit that is in force in place of the one that is set.
DO $$
DECLARE
  definition constant text := pg_get_functiondef('quota_take(text, uuid, jsonb)'::regprocedure);
  raised constant text := replace(definition, 'quota.limit_amount,',
    'quota_limit_at(quota.limit_amount, quota.raise_amount, quota.raise_until, instant) AS limit_amount,');
BEGIN
  IF raised = definition THEN
    RAISE EXCEPTION 'quota_take does not read the limit where it was expected to';
  END IF;
  EXECUTE raised;
END;
$$;
