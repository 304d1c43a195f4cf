/** The SQL that makes a day of calls: rows of the logs, and what ingestion would have added to the roll-ups for them. */
import type { Client } from "pg";

export const logs = ["request_log", "attempt_log", "ledger_entry"] as const;
export type Log = (typeof logs)[number];

const teams = 10;
const keys = 50;
const peopleOfKey = 20;
/** As many as packages/metering keeps; a histogram of another length is refused. */
const latencyBuckets = 68;

export async function seedTenants(owner: Client): Promise<void> {
  await owner.query(
    `INSERT INTO team (id, organisation_id, name)
     SELECT 'scale-team-' || n, (SELECT id FROM organisation), 'Scale team ' || n FROM generate_series(0, $1 - 1) AS n
     ON CONFLICT DO NOTHING`,
    [teams],
  );
  await owner.query(
    `INSERT INTO project (id, team_id, name)
     SELECT 'scale-project-' || n, 'scale-team-' || n, 'Scale project ' || n FROM generate_series(0, $1 - 1) AS n
     ON CONFLICT DO NOTHING`,
    [teams],
  );
  await owner.query(
    `INSERT INTO virtual_key (id, project_id, name, public_id, digest, last_four, created_by)
     SELECT 'scale-key-' || n, 'scale-project-' || n % $2, 'Scale key ' || n, lpad(n::text, 12, '0'),
       sha256(n::text::bytea), '0000', 'scale'
     FROM generate_series(0, $1 - 1) AS n
     ON CONFLICT DO NOTHING`,
    [keys, teams],
  );
  await owner.query(
    `INSERT INTO quota (id, name, unit, period, limit_amount, mode, scope_type, scope_id)
     VALUES ('scale-budget', 'Scale budget', 'pico_usd', 'month', 1e18, 'soft', 'team', 'scale-team-3'),
       ('scale-rate-limit', 'Scale rate limit', 'requests', 'minute', 1000000, 'hard', 'team', 'scale-team-3')
     ON CONFLICT DO NOTHING`,
  );
}

/** The calls of the day $1, $2 of them, and where they go. */
const calls = `
  target AS (
    SELECT route.id AS route_id, route.name AS route_name, route_target.connection_id, route_target.model_id,
      provider_connection.kind AS provider_kind, model.provider_model, (SELECT id FROM organisation) AS organisation_id
    FROM route
    JOIN route_target ON route_target.route_id = route.id AND route_target.position = 0
    JOIN provider_connection ON provider_connection.id = route_target.connection_id
    JOIN model ON model.id = route_target.model_id
    ORDER BY route.name LIMIT 1
  ), call AS (
    SELECT n, $1::date::timestamp AT TIME ZONE 'UTC' + n * (interval '1 day' / $2::integer) AS started_at,
      n % ${keys} AS key, n % ${teams} AS team, n / ${keys} % ${peopleOfKey} AS person, n % 10 = 3 AS is_failed,
      100 + n % 900 AS input, 10 + n % 90 AS output
    FROM generate_series(0, $2::integer - 1) AS n
  ), made AS (
    SELECT *, CASE WHEN is_failed THEN 0 ELSE input * 150000 + output * 600000 END::bigint AS cost FROM call
  )`;

/** One call in $3 as a row: its ids carry its time, as those of a gateway do. Left out are blocks with calls of everybody. */
const rows = `
  WITH ${calls}, kept AS (
    SELECT *, 'person-' || key || '-' || person AS end_user,
      (lpad(to_hex((extract(epoch FROM started_at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0'))::uuid AS id
    FROM made WHERE n / ${keys * peopleOfKey} % $3::integer = 0
  )`;

/** What the ledger has of a call: its hold, and what became of it. */
const entries = `(VALUES
    ('hold', 500000000, NULL),
    (CASE WHEN is_failed THEN 'void' ELSE 'settle' END, CASE WHEN is_failed THEN 500000000 ELSE cost END,
      CASE WHEN is_failed THEN 'none' ELSE 'provider_final' END)
  ) AS entry(kind, amount, source)`;

