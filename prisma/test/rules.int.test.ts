import { Client, type Pool } from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createConnectionPool } from "../src/client.ts";
import { type EmbeddedDatabase, startEmbeddedDatabase } from "./embedded-database.ts";

let server: EmbeddedDatabase;
let connectionString: string;
let owner: Pool;

beforeAll(async () => {
  server = await startEmbeddedDatabase();
  connectionString = await server.createMigratedDatabase();
  owner = createConnectionPool({ connectionString, poolSize: 2 });
  for (const insert of rowsToStartFrom) await owner.query(insert);
});
afterAll(async () => {
  await owner.end();
  await server.stop();
});

const lease = "00000000-0000-4000-8000-000000000001";
const rowsToStartFrom = [
  `INSERT INTO "user" (id, name, email, updated_at) VALUES ('u', 'U', 'u@example.org', now())`,
  "INSERT INTO member (id, user_id, role) VALUES ('m', 'u', 'owner')",
  `INSERT INTO admin_token (id, name, public_id, digest, role, created_by)
   VALUES ('t', 'T', 't', decode(repeat('00', 32), 'hex'), 'admin', 'u')`,
  "INSERT INTO organisation (id, name) VALUES ('o', 'O')",
  "INSERT INTO team (id, organisation_id, name) VALUES ('t', 'o', 'T')",
  "INSERT INTO project (id, team_id, name) VALUES ('p', 't', 'P')",
  `INSERT INTO virtual_key (id, project_id, name, public_id, digest, last_four, created_by)
   VALUES ('k', 'p', 'K', 'k', decode(repeat('00', 32), 'hex'), 'abcd', 'u')`,
  "INSERT INTO provider_connection (id, name, kind, base_url) VALUES ('c', 'C', 'openai', 'https://example.org')",
  "INSERT INTO credential (id, connection_id, sealed, hint, created_by) VALUES ('c', 'c', 's', 'h', 'u')",
  `INSERT INTO model (id, provider_kind, provider_model, display_name, capabilities)
   VALUES ('m', 'openai', 'gpt', 'GPT', '{}')`,
  `INSERT INTO price_version (id, model_id, connection_id, effective_from, source, created_by)
   VALUES ('v', 'm', 'c', now(), 'admin', 'u')`,
  "INSERT INTO price_line (id, price_version_id, meter, unit_price_pico_usd) VALUES ('l', 'v', 'input', 1)",
  `INSERT INTO route (id, name, strategy, timeouts, response_cache, updated_at)
   VALUES ('r', 'R', '{}', '{}', '{}', now())`,
  "INSERT INTO route_target (id, route_id, connection_id, model_id, weight, position) VALUES ('g', 'r', 'c', 'm', 1, 0)",
  "INSERT INTO policy_revision (number, content, sha256, summary, created_by) VALUES (1, '{}', 'x', 's', 'u')",
  "INSERT INTO policy_revision (number, content, sha256, summary, created_by) VALUES (2, '{}', 'x', 's', 'u')",
  "INSERT INTO policy_head (number) VALUES (1)",
  `INSERT INTO audit_entry (id, actor_type, actor_id, actor_name, action, resource_type, resource_id)
   VALUES ('a', 'member', 'm', 'U', 'create', 'team', 't')`,
  `INSERT INTO quota (id, name, unit, period, limit_amount, mode, scope_type, scope_id)
   VALUES ('q', 'Q', 'pico_usd', 'day', 100, 'hard', 'team', 't')`,
  "INSERT INTO quota_window (quota_id, window_start, ceiling, settled, leased) VALUES ('q', 'epoch', 100, 30, 70)",
  `INSERT INTO quota_lease (id, quota_id, window_start, gateway_id, boot_id, outstanding)
   VALUES ('${lease}', 'q', 'epoch', 'g', '${lease}', 70)`,
  `INSERT INTO budget_alert (id, quota_id, window_start, threshold_pct, used_pico_usd, limit_pico_usd)
   VALUES ('b', 'q', 'epoch', 50, 50, 100)`,
  `INSERT INTO request_log (request_id, started_at, organisation_id, team_id, project_id, virtual_key_id, operation,
     requested_model, policy_revision, stream, status, cache, attempts, cost_pico_usd, duration_ms,
     gateway_overhead_ms, request_bytes, response_bytes, because, gateway_id)
   VALUES ('${lease}', now(), 'o', 't', 'p', 'k', 'chat', 'm', 1, false, 200, 'miss', 1, 0, 1, 1, 1, 1, '[]', 'g')`,
  `INSERT INTO attempt_log (attempt_id, started_at, request_id, attempt_number, role, operation, ended_at, route_id,
     connection_id, provider_kind, model_id, provider_model, policy_revision, verdict, usage, usage_source, lines,
     quotas, gateway_id)
   VALUES ('${lease}', now(), '${lease}', 1, 'first', 'chat', now(), 'r', 'c', 'openai', 'm', 'gpt', 1, 'complete',
     '{}', 'none', '[]', '[]', 'g')`,
  `INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, request_id, team_id, project_id,
     virtual_key_id, connection_id, model_id)
   VALUES ('${lease}', now(), 'hold', 1, '${lease}', 't', 'p', 'k', 'c', 'm')`,
  "INSERT INTO journal_batch (batch_id, gateway_id, events) VALUES ('j', 'g', 1)",
];

