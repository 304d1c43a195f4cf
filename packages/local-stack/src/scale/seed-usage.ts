/**
 * Usage in bulk, made by the database itself: calls evenly over the last ninety days, of fifty keys in ten teams, twenty
 * people a key, a tenth of them failed. Every call has its request, its attempt, two ledger entries and its part of the
 * roll-ups, so that every sum ties as it does after ingestion.
 */
import { Client } from "pg";

export const seededDays = 90;
const teams = 10;
const keys = 50;
const peopleOfKey = 20;
/** As many as packages/metering keeps; a histogram of another length is refused. */
const latencyBuckets = 68;
const logs = ["request_log", "attempt_log", "ledger_entry"];
const rollUps = [
  "cost_rollup_hour",
  "cost_rollup_day",
  "request_rollup_hour",
  "request_rollup_day",
  "ledger_rollup_hour",
  "caller_rollup_day",
];

/**
 * Calls of one hour and one key go into one roll-up row per person and meter. A day is made in one transaction, and one that
 * is there already is left as it is, so that an interrupted seeding goes on where it was. Answers how many calls there are.
 */
export async function seedUsage(databaseUrl: string, calls: number, note: (text: string) => void): Promise<number> {
  const perDay = Math.ceil(calls / seededDays);
  const days = Array.from({ length: seededDays }, (_, back) =>
    new Date(Date.now() - (seededDays - 1 - back) * 86_400_000).toISOString().slice(0, 10),
  );
  let done = 0;
  let made = 0;
  const work = async (owner: Client): Promise<void> => {
    for (let day = days.shift(); day !== undefined; day = days.shift()) {
      made += (await seedDay(owner, day, perDay)) ? 1 : 0;
      done += 1;
      note(`${done * perDay} calls`);
    }
  };
  const writers = [connect(databaseUrl), connect(databaseUrl)];
  try {
    const [first, second] = await Promise.all(writers);
    if (first === undefined || second === undefined) throw new Error("no connection to seed over");
    await configure(first, ["SET max_wal_size = '8GB'", "SET autovacuum = off"]);
    await seedTenants(first);
    for (const day of days) await makePartitions(first, day);
    await Promise.all([work(first), work(second)]);
    await configure(first, ["RESET max_wal_size", "RESET autovacuum"]);
    if (made > 0) await first.query(`VACUUM (ANALYZE) ${rollUps.join(", ")}`);
    const { rows } = await first.query<{ calls: string }>("SELECT sum(requests) AS calls FROM request_rollup_day");
    return Number(rows[0]?.calls ?? 0);
  } finally {
    for (const writer of await Promise.allSettled(writers)) if (writer.status === "fulfilled") await writer.value.end();
  }
}

async function connect(databaseUrl: string): Promise<Client> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  // Made rows need no trigger: they are of open months, and nothing is rewritten.
  await client.query("SET synchronous_commit = off; SET session_replication_role = replica");
  return client;
}

/** For the server, as long as it is being filled. */
async function configure(owner: Client, settings: readonly string[]): Promise<void> {
  for (const setting of settings) await owner.query(`ALTER SYSTEM ${setting}`);
  await owner.query("SELECT pg_reload_conf()");
}

/** Answers whether the day had to be made. */
async function seedDay(owner: Client, day: string, calls: number): Promise<boolean> {
  const { rows } = await owner.query<{ exists: boolean }>(
    "SELECT EXISTS (SELECT FROM request_rollup_day WHERE day = $1::date::timestamp AT TIME ZONE 'UTC') AS exists",
    [day],
  );
  if (rows[0]?.exists === true) return false;
  await owner.query("BEGIN");
  try {
    for (const statement of [insertRequests, insertAttempts, insertLedger, addRollUps]) {
      await owner.query(statement, [day, calls]);
    }
    for (const statement of sumUpDay) await owner.query(statement, [day]);
    await owner.query("COMMIT");
  } catch (error) {
    await owner.query("ROLLBACK").catch(() => undefined);
    throw error;
  }
  // At once, while the day is in memory.
  await owner.query(`VACUUM (ANALYZE) ${logs.map((log) => partitionOf(log, day)).join(", ")}`);
  return true;
}

function partitionOf(log: string, day: string): string {
  return `${log}_p${day.replaceAll("-", "")}`;
}

async function seedTenants(owner: Client): Promise<void> {
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

async function makePartitions(owner: Client, day: string): Promise<void> {
  const next = new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);
  for (const parent of logs) {
    const name = partitionOf(parent, day);
    const { rows } = await owner.query<{ exists: boolean }>("SELECT to_regclass($1) IS NOT NULL AS exists", [name]);
    if (rows[0]?.exists === true) continue;
    await owner.query(
      `CREATE TABLE ${name} PARTITION OF ${parent} FOR VALUES FROM ('${day} 00:00:00+00') TO ('${next} 00:00:00+00')`,
    );
  }
}

