-- Whether idle connections are asked for their model list now and then; null: they are not.
ALTER TABLE "provider_connection" ADD COLUMN "probe" JSONB;

-- Who asked a connection last and what came of it. One row for each connection: whoever takes it is the one that asks.
CREATE TABLE "connection_probe" (
  "connection_id" TEXT PRIMARY KEY,
  "gateway_id" TEXT NOT NULL,
  "taken_at" TIMESTAMPTZ(3) NOT NULL,
  -- Null while it is being asked, and where the one who asked went away.
  "outcome" TEXT,
  "ended_at" TIMESTAMPTZ(3),
  CONSTRAINT connection_probe_outcome_check
    CHECK (outcome IN ('reachable', 'unreachable', 'timeout', 'credential_rejected', 'failing'))
);

-- Takes those of the named connections that nobody has asked within their time, and tells what others found out about the rest.
CREATE FUNCTION connection_probes_take(asking_gateway text, connection_ids text[], idle_seconds integer[])
RETURNS TABLE (connection_id text, is_taken boolean, outcome text, ended_ms_ago double precision)
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  WITH asked AS (
    SELECT DISTINCT ON (id) id, seconds FROM unnest(connection_ids, idle_seconds) AS pair (id, seconds) ORDER BY id
  ), taken AS (
    INSERT INTO connection_probe AS probe (connection_id, gateway_id, taken_at)
    SELECT id, asking_gateway, clock_timestamp() FROM asked
    ON CONFLICT ON CONSTRAINT connection_probe_pkey DO UPDATE
      SET gateway_id = EXCLUDED.gateway_id, taken_at = EXCLUDED.taken_at, outcome = NULL, ended_at = NULL
      WHERE probe.taken_at <= clock_timestamp()
        - make_interval(secs => (SELECT seconds FROM asked WHERE id = EXCLUDED.connection_id))
    RETURNING probe.connection_id
  )
  SELECT asked.id, taken.connection_id IS NOT NULL, probe.outcome,
    (extract(epoch FROM clock_timestamp() - probe.ended_at) * 1000)::double precision
  FROM asked
  LEFT JOIN taken ON taken.connection_id = asked.id
  LEFT JOIN connection_probe AS probe ON probe.connection_id = asked.id AND taken.connection_id IS NULL
$$;

CREATE FUNCTION connection_probe_end(asking_gateway text, asked_connection text, came text) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  UPDATE connection_probe SET outcome = came, ended_at = clock_timestamp()
  WHERE connection_id = asked_connection AND gateway_id = asking_gateway
$$;

REVOKE ALL ON FUNCTION connection_probes_take(text, text[], integer[]) FROM PUBLIC;
REVOKE ALL ON FUNCTION connection_probe_end(text, text, text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION connection_probes_take(text, text[], integer[]) TO switchyard_gateway;
GRANT EXECUTE ON FUNCTION connection_probe_end(text, text, text) TO switchyard_gateway;
