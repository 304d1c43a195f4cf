-- What calls were taken for, where a strategy of their route goes by it.
ALTER TABLE "request_log" ADD COLUMN "task_class" TEXT;
ALTER TABLE "request_log" ADD COLUMN "complexity" DOUBLE PRECISION;
ALTER TABLE request_log ADD CONSTRAINT request_log_complexity_check CHECK (complexity BETWEEN 0 AND 1);

-- What came of attempts, by kind of task and target, and of calls, by kind of task: what a success costs is read from here.
-- Both count under the hour that the call was made in. `unknown` is the class of what could not be told, or was not asked.
CREATE TABLE "target_outcome_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "route_id" TEXT NOT NULL,
    "task_class" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "successes" BIGINT NOT NULL,
    "refused" BIGINT NOT NULL,
    "invalid" BIGINT NOT NULL,
    "escalations" BIGINT NOT NULL,
    "rescues" BIGINT NOT NULL,
    "output_tokens" BIGINT NOT NULL,
    "answer_ms" BIGINT NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "target_outcome_hour_pkey" PRIMARY KEY ("hour","route_id","task_class","connection_id","model_id")
);
CREATE INDEX "target_outcome_hour_route_id_hour_idx" ON "target_outcome_hour"("route_id", "hour");
ALTER TABLE target_outcome_hour ADD CONSTRAINT target_outcome_hour_counts_check CHECK (
  successes >= 0 AND refused >= 0 AND invalid >= 0 AND successes + refused + invalid <= attempts
  AND escalations >= 0 AND rescues BETWEEN 0 AND escalations
  AND output_tokens >= 0 AND answer_ms >= 0 AND cost_pico_usd >= 0
);

-- The sums of squares and products are what the interval of a ratio needs.
CREATE TABLE "task_outcome_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "route_id" TEXT NOT NULL,
    "task_class" TEXT NOT NULL,
    "tasks" BIGINT NOT NULL,
    "successes" BIGINT NOT NULL,
    "escalated" BIGINT NOT NULL,
    "rescued" BIGINT NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,
    "cost_squared" DECIMAL(76,0) NOT NULL,
    "success_cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "task_outcome_hour_pkey" PRIMARY KEY ("hour","route_id","task_class")
);
CREATE INDEX "task_outcome_hour_route_id_hour_idx" ON "task_outcome_hour"("route_id", "hour");
ALTER TABLE task_outcome_hour ADD CONSTRAINT task_outcome_hour_counts_check CHECK (
  successes BETWEEN 0 AND tasks AND escalated BETWEEN 0 AND tasks AND rescued BETWEEN 0 AND escalated
  AND cost_pico_usd >= 0 AND cost_squared >= 0 AND success_cost_pico_usd BETWEEN 0 AND cost_pico_usd
);

-- Adds what the caller has summed by hour and dimensions; amounts come as text.
CREATE FUNCTION rollup_add_target_outcomes(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO target_outcome_hour (
    hour, route_id, task_class, connection_id, model_id, attempts, successes, refused, invalid, escalations, rescues,
    output_tokens, answer_ms, cost_pico_usd)
  SELECT to_timestamp(r.hour / 1000.0), r."routeId", r."taskClass", r."connectionId", r."modelId", r.attempts,
    r.successes, r.refused, r.invalid, r.escalations, r.rescues, r."outputTokens", r."answerMs", r."costPicoUsd"
  FROM jsonb_to_recordset(rows) AS r(
    hour bigint, "routeId" text, "taskClass" text, "connectionId" text, "modelId" text, attempts bigint,
    successes bigint, refused bigint, invalid bigint, escalations bigint, rescues bigint, "outputTokens" bigint,
    "answerMs" bigint, "costPicoUsd" numeric)
  -- One order for everybody, so that two writers never wait for each other in a circle.
  ORDER BY 1, 2, 3, 4, 5
  ON CONFLICT (hour, route_id, task_class, connection_id, model_id) DO UPDATE SET
    attempts = target_outcome_hour.attempts + EXCLUDED.attempts,
    successes = target_outcome_hour.successes + EXCLUDED.successes,
    refused = target_outcome_hour.refused + EXCLUDED.refused,
    invalid = target_outcome_hour.invalid + EXCLUDED.invalid,
    escalations = target_outcome_hour.escalations + EXCLUDED.escalations,
    rescues = target_outcome_hour.rescues + EXCLUDED.rescues,
    output_tokens = target_outcome_hour.output_tokens + EXCLUDED.output_tokens,
    answer_ms = target_outcome_hour.answer_ms + EXCLUDED.answer_ms,
    cost_pico_usd = target_outcome_hour.cost_pico_usd + EXCLUDED.cost_pico_usd
$$;

CREATE FUNCTION rollup_add_task_outcomes(rows jsonb) RETURNS void
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  INSERT INTO task_outcome_hour (
    hour, route_id, task_class, tasks, successes, escalated, rescued, cost_pico_usd, cost_squared, success_cost_pico_usd)
  SELECT to_timestamp(r.hour / 1000.0), r."routeId", r."taskClass", r.tasks, r.successes, r.escalated, r.rescued,
    r."costPicoUsd", r."costSquared", r."successCostPicoUsd"
  FROM jsonb_to_recordset(rows) AS r(
    hour bigint, "routeId" text, "taskClass" text, tasks bigint, successes bigint, escalated bigint, rescued bigint,
    "costPicoUsd" numeric, "costSquared" numeric, "successCostPicoUsd" numeric)
  ORDER BY 1, 2, 3
  ON CONFLICT (hour, route_id, task_class) DO UPDATE SET
    tasks = task_outcome_hour.tasks + EXCLUDED.tasks,
    successes = task_outcome_hour.successes + EXCLUDED.successes,
    escalated = task_outcome_hour.escalated + EXCLUDED.escalated,
    rescued = task_outcome_hour.rescued + EXCLUDED.rescued,
    cost_pico_usd = task_outcome_hour.cost_pico_usd + EXCLUDED.cost_pico_usd,
    cost_squared = task_outcome_hour.cost_squared + EXCLUDED.cost_squared,
    success_cost_pico_usd = task_outcome_hour.success_cost_pico_usd + EXCLUDED.success_cost_pico_usd
$$;
REVOKE ALL ON FUNCTION rollup_add_target_outcomes(jsonb) FROM PUBLIC;
REVOKE ALL ON FUNCTION rollup_add_task_outcomes(jsonb) FROM PUBLIC;