/** One call as a row: its ids carry its time, as those of a gateway do. */
const oneDay = `
  WITH target AS (
    SELECT route.id AS route_id, route.name AS route_name, route_target.connection_id, route_target.model_id,
      provider_connection.kind, model.provider_model, (SELECT id FROM organisation) AS organisation_id
    FROM route
    JOIN route_target ON route_target.route_id = route.id AND route_target.position = 0
    JOIN provider_connection ON provider_connection.id = route_target.connection_id
    JOIN model ON model.id = route_target.model_id
    ORDER BY route.name LIMIT 1
  ), call AS (
    SELECT n, $1::date::timestamp AT TIME ZONE 'UTC' + n * (interval '1 day' / $2::integer) AS started_at,
      n % ${keys} AS key, n % ${teams} AS team, 'person-' || (n % ${keys}) || '-' || (n / ${keys} % ${peopleOfKey}) AS person,
      n % 10 = 3 AS is_failed, 100 + n % 900 AS input, 10 + n % 90 AS output
    FROM generate_series(0, $2::integer - 1) AS n
  ), made AS (
    SELECT *, CASE WHEN is_failed THEN 0 ELSE input * 150000 + output * 600000 END::bigint AS cost,
      (lpad(to_hex((extract(epoch FROM started_at) * 1000)::bigint), 12, '0') || '7' || lpad(to_hex(n % 4096), 3, '0')
        || '8' || lpad(to_hex(n), 15, '0'))::uuid AS id
    FROM call
  )`;

const insertRequests = `${oneDay}
  INSERT INTO request_log (request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, end_user, tags,
    operation, requested_model, route_id, route_name, connection_id, provider_kind, model_id, provider_model,
    policy_revision, stream, status, error_code, verdict, cache, attempts, cost_pico_usd, time_to_first_token_ms,
    duration_ms, gateway_overhead_ms, request_bytes, response_bytes, warnings, because, gateway_id)
  SELECT id, started_at, organisation_id, 'scale-team-' || team, 'scale-project-' || team, 'scale-key-' || key, person,
    ARRAY['env=prod', 'feature=search'], 'chat', route_name, route_id, route_name, connection_id, kind, model_id,
    provider_model, 1, n % 2 = 0, CASE WHEN is_failed THEN 502 ELSE 200 END,
    CASE WHEN is_failed THEN 'upstream_error' END, CASE WHEN is_failed THEN 'errored' ELSE 'complete' END, 'bypass', 1,
    cost, 200, 900 + n % 2000, 0.5, 600, 900, '{}',
    '[{"code": "weighted", "text": "Chose the first target by weight."}]', 'gateway-0'
  FROM made CROSS JOIN target`;

const insertAttempts = `${oneDay}
  INSERT INTO attempt_log (attempt_id, started_at, request_id, attempt_number, role, operation, ended_at, route_id,
    connection_id, provider_kind, model_id, provider_model, policy_revision, price_version_id, verdict, failure_class,
    upstream_status, usage, usage_source, lines, quotas, time_to_first_token_ms, gateway_id)
  SELECT id, started_at, id, 1, 'first', 'chat', started_at + interval '1 second', route_id, connection_id, kind,
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
  FROM made CROSS JOIN target`;

const insertLedger = `${oneDay}
  INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, usage_source, request_id, team_id, project_id,
    virtual_key_id, connection_id, model_id)
  SELECT id, started_at, entry.kind, entry.amount, entry.source, id, 'scale-team-' || team, 'scale-project-' || team,
    'scale-key-' || key, connection_id, model_id
  FROM made CROSS JOIN target
  CROSS JOIN LATERAL (VALUES
    ('hold', 500000000, NULL),
    (CASE WHEN is_failed THEN 'void' ELSE 'settle' END, CASE WHEN is_failed THEN 500000000 ELSE cost END,
      CASE WHEN is_failed THEN 'none' ELSE 'provider_final' END)
  ) AS entry(kind, amount, source)`;

