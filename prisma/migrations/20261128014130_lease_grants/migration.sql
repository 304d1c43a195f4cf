-- A process whose connection breaks while it asks for a lease does not learn what it was granted, and nobody could spend
-- that until the process ended. Leases now remember all that was granted to them, so that the process can look it up.
ALTER TABLE quota_lease ADD COLUMN granted_total numeric(38,0) NOT NULL DEFAULT 0 CHECK (granted_total >= 0);

-- quota_take as it is, and it adds up what it grants.
DO $$
DECLARE
  definition constant text := pg_get_functiondef('quota_take(text, uuid, jsonb)'::regprocedure);
  counting constant text := replace(replace(replace(definition,
    'boot_id, outstanding, recall_answered,', 'boot_id, outstanding, granted_total, recall_answered,'),
    'asking_boot, granted,', 'asking_boot, granted, granted,'),
    'outstanding = lease.outstanding + EXCLUDED.outstanding,',
    'outstanding = lease.outstanding + EXCLUDED.outstanding,
        granted_total = lease.granted_total + EXCLUDED.granted_total,');
BEGIN
  IF counting NOT LIKE '%outstanding, granted_total,%' OR counting NOT LIKE '%granted, granted,%'
    OR counting NOT LIKE '%EXCLUDED.granted_total%' THEN
    RAISE EXCEPTION 'quota_take does not grant where it was expected to';
  END IF;
  EXECUTE counting;
END;
$$;

-- All that was granted to one boot of a gateway in windows that are not over.
CREATE FUNCTION quota_granted(asking_gateway text, asking_boot uuid)
RETURNS TABLE (
  lease_id uuid,
  quota_id text,
  window_start timestamptz,
  window_end timestamptz,
  granted_total numeric,
  database_now timestamptz
)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT lease.id, lease.quota_id, lease.window_start, spent.window_end, lease.granted_total, clock_timestamp()
  FROM quota_lease lease
  JOIN quota_window spent ON spent.quota_id = lease.quota_id AND spent.window_start = lease.window_start
  WHERE lease.gateway_id = asking_gateway AND lease.boot_id = asking_boot AND lease.state <> 'closed'
    AND (spent.window_end IS NULL OR spent.window_end > clock_timestamp())
$$;
GRANT EXECUTE ON FUNCTION quota_granted(text, uuid) TO switchyard_gateway;