const insertLedgerEntry = (kind: string, amount: number) =>
  `INSERT INTO ledger_entry (attempt_id, started_at, kind, amount_pico_usd, request_id, team_id, project_id,
     virtual_key_id, connection_id, model_id)
   VALUES (gen_random_uuid(), now(), '${kind}', ${amount}, '${lease}', 't', 'p', 'k', 'c', 'm')`;

describe("a CHECK refuses", () => {
  test.each([
    ["member_role_check", "UPDATE member SET role = 'root'"],
    ["admin_token_role_check", "UPDATE admin_token SET role = 'root'"],
    ["admin_token_digest_check", "UPDATE admin_token SET digest = ''"],
    ["virtual_key_digest_check", "UPDATE virtual_key SET digest = 'sk-sy-plain'"],
    ["provider_connection_abort_billing_check", "UPDATE provider_connection SET abort_billing = 'maybe'"],
    ["credential_state_check", "UPDATE credential SET state = 'lost'"],
    ["model_source_check", "UPDATE model SET source = 'rumour'"],
    ["model_context_window_check", "UPDATE model SET context_window = 0"],
    ["model_max_output_tokens_check", "UPDATE model SET max_output_tokens = 0"],
    [
      "price_line_unit_price_check",
      "INSERT INTO price_line (id, price_version_id, meter, unit_price_pico_usd) VALUES ('x', 'v', 'input', -1)",
    ],
    [
      "price_line_above_input_tokens_check",
      `INSERT INTO price_line (id, price_version_id, meter, unit_price_pico_usd, above_input_tokens)
       VALUES ('x', 'v', 'input', 1, -1)`,
    ],
    [
      "price_line_window_check",
      `INSERT INTO price_line (id, price_version_id, meter, unit_price_pico_usd, window_start_minute)
       VALUES ('x', 'v', 'input', 1, 10)`,
    ],
    ["route_max_attempts_check", "UPDATE route SET max_attempts = 0"],
    ["route_target_weight_check", "UPDATE route_target SET weight = -1"],
    ["route_target_position_check", "UPDATE route_target SET position = -1"],
    [
      "policy_revision_number_check",
      "INSERT INTO policy_revision (number, content, sha256, summary, created_by) VALUES (0, '{}', 'x', 's', 'u')",
    ],
    ["policy_head_single_row_check", "INSERT INTO policy_head (id, number) VALUES (2, 2)"],
    ["quota_unit_check", "UPDATE quota SET unit = 'euro'"],
    ["quota_period_check", "UPDATE quota SET period = 'year'"],
    ["quota_concurrency_check", "UPDATE quota SET period = 'concurrent'"],
    ["quota_mode_check", "UPDATE quota SET mode = 'firm'"],
    ["quota_when_short_check", "UPDATE quota SET when_short = 'ask'"],
    ["quota_scope_type_check", "UPDATE quota SET scope_type = 'planet'"],
    ["quota_limit_check", "UPDATE quota SET limit_amount = -1"],
    ["quota_thresholds_check", "UPDATE quota SET thresholds = '{50,0}'"],
    ["quota_window_end_check", "UPDATE quota_window SET window_end = window_start"],
    ["quota_window_amounts_check", "UPDATE quota_window SET settled = -1"],
    ["quota_window_amounts_check", "UPDATE quota_window SET leased = -1"],
    ["quota_window_amounts_check", "UPDATE quota_window SET unreconciled = -1"],
    ["quota_window_amounts_check", "UPDATE quota_window SET overrun = -1"],
    ["quota_window_amounts_check", "UPDATE quota_window SET recall_number = -1"],
    ["quota_window_ceiling_check", "UPDATE quota_window SET settled = 31"],
    ["quota_window_ceiling_check", "UPDATE quota_window SET leased = 71"],
    ["quota_window_ceiling_check", "UPDATE quota_window SET unreconciled = 1"],
    ["quota_window_ceiling_check", "UPDATE quota_window SET ceiling = 99"],
    ["quota_lease_state_check", "UPDATE quota_lease SET state = 'open'"],
    ["quota_lease_outstanding_check", "UPDATE quota_lease SET outstanding = -1"],
    ["quota_lease_closed_check", "UPDATE quota_lease SET state = 'closed'"],
    ["quota_lease_recall_check", "UPDATE quota_lease SET recall_answered = -1"],
    ["budget_alert_amounts_check", "UPDATE budget_alert SET used_pico_usd = -1"],
    ["request_log_verdict_check", "UPDATE request_log SET verdict = 'fine'"],
    ["request_log_cache_check", "UPDATE request_log SET cache = 'maybe'"],
    ["request_log_amounts_check", "UPDATE request_log SET cost_pico_usd = -1"],
    ["attempt_log_role_check", "UPDATE attempt_log SET role = 'second'"],
    ["attempt_log_verdict_check", "UPDATE attempt_log SET verdict = 'fine'"],
    ["attempt_log_usage_source_check", "UPDATE attempt_log SET usage_source = 'guess'"],
    ["attempt_log_amounts_check", "UPDATE attempt_log SET attempt_number = 0"],
    ["ledger_entry_kind_check", insertLedgerEntry("refund", 1)],
    ["ledger_entry_amount_check", insertLedgerEntry("settle", -1)],
    ["journal_batch_events_check", "UPDATE journal_batch SET events = -1"],
  ])("%s: %s", async (constraint, statement) => {
    await expect(owner.query(statement)).rejects.toMatchObject({ code: "23514", constraint });
  });

  test("a time zone that this server does not know", async () => {
    await expect(owner.query("UPDATE quota SET time_zone = 'Mars/Olympus'")).rejects.toMatchObject({ code: "22023" });
  });
});

