/**
 * What roll-ups sum: queries over one day, from $1 to $2, that answer its groups by the hour. Each has the columns of the
 * roll-ups that are compared with it and written anew from it.
 */
import { latencyBucketBoundsMs } from "@switchyard/metering/latency-buckets";

const ofDay = (column: string) => `${column} >= $1::timestamptz AND ${column} < $2::timestamptz`;

const tenant = ["organisation_id", "team_id", "project_id"] as const;
const target = ["route_id", "connection_id", "provider_kind", "model_id"] as const;

/** The columns that stand in the key of a roll-up, in their order there. */
export const dimensions = {
  cost: [...tenant, "virtual_key_id", "end_user", "tags", ...target, "meter"],
  spend: [...tenant, "virtual_key_id", ...target, "meter"],
  request: [...tenant, "virtual_key_id", ...target],
  service: [...tenant, ...target],
  caller: [...tenant, "virtual_key_id", "end_user", "tags", ...target],
} as const;

type Dimensions = (typeof dimensions)[keyof typeof dimensions];

const keyOf = (columns: Dimensions) =>
  `rollup_dimension_key(jsonb_build_array(${columns
    .map((column) => (column === "tags" ? "to_jsonb(tags)" : column))
    .join(", ")})) AS dimension_key`;

const hourOf = (instant: string) => `date_trunc('hour', ${instant}, 'UTC') AS hour`;

const outcomes = `count(*) AS requests,
  count(*) FILTER (WHERE status >= 400 OR verdict IN ('errored', 'truncated', 'invalid')) AS errors,
  count(*) FILTER (WHERE verdict = 'refused') AS refusals, count(*) FILTER (WHERE cache = 'hit') AS cache_hits,
  count(*) FILTER (WHERE cache <> 'bypass') AS cache_lookups, sum(attempts) AS attempts`;
const outcomeColumns = ["requests", "errors", "refusals", "cache_hits", "cache_lookups", "attempts"] as const;

// How many bounds lie below: one on the bound itself counts in its bucket, so both are turned round.
const bounds = latencyBucketBoundsMs.length;
const turnedBounds = `'{${latencyBucketBoundsMs
  .map((bound) => -bound)
  .toReversed()
  .join(",")}}'::double precision[]`;
const bucketOf = (milliseconds: string) => `${bounds} - width_bucket(-${milliseconds}, ${turnedBounds})`;
const zeros = (count: string) => `array_fill(0::bigint, ARRAY[${count}])`;
const histogramOf = (bucket: string) =>
  `CASE WHEN ${bucket} IS NULL THEN ${zeros(String(bounds + 1))}
    ELSE ${zeros(bucket)} || requests || ${zeros(`${bounds} - ${bucket}`)} END`;

/** An id tells when its call was made; what came of a call counts there, also where an attempt began later. */
const madeAt = "coalesce(uuid_extract_timestamp(request_id), started_at)";

const spentByPeople = `SELECT hour, ${tenant.join(", ")}, virtual_key_id, end_user, tags, 0 AS requests,
    CASE WHEN rollup_counts_tokens(meter) THEN quantity ELSE 0 END AS tokens, cost_pico_usd
  FROM cost_rollup_hour WHERE ${ofDay("hour")}`;
const labelled = (known: string) => `
  SELECT label.kind, hour, virtual_key_id, label.value, ${tenant.join(", ")}, requests, tokens, cost_pico_usd
  FROM (${known}) AS known CROSS JOIN LATERAL rollup_labels(end_user, tags) AS label`;

