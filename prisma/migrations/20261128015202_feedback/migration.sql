-- What applications say of answers that they got. One row for each call and project: the last word wins.
CREATE TABLE "call_feedback" (
    "request_id" UUID NOT NULL,
    "project_id" TEXT NOT NULL,
    "made_at" TIMESTAMPTZ(3) NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "given_at" TIMESTAMPTZ(3) NOT NULL,
    "score_permille" INTEGER NOT NULL,
    "value" TEXT,
    "tags" TEXT[],
    "comment" TEXT,
    "counted_permille" INTEGER,

    CONSTRAINT "call_feedback_pkey" PRIMARY KEY ("request_id","project_id")
);
CREATE INDEX "call_feedback_made_at_idx" ON "call_feedback"("made_at");
-- What waits to be counted: few, and looked for every few seconds.
CREATE INDEX call_feedback_due ON call_feedback (request_id) WHERE counted_permille IS DISTINCT FROM score_permille;
ALTER TABLE call_feedback ADD CONSTRAINT call_feedback_score_check CHECK (
  score_permille BETWEEN -1000 AND 1000 AND counted_permille BETWEEN -1000 AND 1000
);

-- Thumbs down on what had passed for a success. They may be counted before the attempts are: only sums of both say anything.
ALTER TABLE "target_outcome_hour" ADD COLUMN "ratings" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "target_outcome_hour" ADD COLUMN "rating_permille" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "target_outcome_hour" ADD COLUMN "disliked" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "task_outcome_hour" ADD COLUMN "disliked" BIGINT NOT NULL DEFAULT 0;
ALTER TABLE "task_outcome_hour" ADD COLUMN "disliked_cost_pico_usd" DECIMAL(38,0) NOT NULL DEFAULT 0;
ALTER TABLE target_outcome_hour ADD CONSTRAINT target_outcome_hour_ratings_check CHECK (ratings >= 0);

-- Counts what was said since it ran last, of calls that are in the log and are the project's own. Each call counts once, by
-- the last word on it: what an earlier one had added is taken off. Answers how many were counted.
CREATE FUNCTION count_feedback() RETURNS bigint
  LANGUAGE sql
  SET search_path = public, pg_temp
AS $$
  -- One at a time, so that two never count the same word.
  SELECT pg_advisory_xact_lock(hashtext('count_feedback'));
  WITH due AS MATERIALIZED (
    SELECT given.request_id, given.project_id, given.score_permille, given.counted_permille AS before,
      date_trunc('hour', given.made_at, 'UTC') AS hour, call.route_id,
      coalesce(call.task_class, 'unknown') AS task_class, call.connection_id, call.model_id, call.cost_pico_usd,
      -- Only what a provider answered says something of a target.
      call.attempts > 0 AND call.route_id IS NOT NULL AND call.connection_id IS NOT NULL AND call.model_id IS NOT NULL
        AS has_target,
      CASE
        WHEN call.status < 400 AND call.verdict IS NOT DISTINCT FROM 'complete'
          AND NOT ('answer_below_standard' = ANY (call.warnings))
        THEN (given.score_permille < 0)::int - coalesce(given.counted_permille < 0, false)::int
        ELSE 0
      END AS disliked
    FROM call_feedback AS given
    JOIN request_log AS call
      ON call.request_id = given.request_id AND call.project_id = given.project_id
      AND call.started_at BETWEEN given.made_at - interval '10 minutes' AND given.made_at + interval '10 minutes'
    WHERE given.counted_permille IS DISTINCT FROM given.score_permille
  ), by_target AS (
    INSERT INTO target_outcome_hour AS sums (
      hour, route_id, task_class, connection_id, model_id, attempts, successes, refused, invalid, escalations, rescues,
      output_tokens, answer_ms, cost_pico_usd, ratings, rating_permille, disliked)
    SELECT hour, route_id, task_class, connection_id, model_id, 0, 0, 0, 0, 0, 0, 0, 0, 0,
      count(*) FILTER (WHERE before IS NULL), sum(score_permille - coalesce(before, 0)), sum(disliked)
    FROM due WHERE has_target
    GROUP BY 1, 2, 3, 4, 5
    ORDER BY 1, 2, 3, 4, 5
    ON CONFLICT (hour, route_id, task_class, connection_id, model_id) DO UPDATE SET
      ratings = sums.ratings + EXCLUDED.ratings,
      rating_permille = sums.rating_permille + EXCLUDED.rating_permille,
      disliked = sums.disliked + EXCLUDED.disliked
  ), by_task AS (
    INSERT INTO task_outcome_hour AS sums (
      hour, route_id, task_class, tasks, successes, escalated, rescued, cost_pico_usd, cost_squared,
      success_cost_pico_usd, disliked, disliked_cost_pico_usd)
    SELECT hour, route_id, task_class, 0, 0, 0, 0, 0, 0, 0, sum(disliked), sum(disliked * cost_pico_usd)
    FROM due WHERE has_target AND disliked <> 0
    GROUP BY 1, 2, 3
    ORDER BY 1, 2, 3
    ON CONFLICT (hour, route_id, task_class) DO UPDATE SET
      disliked = sums.disliked + EXCLUDED.disliked,
      disliked_cost_pico_usd = sums.disliked_cost_pico_usd + EXCLUDED.disliked_cost_pico_usd
  ), counted AS (
    UPDATE call_feedback AS given SET counted_permille = due.score_permille
    FROM due WHERE given.request_id = due.request_id AND given.project_id = due.project_id
    RETURNING 1
  )
  SELECT count(*) FROM counted
$$;
REVOKE ALL ON FUNCTION count_feedback() FROM PUBLIC;