export const insertInto: Readonly<Record<Log, (table: string) => string>> = {
  request_log: (table) => `
    INSERT INTO ${table} (request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, end_user, tags,
      operation, requested_model, route_id, route_name, connection_id, provider_kind, model_id, provider_model,
      policy_revision, stream, status, error_code, verdict, cache, attempts, cost_pico_usd, time_to_first_token_ms,
      duration_ms, gateway_overhead_ms, request_bytes, response_bytes, warnings, because, gateway_id)
    ${rows}
    SELECT id, started_at, organisation_id, 'scale-team-' || team, 'scale-project-' || team, 'scale-key-' || key, end_user,
      ARRAY['env=prod', 'feature=search'], 'chat', route_name, route_id, route_name, connection_id, provider_kind, model_id,
      provider_model, 1, n % 2 = 0, CASE WHEN is_failed THEN 502 ELSE 200 END,
      CASE WHEN is_failed THEN 'upstream_error' END, CASE WHEN is_failed THEN 'errored' ELSE 'complete' END, 'bypass', 1,
      cost, 200, 900 + n % 2000, 0.5, 600, 900, '{}',
      '[{"code": "weighted", "text": "Chose the first target by weight."}]', 'gateway-0'
    FROM kept CROSS JOIN target`,
  attempt_log: (table) => `
    INSERT INTO ${table} (attempt_id, started_at, request_id, attempt_number, role, operation, ended_at, route_id,
      connection_id, provider_kind, model_id, provider_model, policy_revision, price_version_id, verdict, failure_class,
      upstream_status, usage, usage_source, lines, quotas, time_to_first_token_ms, gateway_id)
    ${rows}
    SELECT id, started_at, id, 1, 'first', 'chat', started_at + interval '1 second', route_id, connection_id, provider_kind,
      model_id, provider_model, 1, 'scale-price', CASE WHEN is_failed THEN 'errored' ELSE 'complete' END,
      CASE WHEN is_failed THEN 'server_error' END, CASE WHEN is_failed THEN 500 ELSE 200 END,
      CASE WHEN is_failed THEN '{}' ELSE jsonb_build_object('input', input, 'output', output) END,
      CASE WHEN is_failed THEN 'none' ELSE 'provider_final' END,
      CASE WHEN is_failed THEN '[]' ELSE jsonb_build_array(
        jsonb_build_object('meter', 'input', 'quantity', input, 'unitPricePicoUsd', '150000',
          'amountPicoUsd', (input * 150000)::text),
        jsonb_build_object('meter', 'output', 'quantity', output, 'unitPricePicoUsd', '600000',
          'amountPicoUsd', (output * 600000)::text)) END,
      '[]', 200, 'gateway-0'
    FROM kept CROSS JOIN target`,
  ledger_entry: (table) => `
    INSERT INTO ${table} (attempt_id, started_at, kind, amount_pico_usd, usage_source, request_id, team_id, project_id,
      virtual_key_id, connection_id, model_id)
    ${rows}
    SELECT id, started_at, entry.kind, entry.amount, entry.source, id, 'scale-team-' || team, 'scale-project-' || team,
      'scale-key-' || key, connection_id, model_id
    FROM kept CROSS JOIN target CROSS JOIN LATERAL ${entries}`,
};

/** Of the spend of a day and of its calls, the product's own functions make what they make of a batch; at once, as every row of a
 * day would have as many dead versions otherwise as there were batches of this one transaction. */
const dimensions = `'organisationId', organisation_id, 'teamId', 'scale-team-' || team, 'projectId', 'scale-project-' || team,
  'virtualKeyId', 'scale-key-' || key`;
const caller = `'user', 'person-' || key || '-' || person, 'tags', jsonb_build_array('env=prod', 'feature=search')`;
const served = `'routeId', route_id, 'connectionId', connection_id, 'providerKind', provider_kind, 'modelId', model_id`;