export const sources = {
  entries: `
    SELECT ${hourOf("counted_at")}, virtual_key_id, connection_id, model_id, kind,
      coalesce(usage_source, '') AS usage_source, count(*) AS entries, sum(amount_pico_usd) AS amount_pico_usd
    FROM (
      SELECT started_at AS counted_at, virtual_key_id, connection_id, model_id, kind, usage_source, amount_pico_usd
      FROM ledger_entry WHERE ${ofDay("started_at")} AND booked_late_at IS NULL
      UNION ALL
      SELECT booked_late_at, virtual_key_id, connection_id, model_id, kind, usage_source, amount_pico_usd
      FROM ledger_entry WHERE ${ofDay("booked_late_at")}
    ) AS counted
    GROUP BY 1, 2, 3, 4, 5, 6`,
  /** Without meters and callers, of which the ledger knows nothing. */
  charges: `
    SELECT hour, virtual_key_id, connection_id, model_id, amount_pico_usd AS cost_pico_usd
    FROM entries WHERE kind IN ('settle', 'overrun', 'fee', 'correct')`,
  costs: `SELECT * FROM cost_rollup_hour WHERE ${ofDay("hour")}`,
  spent: `
    SELECT ${keyOf(dimensions.spend)}, grouped.* FROM (
      SELECT hour, ${dimensions.spend.join(", ")}, sum(quantity) AS quantity, sum(cost_pico_usd) AS cost_pico_usd
      FROM cost_rollup_hour WHERE ${ofDay("hour")} GROUP BY hour, ${dimensions.spend.join(", ")}
    ) AS grouped`,
  attributed: labelled(`${spentByPeople}
    UNION ALL
    SELECT ${hourOf("started_at")}, ${tenant.join(", ")}, virtual_key_id, end_user, tags, count(*), 0, 0
    FROM request_log WHERE ${ofDay("started_at")} GROUP BY 1, 2, 3, 4, 5, 6, 7`),
  /** Where the log is gone: how many calls they made, nobody can tell any more. */
  attributed_spend: labelled(spentByPeople),
  attributed_hours: `SELECT * FROM attribution_rollup_hour WHERE ${ofDay("hour")}`,
  requests: `
    SELECT ${keyOf(dimensions.request)}, grouped.* FROM (
      SELECT ${hourOf("started_at")}, ${dimensions.request.join(", ")}, ${outcomes}, sum(cost_pico_usd) AS cost_pico_usd
      FROM request_log WHERE ${ofDay("started_at")} GROUP BY 1, ${dimensions.request.join(", ")}
    ) AS grouped`,
  request_hours: `SELECT * FROM request_rollup_hour WHERE ${ofDay("hour")}`,
  served: `
    SELECT ${keyOf(dimensions.service)}, grouped.* FROM (
      SELECT hour, ${dimensions.service.join(", ")}, ${outcomeColumns.map((name) => `sum(${name}) AS ${name}`).join(", ")},
        rollup_sum_buckets(${histogramOf("duration_bucket")}) AS duration_buckets,
        rollup_sum_buckets(${histogramOf("first_token_bucket")}) AS first_token_buckets
      FROM (
        SELECT ${hourOf("started_at")}, ${dimensions.service.join(", ")}, ${bucketOf("duration_ms")} AS duration_bucket,
          ${bucketOf("time_to_first_token_ms")} AS first_token_bucket, ${outcomes}
        FROM request_log WHERE ${ofDay("started_at")}
        GROUP BY 1, ${dimensions.service.join(", ")}, duration_bucket, first_token_bucket
      ) AS measured
      GROUP BY hour, ${dimensions.service.join(", ")}
    ) AS grouped`,
  /** Where the log is gone: without histograms. */
  served_counts: `
    SELECT ${keyOf(dimensions.service)}, grouped.* FROM (
      SELECT hour, ${dimensions.service.join(", ")}, ${outcomeColumns.map((name) => `sum(${name}) AS ${name}`).join(", ")}
      FROM request_rollup_hour WHERE ${ofDay("hour")} GROUP BY hour, ${dimensions.service.join(", ")}
    ) AS grouped`,
  service_hours: `SELECT * FROM service_rollup_hour WHERE ${ofDay("hour")}`,
  callers: `
    SELECT ${keyOf(dimensions.caller)}, grouped.* FROM (
      SELECT date_trunc('day', started_at, 'UTC') AS hour, ${dimensions.caller.join(", ")}, count(*) AS requests
      FROM request_log WHERE ${ofDay("started_at")} GROUP BY 1, ${dimensions.caller.join(", ")}
    ) AS grouped`,
  tasks: `
    SELECT * FROM (
      SELECT ${hourOf(madeAt)}, route_id, coalesce(task_class, 'unknown') AS task_class, count(*) AS tasks,
        count(*) FILTER (WHERE is_success) AS successes, sum(cost_pico_usd) AS cost_pico_usd,
        sum(cost_pico_usd::numeric * cost_pico_usd) AS cost_squared,
        sum(cost_pico_usd) FILTER (WHERE is_success) AS success_cost_pico_usd
      FROM (
        SELECT *, status < 400 AND verdict = 'complete' AND NOT 'answer_below_standard' = ANY (warnings) AS is_success
        FROM request_log
        WHERE started_at >= $1::timestamptz - interval '1 hour' AND started_at < $2::timestamptz + interval '1 hour'
          AND route_id IS NOT NULL AND attempts > 0
      ) AS asked
      GROUP BY 1, 2, 3
    ) AS grouped WHERE ${ofDay("hour")}`,
  /** By kind of task only attempts' calls are told apart. */
  tried: `
    SELECT * FROM (
      SELECT ${hourOf(madeAt)}, route_id, connection_id, model_id, count(*) AS attempts,
        count(*) FILTER (WHERE role = 'escalation') AS escalations
      FROM attempt_log
      WHERE started_at >= $1::timestamptz - interval '1 hour' AND started_at < $2::timestamptz + interval '1 hour'
      GROUP BY 1, 2, 3, 4
    ) AS grouped WHERE ${ofDay("hour")}`,
} as const;

export type SourceName = keyof typeof sources;