const addRollUps = `${oneDay}, spent AS (
    SELECT date_trunc('hour', started_at, 'UTC') AS hour, team, key, person, metered.meter,
      sum(metered.quantity) AS quantity, sum(metered.quantity * metered.price) AS cost
    FROM made
    CROSS JOIN LATERAL (VALUES ('input', input, 150000), ('output', output, 600000)) AS metered(meter, quantity, price)
    WHERE NOT is_failed
    GROUP BY 1, 2, 3, 4, 5
  ), costs AS (
    INSERT INTO cost_rollup_hour (hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, end_user,
      tags, route_id, connection_id, provider_kind, model_id, meter, quantity, cost_pico_usd)
    SELECT hour, rollup_dimension_key(jsonb_build_array(organisation_id, 'scale-team-' || team,
        'scale-project-' || team, 'scale-key-' || key, person, '["env=prod", "feature=search"]'::jsonb, route_id,
        connection_id, kind, model_id, meter)),
      organisation_id, 'scale-team-' || team, 'scale-project-' || team, 'scale-key-' || key, person,
      ARRAY['env=prod', 'feature=search'], route_id, connection_id, kind, model_id, meter, quantity, cost
    FROM spent CROSS JOIN target
  )
  INSERT INTO request_rollup_hour (hour, dimension_key, organisation_id, team_id, project_id, virtual_key_id, route_id,
    connection_id, provider_kind, model_id, requests, errors, refusals, cache_hits, cache_lookups, attempts,
    duration_buckets, first_token_buckets, cost_pico_usd)
  SELECT date_trunc('hour', started_at, 'UTC'),
    rollup_dimension_key(jsonb_build_array(organisation_id, 'scale-team-' || team, 'scale-project-' || team,
      'scale-key-' || key, route_id, connection_id, kind, model_id)),
    organisation_id, 'scale-team-' || team, 'scale-project-' || team, 'scale-key-' || key, route_id, connection_id,
    kind, model_id, count(*), count(*) FILTER (WHERE is_failed), 0, 0, 0, count(*), array_fill(count(*), ARRAY[${latencyBuckets}]),
    array_fill(count(*), ARRAY[${latencyBuckets}]), sum(cost)
  FROM made CROSS JOIN target
  GROUP BY date_trunc('hour', started_at, 'UTC'), organisation_id, team, key, route_id, connection_id, kind, model_id`;

/** The day's roll-ups: out of its hours', and those that triggers would write. */
const sumUpDay = [
  `INSERT INTO cost_rollup_day
   SELECT $1::date::timestamp AT TIME ZONE 'UTC', dimension_key, organisation_id, team_id, project_id, virtual_key_id,
     end_user, tags, route_id, connection_id, provider_kind, model_id, meter, sum(quantity), sum(cost_pico_usd)
   FROM cost_rollup_hour
   WHERE hour >= $1::date::timestamp AT TIME ZONE 'UTC' AND hour < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
   GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13`,
  `INSERT INTO request_rollup_day
   SELECT $1::date::timestamp AT TIME ZONE 'UTC', dimension_key, organisation_id, team_id, project_id, virtual_key_id,
     route_id, connection_id, provider_kind, model_id, sum(requests), sum(errors), sum(refusals), sum(cache_hits),
     sum(cache_lookups), sum(attempts), rollup_sum_buckets(duration_buckets), rollup_sum_buckets(first_token_buckets),
     sum(cost_pico_usd)
   FROM request_rollup_hour
   WHERE hour >= $1::date::timestamp AT TIME ZONE 'UTC' AND hour < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
   GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10`,
  `INSERT INTO ledger_rollup_hour
   SELECT date_trunc('hour', started_at, 'UTC'), virtual_key_id, connection_id, model_id, kind, coalesce(usage_source, ''),
     count(*), sum(amount_pico_usd)
   FROM ledger_entry
   WHERE started_at >= $1::date::timestamp AT TIME ZONE 'UTC' AND started_at < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
   GROUP BY 1, 2, 3, 4, 5, 6`,
  `INSERT INTO caller_rollup_day
   SELECT day, rollup_dimension_key(jsonb_build_array(organisation_id, team_id, project_id, virtual_key_id, end_user,
       to_jsonb(tags), route_id, connection_id, provider_kind, model_id)),
     organisation_id, team_id, project_id, virtual_key_id, end_user, tags, route_id, connection_id, provider_kind, model_id,
     requests
   FROM (
     SELECT $1::date::timestamp AT TIME ZONE 'UTC' AS day, organisation_id, team_id, project_id, virtual_key_id, end_user,
       tags, route_id, connection_id, provider_kind, model_id, count(*) AS requests
     FROM request_log
     WHERE started_at >= $1::date::timestamp AT TIME ZONE 'UTC' AND started_at < ($1::date + 1)::timestamp AT TIME ZONE 'UTC'
     GROUP BY 2, 3, 4, 5, 6, 7, 8, 9, 10, 11
   ) AS counted`,
];
