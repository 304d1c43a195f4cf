-- What other processes of the same region told within the last quarter of a minute, newest first, of the targets that they
-- called within the last half: for a process that has not seen for itself. Another boot of the same process counts as another.
CREATE FUNCTION gateway_health_of_others(reading_boot uuid, process_region text)
RETURNS TABLE (told_ms_ago double precision, targets jsonb)
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT
    greatest(0, extract(epoch FROM clock_timestamp() - told.reported_at) * 1000)::double precision,
    coalesce(
      (
        SELECT jsonb_agg(each.value ORDER BY each.ordinality)
        FROM jsonb_array_elements(told.targets) WITH ORDINALITY AS each
        WHERE each.ordinality <= 100 AND (each.value ->> 'idleForMs')::numeric < 30000
      ),
      '[]'::jsonb
    )
  FROM gateway_health AS told
  WHERE told.boot_id <> reading_boot
    AND told.region IS NOT DISTINCT FROM process_region
    AND told.reported_at > clock_timestamp() - interval '15 seconds'
  ORDER BY told.reported_at DESC
  LIMIT 4
$$;

GRANT EXECUTE ON FUNCTION gateway_health_of_others(uuid, text) TO switchyard_gateway;
