-- What the application must not be able to get wrong: closed vocabularies, amounts that cannot go below zero, history
-- that cannot be rewritten, and the hint that a new policy revision is in force.
-- Open vocabularies (provider kinds, meters, operations, failure classes) grow with the code and are checked there.

-- Access
ALTER TABLE member
  ADD CONSTRAINT member_role_check CHECK (role IN ('owner', 'admin', 'finance', 'viewer'));
ALTER TABLE admin_token
  ADD CONSTRAINT admin_token_role_check CHECK (role IN ('owner', 'admin', 'finance', 'viewer')),
  ADD CONSTRAINT admin_token_digest_check CHECK (octet_length(digest) = 32);
ALTER TABLE virtual_key
  ADD CONSTRAINT virtual_key_digest_check CHECK (octet_length(digest) = 32);

-- Catalogue
ALTER TABLE provider_connection
  ADD CONSTRAINT provider_connection_abort_billing_check CHECK (abort_billing IN ('stops', 'runs_on'));
ALTER TABLE credential
  ADD CONSTRAINT credential_state_check CHECK (state IN ('active', 'retiring', 'void'));
ALTER TABLE model
  ADD CONSTRAINT model_source_check CHECK (source IN ('catalogue', 'custom')),
  ADD CONSTRAINT model_context_window_check CHECK (context_window > 0),
  ADD CONSTRAINT model_max_output_tokens_check CHECK (max_output_tokens > 0);
ALTER TABLE price_line
  ADD CONSTRAINT price_line_unit_price_check CHECK (unit_price_pico_usd >= 0),
  ADD CONSTRAINT price_line_above_input_tokens_check CHECK (above_input_tokens >= 0),
  ADD CONSTRAINT price_line_window_check CHECK (
    (window_start_minute IS NULL) = (window_end_minute IS NULL)
    AND window_start_minute BETWEEN 0 AND 1439
    AND window_end_minute BETWEEN 0 AND 1440
  );

-- Routing
ALTER TABLE route
  ADD CONSTRAINT route_max_attempts_check CHECK (max_attempts >= 1);
ALTER TABLE route_target
  ADD CONSTRAINT route_target_weight_check CHECK (weight >= 0),
  ADD CONSTRAINT route_target_position_check CHECK (position >= 0);
ALTER TABLE policy_revision
  ADD CONSTRAINT policy_revision_number_check CHECK (number >= 1);
ALTER TABLE policy_head
  ADD CONSTRAINT policy_head_single_row_check CHECK (id = 1);

-- Quotas
ALTER TABLE quota
  ADD CONSTRAINT quota_unit_check CHECK (unit IN ('pico_usd', 'requests', 'tokens', 'concurrent_requests')),
  ADD CONSTRAINT quota_period_check CHECK (period IN ('minute', 'day', 'week', 'month', 'total', 'concurrent')),
  ADD CONSTRAINT quota_concurrency_check CHECK ((unit = 'concurrent_requests') = (period = 'concurrent')),
  ADD CONSTRAINT quota_mode_check CHECK (mode IN ('hard', 'soft')),
  ADD CONSTRAINT quota_when_short_check CHECK (when_short IN ('refuse', 'clamp')),
  ADD CONSTRAINT quota_scope_type_check CHECK (
    scope_type IN ('organisation', 'team', 'project', 'virtual_key', 'user', 'session', 'tag', 'route', 'connection')
  ),
  ADD CONSTRAINT quota_limit_check CHECK (limit_amount >= 0),
  ADD CONSTRAINT quota_thresholds_check CHECK (0 < ALL (thresholds)),
  -- Raises on a zone that this server does not know, before it can fail a gateway's whole batch of leases.
  ADD CONSTRAINT quota_time_zone_check CHECK (timezone(time_zone, timestamp '2000-01-01') IS NOT NULL);
ALTER TABLE quota_window
  ADD CONSTRAINT quota_window_end_check CHECK (window_end > window_start),
  ADD CONSTRAINT quota_window_amounts_check CHECK (
    settled >= 0 AND leased >= 0 AND unreconciled >= 0 AND overrun >= 0 AND recall_number >= 0
  ),
  -- The promise of every hard budget (DESIGN section 5). Overruns stand outside: what a provider billed is a fact.
  ADD CONSTRAINT quota_window_ceiling_check CHECK (settled + leased + unreconciled <= ceiling);