export const addRollUps: readonly string[] = [
  `WITH ${calls}, spent AS (
     SELECT date_trunc('hour', started_at, 'UTC') AS hour, team, key, person, metered.meter,
       sum(metered.quantity) AS quantity, sum(metered.quantity * metered.price) AS cost
     FROM made
     CROSS JOIN LATERAL (VALUES ('input', input, 150000), ('output', output, 600000)) AS metered(meter, quantity, price)
     WHERE NOT is_failed
     GROUP BY 1, 2, 3, 4, 5
   ), counted AS (
     SELECT date_trunc('hour', started_at, 'UTC') AS hour, team, key, person, count(*) AS requests
     FROM made GROUP BY 1, 2, 3, 4
   )
   SELECT rollup_add_cost(
     (SELECT jsonb_agg(jsonb_build_object(${dimensions}, ${caller}, ${served},
         'startedAt', extract(epoch FROM hour)::bigint * 1000, 'meter', meter, 'quantity', quantity, 'costPicoUsd', cost::text))
      FROM spent CROSS JOIN target),
     (SELECT jsonb_agg(jsonb_build_object(${dimensions}, ${caller},
         'hour', extract(epoch FROM hour)::bigint * 1000, 'requests', requests))
      FROM counted CROSS JOIN target))`,
  `WITH ${calls}, counted AS (
     SELECT date_trunc('hour', started_at, 'UTC') AS hour, team, key, count(*) AS requests,
       count(*) FILTER (WHERE is_failed) AS errors, sum(cost) AS cost
     FROM made GROUP BY 1, 2, 3
   )
   SELECT rollup_add_requests(jsonb_agg(jsonb_build_object(${dimensions}, ${served},
     'hour', extract(epoch FROM hour)::bigint * 1000, 'requests', requests, 'errors', errors, 'refusals', 0, 'cacheHits', 0,
     'cacheLookups', 0, 'attempts', requests, 'durationBuckets', array_fill(requests, ARRAY[${latencyBuckets}]),
     'firstTokenBuckets', array_fill(requests, ARRAY[${latencyBuckets}]), 'costPicoUsd', cost::text)))
   FROM counted CROSS JOIN target`,
  // What triggers would write with the rows.
  ...["hour", "day"].map(
    (unit) => `WITH ${calls}
      INSERT INTO ledger_rollup_${unit}
      SELECT date_trunc('${unit}', started_at, 'UTC'), 'scale-key-' || key, connection_id, model_id, entry.kind,
        coalesce(entry.source, ''), count(*), sum(entry.amount)
      FROM made CROSS JOIN target CROSS JOIN LATERAL ${entries}
      GROUP BY 1, 2, 3, 4, 5, 6`,
  ),
  `WITH ${calls}
   INSERT INTO caller_rollup_day
   SELECT day, rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user,
       to_jsonb(tags), route_id, connection_id, provider_kind, model_id)),
     organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind, model_id,
     requests
   FROM (
     SELECT $1::date::timestamp AT TIME ZONE 'UTC' AS day, organisation_id, 'scale-team-' || team AS team_id,
       'scale-project-' || team AS project_id, 'scale-key-' || key AS virtual_key_id,
       'person-' || key || '-' || person AS end_user, ARRAY['env=prod', 'feature=search'] AS tags, route_id, connection_id,
       provider_kind, model_id, requests
     FROM (SELECT team, key, person, count(*) AS requests FROM made GROUP BY 1, 2, 3) AS counted CROSS JOIN target
   ) AS callers`,
];

/** Gives the day `to` the rows that `from` has in a roll-up. */
export async function copyRollUp(owner: Client, table: string, from: string, to: string): Promise<void> {
  const { rows: columns } = await owner.query<{ name: string }>(
    `SELECT attname AS name FROM pg_attribute
     WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = '' ORDER BY attnum`,
    [table],
  );
  const names = columns.map(({ name }) => name);
  const time = names.includes("hour") ? "hour" : "day";
  const values = names.map((name) => (name === time ? `${time} + ($2::date - $1::date) * interval '24 hours'` : name));
  const midnight = "$1::date::timestamp AT TIME ZONE 'UTC'";
  await owner.query(
    `INSERT INTO ${table} (${names.join(", ")}) SELECT ${values.join(", ")} FROM ${table}
     WHERE ${time} >= ${midnight} AND ${time} < ${midnight} + interval '24 hours'`,
    [from, to],
  );
}
