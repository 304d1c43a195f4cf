-- Calls that carry an Idempotency-Key. A gateway takes the key before it spends anything for the call, and writes down how
-- the call ended; whoever comes with the same key later, at whatever process, is told that instead of being served again.
ALTER TABLE project ADD COLUMN zero_retention boolean NOT NULL DEFAULT false;

CREATE TABLE idempotency_claim (
  -- A digest of virtual key, endpoint and the client's key.
  claim_key      bytea PRIMARY KEY CHECK (octet_length(claim_key) = 32),
  request_id     uuid NOT NULL,
  gateway_id     text NOT NULL,
  boot_id        uuid NOT NULL,
  -- A keyed digest of the body: another body under the same key is refused.
  request_digest text NOT NULL CHECK (length(request_digest) <= 100),
  state          text NOT NULL CHECK (state IN ('running', 'answered', 'failed')),
  error_code     text,
  content_type   text,
  -- Encrypted under a key that only the client's own Idempotency-Key completes; null where nothing is retained.
  sealed_answer  bytea CHECK (octet_length(sealed_answer) <= 8388608),
  claimed_at     timestamptz(3) NOT NULL,
  answer_until   timestamptz(3),
  expires_at     timestamptz(3) NOT NULL
);
CREATE INDEX idempotency_claim_expires_at ON idempotency_claim (expires_at);
CREATE INDEX idempotency_claim_answer_until ON idempotency_claim (answer_until);

-- What is known of these keys. A running call whose process has gone is 'lost': nobody will say how it ended.
CREATE FUNCTION idempotency_look(wanted bytea[])
RETURNS TABLE (claim_key bytea, request_id uuid, request_digest text, state text, error_code text, content_type text,
  sealed_answer bytea)
LANGUAGE sql STABLE SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  SELECT claim.claim_key, claim.request_id, claim.request_digest,
    CASE
      WHEN claim.state <> 'running' THEN claim.state
      WHEN claim.claimed_at > clock_timestamp() - interval '1 hour' AND EXISTS (
        SELECT FROM gateway_process owner
        WHERE owner.gateway_id = claim.gateway_id AND owner.boot_id = claim.boot_id
          AND owner.heartbeat_at > clock_timestamp() - gateway_alive_for()
      ) THEN 'running'
      ELSE 'lost'
    END,
    claim.error_code, claim.content_type,
    CASE WHEN claim.answer_until > clock_timestamp() THEN claim.sealed_answer END
  FROM idempotency_claim claim
  WHERE claim.claim_key = ANY (wanted) AND claim.expires_at > clock_timestamp()
$$;

-- Takes a key for a call, unless it is taken; answers whose it is now. No row: it was freed at this very moment, ask again.
CREATE FUNCTION idempotency_take(wanted bytea, asking_request uuid, asking_gateway text, asking_boot uuid, digest text)
RETURNS TABLE (claim_key bytea, request_id uuid, request_digest text, state text, error_code text, content_type text,
  sealed_answer bytea)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO idempotency_claim AS claim
    (claim_key, request_id, gateway_id, boot_id, request_digest, state, claimed_at, expires_at)
  VALUES (wanted, asking_request, asking_gateway, asking_boot, digest, 'running', clock_timestamp(),
    clock_timestamp() + interval '24 hours')
  ON CONFLICT (claim_key) DO UPDATE SET
    request_id = EXCLUDED.request_id,
    gateway_id = EXCLUDED.gateway_id,
    boot_id = EXCLUDED.boot_id,
    request_digest = EXCLUDED.request_digest,
    state = 'running',
    error_code = NULL,
    content_type = NULL,
    sealed_answer = NULL,
    claimed_at = EXCLUDED.claimed_at,
    answer_until = NULL,
    expires_at = EXCLUDED.expires_at
  WHERE claim.expires_at <= clock_timestamp();
  RETURN QUERY SELECT * FROM idempotency_look(ARRAY[wanted]);
END;
$$;

-- Writes down how the call that holds the key ended. May be repeated.
CREATE FUNCTION idempotency_end(held bytea, ended_request uuid, end_state text, code text, answer_type text, answer bytea)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  UPDATE idempotency_claim
  SET state = end_state, error_code = code, content_type = answer_type, sealed_answer = answer,
    answer_until = CASE WHEN answer IS NOT NULL THEN clock_timestamp() + interval '10 minutes' END
  WHERE claim_key = held AND request_id = ended_request AND state = 'running'
$$;

-- Gives the key back: its call ended without costing anything. May be repeated.
CREATE FUNCTION idempotency_free(held bytea, ended_request uuid) RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  DELETE FROM idempotency_claim WHERE claim_key = held AND request_id = ended_request AND state = 'running'
$$;

GRANT EXECUTE ON FUNCTION
  idempotency_look(bytea[]),
  idempotency_take(bytea, uuid, text, uuid, text),
  idempotency_end(bytea, uuid, text, text, text, bytea),
  idempotency_free(bytea, uuid)
TO switchyard_gateway;
