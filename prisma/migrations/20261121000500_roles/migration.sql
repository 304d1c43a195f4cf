-- Two roles. The owner (who runs this) is used by the control plane, the worker and migrations. `switchyard_gateway` is
-- the group of the gateways' logins: it reads policy and the list of ingested journal batches, takes and returns leases,
-- and nothing else. What it needs to enqueue is granted when the queue's own schema exists (prepare-queue-schema.ts).
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'switchyard_gateway') THEN
    CREATE ROLE switchyard_gateway NOLOGIN;
  END IF;
EXCEPTION
  -- Roles belong to the whole server: another database may be migrating at this moment.
  WHEN duplicate_object OR unique_violation THEN
    NULL;
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the role switchyard_gateway is missing and % may not create it', current_user
      USING ERRCODE = 'insufficient_privilege', HINT = 'As an administrator: CREATE ROLE switchyard_gateway NOLOGIN;';
END;
$$;

-- Functions are nobody's unless granted, also the ones that later migrations create.
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;

-- Nobody else makes objects here. Temporary tables are included: they would shadow the tables that a
-- SECURITY DEFINER function of another product (the queue) names without a schema.
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
DO $$
BEGIN
  EXECUTE format('REVOKE TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
END;
$$;

GRANT USAGE ON SCHEMA public TO switchyard_gateway;
GRANT SELECT ON policy_head, policy_revision, journal_batch TO switchyard_gateway;
GRANT EXECUTE ON FUNCTION
  gateway_heartbeat(text, uuid, text, timestamptz, integer, jsonb),
  quota_take(text, uuid, jsonb),
  quota_return(text, uuid, jsonb),
  quota_release_boot(text, uuid)
TO switchyard_gateway;
