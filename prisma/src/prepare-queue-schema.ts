/**
 * Makes the queue's own schema (`bullmq`) and lets gateways add jobs, and do nothing else, there.
 *
 * BullMQ's functions run with the rights of whoever calls them, so adding a job as it stands needs write access to every
 * table of the queue: a gateway could then read other gateways' usage or mark it as done. Instead the two functions that
 * `Queue.add` and `Queue.addBulk` call run as the owner, and gateways may execute these two. A release of BullMQ that
 * replaces them takes that back, which is why this runs at every start.
 */
import { runMigrations } from "bullmq";
import type { Client } from "pg";
import { gatewayRole } from "./gateway-login.ts";
import { withOwnerSession } from "./owner-session.ts";

const queueSchema = "bullmq";
/** Any number will do, as long as starters that grant at the same time use the same one. */
const advisoryLock = 72707370;

/**
 * Brings the queue's schema up to the installed BullMQ and grants `switchyard_gateway` what adding jobs takes. Needs the
 * owner's connection and an already migrated database. Idempotent, and safe from several processes at once.
 */
export async function prepareQueueSchema(ownerConnectionString: string): Promise<void> {
  await withOwnerSession(ownerConnectionString, async (client) => {
    await runMigrations(client, queueSchema);
    await grantGatewayQueueAccess(client);
  });
}

/** The grants alone, for a queue schema that somebody else brought up to date. */
export async function grantGatewayQueueAccess(owner: Client): Promise<void> {
  await owner.query(`
    BEGIN;
    SELECT pg_advisory_xact_lock(${advisoryLock});
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA ${queueSchema} FROM PUBLIC;
    GRANT USAGE ON SCHEMA ${queueSchema} TO ${gatewayRole};
    GRANT SELECT ON ${queueSchema}.migration TO ${gatewayRole};
    DO $$
    DECLARE
      queue_function record;
    BEGIN
      FOR queue_function IN
        SELECT oid::regprocedure AS signature, proname IN ('add_job', 'add_jobs_bulk') AS is_for_gateways
        FROM pg_proc WHERE pronamespace = '${queueSchema}'::regnamespace
      LOOP
        -- Last, because PostgreSQL looks there first unless told: a caller's temporary table must not stand in for
        -- the queue's own while a function runs as the owner.
        EXECUTE format('ALTER FUNCTION %s SET search_path = ${queueSchema}, pg_temp', queue_function.signature);
        IF queue_function.is_for_gateways THEN
          EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER', queue_function.signature);
          EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO ${gatewayRole}', queue_function.signature);
        END IF;
      END LOOP;
    END;
    $$;
    COMMIT;
  `);
}