test("a correction is a signed difference", async () => {
  const { rows } = await owner.query(`${insertLedgerEntry("correct", -5)} RETURNING amount_pico_usd AS amount`);
  expect(rows).toEqual([{ amount: "-5" }]);
});

test("what was overrun does not count against the ceiling: a provider's bill is a fact", async () => {
  const { rows } = await owner.query("UPDATE quota_window SET overrun = 1000 RETURNING ceiling, overrun");
  expect(rows).toEqual([{ ceiling: "100", overrun: "1000" }]);
});

describe("written once", () => {
  const writtenOnce = ["policy_revision", "price_version", "price_line", "audit_entry", "ledger_entry"];
  const firstColumn: Record<string, string> = {
    policy_revision: "summary",
    price_version: "note",
    price_line: "service_tier",
    audit_entry: "action",
    ledger_entry: "note",
  };

  test.each(writtenOnce)("%s refuses UPDATE, DELETE and TRUNCATE", async (table) => {
    const refusal = { code: "23001", message: expect.stringContaining("is written once") };
    await expect(owner.query(`UPDATE ${table} SET ${firstColumn[table]} = 'x'`)).rejects.toMatchObject(refusal);
    await expect(owner.query(`DELETE FROM ${table}`)).rejects.toMatchObject(refusal);
    await expect(owner.query(`TRUNCATE ${table} CASCADE`)).rejects.toMatchObject(refusal);
  });

  test("a connection with a negotiated price cannot be deleted from under it", async () => {
    await owner.query("DELETE FROM route_target");
    await owner.query("DELETE FROM credential");
    await expect(owner.query("DELETE FROM provider_connection")).rejects.toMatchObject({
      code: "23001",
      constraint: "price_version_connection_id_fkey",
    });
  });
});

test("every new head is announced", async () => {
  const listener = new Client({ connectionString });
  await listener.connect();
  const announcements: string[] = [];
  const both = Promise.withResolvers<void>();
  listener.on("notification", ({ payload }) => {
    announcements.push(payload ?? "");
    if (announcements.length === 2) both.resolve();
  });
  await listener.query("LISTEN switchyard_policy");
  await owner.query("UPDATE policy_head SET number = 2");
  await owner.query("DELETE FROM policy_head");
  await owner.query("INSERT INTO policy_head (number) VALUES (1)");
  await both.promise;
  expect(announcements).toEqual(["2", "1"]);
  await listener.end();
});
