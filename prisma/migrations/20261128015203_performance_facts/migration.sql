-- How much of what each gateway process has seen of its targets is in the roll-ups: what it subtracts from its own, so that
-- nothing is counted twice. Written in the transaction that writes the roll-ups.
CREATE TABLE "boot_evidence" (
    "boot_id" TEXT NOT NULL,
    "task_class" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "successes" BIGINT NOT NULL,
    "failures" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "boot_evidence_pkey" PRIMARY KEY ("boot_id","task_class","connection_id","model_id")
);
ALTER TABLE boot_evidence ADD CONSTRAINT boot_evidence_counts_check CHECK (
  successes >= 0 AND failures >= 0 AND output_tokens >= 0
);

-- What the fleet knows of how targets do at tasks; one row, replaced by the worker, read by every gateway process.
CREATE TABLE "performance_facts" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "computed_at" TIMESTAMPTZ(3) NOT NULL,
    "evidence" JSONB NOT NULL,
    "included" JSONB NOT NULL,

    CONSTRAINT "performance_facts_pkey" PRIMARY KEY ("id")
);
ALTER TABLE performance_facts ADD CONSTRAINT performance_facts_one_row_check CHECK (id = 1);

CREATE FUNCTION add_boot_evidence(boot text, rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO boot_evidence AS known (boot_id, task_class, connection_id, model_id, successes, failures, output_tokens)
  SELECT boot, r."taskClass", r."connectionId", r."modelId", sum(r.successes), sum(r.failures), sum(r."outputTokens")
  FROM jsonb_to_recordset(rows) AS r(
    "taskClass" text, "connectionId" text, "modelId" text, successes bigint, failures bigint, "outputTokens" bigint)
  GROUP BY 1, 2, 3, 4
  -- One order for everybody, so that two writers never wait for each other in a circle.
  ORDER BY 1, 2, 3, 4
  ON CONFLICT (boot_id, task_class, connection_id, model_id) DO UPDATE SET
    successes = known.successes + EXCLUDED.successes,
    failures = known.failures + EXCLUDED.failures,
    output_tokens = known.output_tokens + EXCLUDED.output_tokens,
    updated_at = now()
$$;

-- Computes the facts anew, from one snapshot: evidence counts half after the half-life, and after eight of them no more.
CREATE FUNCTION refresh_performance_facts(half_life interval) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  -- Of processes that are gone nobody asks any more.
  DELETE FROM boot_evidence AS known
  WHERE updated_at < now() - interval '1 hour'
    AND NOT EXISTS (SELECT FROM gateway_process WHERE boot_id::text = known.boot_id);
  INSERT INTO performance_facts (id, computed_at, evidence, included)
  SELECT 1, clock_timestamp(),
    coalesce((
      SELECT jsonb_agg(jsonb_build_object(
        'taskClass', task_class, 'connectionId', connection_id, 'modelId', model_id, 'successes', round(successes, 6),
        'failures', round(failures, 6), 'outputTokens', round(output_tokens, 3)))
      FROM (
        SELECT task_class, connection_id, model_id,
          greatest(0, sum(weight * (successes - disliked))) AS successes,
          sum(weight * (refused + invalid + disliked)) AS failures,
          sum(weight * output_tokens) AS output_tokens
        FROM target_outcome_hour
        CROSS JOIN LATERAL (
          SELECT (0.5 ^ (greatest(0, extract(epoch FROM now() - hour)) / extract(epoch FROM half_life)))::numeric AS weight
        ) AS aged
        WHERE hour > now() - 8 * half_life
        GROUP BY 1, 2, 3
        HAVING sum(successes + refused + invalid) > 0
        ORDER BY sum(weight * (successes + refused + invalid)) DESC
        LIMIT 10000
      ) AS weighed), '[]'),
    coalesce((
      SELECT jsonb_object_agg(boot_id, pieces)
      FROM (
        SELECT boot_id, jsonb_agg(jsonb_build_object(
          'taskClass', task_class, 'connectionId', connection_id, 'modelId', model_id, 'successes', successes,
          'failures', failures, 'outputTokens', output_tokens)) AS pieces
        FROM boot_evidence GROUP BY boot_id
      ) AS by_boot), '{}')
  ON CONFLICT (id) DO UPDATE SET
    computed_at = EXCLUDED.computed_at, evidence = EXCLUDED.evidence, included = EXCLUDED.included
$$;

-- Null until a worker has computed any.
CREATE FUNCTION gateway_performance_facts(asking_boot text) RETURNS jsonb
  LANGUAGE sql STABLE SECURITY DEFINER
  SET search_path = public, pg_temp
AS $$
  SELECT jsonb_build_object(
    'computedAtMs', round(extract(epoch FROM computed_at) * 1000),
    'evidence', evidence,
    'included', coalesce(included -> asking_boot, '[]'))
  FROM performance_facts
$$;
REVOKE ALL ON FUNCTION add_boot_evidence(text, jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION refresh_performance_facts(interval) FROM PUBLIC;
REVOKE ALL ON FUNCTION gateway_performance_facts(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION gateway_performance_facts(text) TO switchyard_gateway;