ALTER TABLE quota_lease
  ADD CONSTRAINT quota_lease_state_check CHECK (state IN ('active', 'closed', 'unreconciled')),
  ADD CONSTRAINT quota_lease_outstanding_check CHECK (outstanding >= 0),
  ADD CONSTRAINT quota_lease_closed_check CHECK (state <> 'closed' OR outstanding = 0),
  ADD CONSTRAINT quota_lease_recall_check CHECK (recall_answered >= 0);
ALTER TABLE budget_alert
  ADD CONSTRAINT budget_alert_amounts_check CHECK (threshold_pct > 0 AND used_pico_usd >= 0 AND limit_pico_usd >= 0);

-- Usage
ALTER TABLE request_log
  ADD CONSTRAINT request_log_verdict_check CHECK (
    verdict IN ('complete', 'truncated', 'errored', 'filtered', 'refused', 'invalid', 'cancelled')
  ),
  ADD CONSTRAINT request_log_cache_check CHECK (cache IN ('hit', 'miss', 'bypass')),
  ADD CONSTRAINT request_log_amounts_check CHECK (
    cost_pico_usd >= 0 AND attempts >= 0 AND request_bytes >= 0 AND response_bytes >= 0
    AND duration_ms >= 0 AND gateway_overhead_ms >= 0 AND time_to_first_token_ms >= 0
  );
ALTER TABLE attempt_log
  ADD CONSTRAINT attempt_log_role_check CHECK (role IN ('first', 'retry', 'fallback', 'hedge')),
  ADD CONSTRAINT attempt_log_verdict_check CHECK (
    verdict IN ('complete', 'truncated', 'errored', 'filtered', 'refused', 'invalid', 'cancelled')
  ),
  ADD CONSTRAINT attempt_log_usage_source_check CHECK (
    usage_source IN ('provider_final', 'provider_partial', 'estimate', 'upper_bound', 'none')
  ),
  ADD CONSTRAINT attempt_log_amounts_check CHECK (attempt_number >= 1 AND time_to_first_token_ms >= 0);
ALTER TABLE ledger_entry
  ADD CONSTRAINT ledger_entry_kind_check CHECK (kind IN ('hold', 'settle', 'void', 'overrun', 'correct')),
  ADD CONSTRAINT ledger_entry_amount_check CHECK (kind = 'correct' OR amount_pico_usd >= 0),
  ADD CONSTRAINT ledger_entry_sequence_check CHECK (sequence >= 0);
ALTER TABLE journal_batch
  ADD CONSTRAINT journal_batch_events_check CHECK (events >= 0);
ALTER TABLE cost_rollup_hour
  ADD CONSTRAINT cost_rollup_hour_quantity_check CHECK (quantity >= 0);
ALTER TABLE request_rollup_hour
  ADD CONSTRAINT request_rollup_hour_counts_check CHECK (
    requests >= 0 AND errors >= 0 AND refusals >= 0 AND cache_hits >= 0 AND cache_lookups >= 0 AND attempts >= 0
  );
ALTER TABLE team_cost_report
  ADD CONSTRAINT team_cost_report_requests_check CHECK (requests >= 0);

-- History that is written once
CREATE FUNCTION refuse_rewriting_history() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  RAISE EXCEPTION '% is written once: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
END;
$$;

DO $$
DECLARE
  written_once text;
BEGIN
  FOREACH written_once IN ARRAY
    ARRAY ['policy_revision', 'price_version', 'price_line', 'audit_entry', 'ledger_entry']
  LOOP
    EXECUTE format(
      'CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history()',
      written_once
    );
    EXECUTE format(
      'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history()',
      written_once
    );
  END LOOP;
END;
$$;

-- A hint for gateways to fetch the revision at once; they poll the head as well.
CREATE FUNCTION announce_policy_head() RETURNS trigger
LANGUAGE plpgsql
AS $$
BEGIN
  PERFORM pg_notify('switchyard_policy', NEW.number::text);
  RETURN NULL;
END;
$$;

CREATE TRIGGER announce AFTER INSERT OR UPDATE ON policy_head
  FOR EACH ROW EXECUTE FUNCTION announce_policy_head();
