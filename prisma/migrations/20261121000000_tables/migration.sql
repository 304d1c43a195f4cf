-- Every table, index and foreign key of prisma/schema, as Prisma's schema engine writes them; added by hand: PARTITION BY
-- on request_log, attempt_log and ledger_entry. What Prisma's schema cannot say stands in the migrations that follow.

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "admin_token" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "public_id" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "role" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "admin_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_entry" (
    "id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "actor_type" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "resource_type" TEXT NOT NULL,
    "resource_id" TEXT NOT NULL,
    "before" JSONB,
    "after" JSONB,
    "policy_revision" INTEGER,

    CONSTRAINT "audit_entry_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "provider_connection" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "base_url" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "region" TEXT,
    "jurisdiction" TEXT,
    "zero_retention" BOOLEAN NOT NULL DEFAULT false,
    "no_training" BOOLEAN NOT NULL DEFAULT false,
    "abort_billing" TEXT NOT NULL DEFAULT 'runs_on',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "provider_connection_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'active',
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model" (
    "id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "provider_model" TEXT NOT NULL,
    "display_name" TEXT NOT NULL,
    "context_window" INTEGER,
    "max_output_tokens" INTEGER,
    "capabilities" JSONB NOT NULL,
    "source" TEXT NOT NULL DEFAULT 'custom',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_version" (
    "id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "connection_id" TEXT,
    "effective_from" TIMESTAMPTZ(3) NOT NULL,
    "free" BOOLEAN NOT NULL DEFAULT false,
    "source" TEXT NOT NULL,
    "note" TEXT,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_version_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_line" (
    "id" TEXT NOT NULL,
    "price_version_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "unit_price_pico_usd" BIGINT NOT NULL,
    "above_input_tokens" INTEGER,
    "window_start_minute" INTEGER,
    "window_end_minute" INTEGER,
    "service_tier" TEXT,

    CONSTRAINT "price_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "unit" TEXT NOT NULL,
    "period" TEXT NOT NULL,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "limit_amount" DECIMAL(38,0) NOT NULL,
    "mode" TEXT NOT NULL,
    "when_short" TEXT NOT NULL DEFAULT 'refuse',
    "scope_type" TEXT NOT NULL,
    "scope_id" TEXT NOT NULL,
    "thresholds" INTEGER[] DEFAULT ARRAY[]::INTEGER[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "quota_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "quota_window" (
    "quota_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "window_end" TIMESTAMPTZ(3),
    "ceiling" DECIMAL(38,0),
    "settled" DECIMAL(38,0) NOT NULL DEFAULT 0,
    "leased" DECIMAL(38,0) NOT NULL DEFAULT 0,
    "unreconciled" DECIMAL(38,0) NOT NULL DEFAULT 0,
    "overrun" DECIMAL(38,0) NOT NULL DEFAULT 0,
    "recall_number" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "quota_window_pkey" PRIMARY KEY ("quota_id","window_start")
);

-- CreateTable
CREATE TABLE "quota_lease" (
    "id" UUID NOT NULL,
    "quota_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "gateway_id" TEXT NOT NULL,
    "boot_id" UUID NOT NULL,
    "outstanding" DECIMAL(38,0) NOT NULL DEFAULT 0,
    "recall_answered" INTEGER NOT NULL DEFAULT 0,
    "last_return_id" UUID,
    "state" TEXT NOT NULL DEFAULT 'active',
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "quota_lease_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "gateway_process" (
    "gateway_id" TEXT NOT NULL,
    "boot_id" UUID NOT NULL,
    "region" TEXT,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "heartbeat_at" TIMESTAMPTZ(3) NOT NULL,
    "policy_revision" INTEGER,
    "policy_problem" JSONB,

    CONSTRAINT "gateway_process_pkey" PRIMARY KEY ("gateway_id")
);

-- CreateTable
CREATE TABLE "budget_alert" (
    "id" TEXT NOT NULL,
    "quota_id" TEXT NOT NULL,
    "window_start" TIMESTAMPTZ(3) NOT NULL,
    "threshold_pct" INTEGER NOT NULL,
    "used_pico_usd" DECIMAL(38,0) NOT NULL,
    "limit_pico_usd" DECIMAL(38,0) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),
    "delivery_error" TEXT,

    CONSTRAINT "budget_alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "alert_webhook" (
    "id" TEXT NOT NULL,
    "url" TEXT NOT NULL,
    "sealed_secret" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "alert_webhook_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "strategy" JSONB NOT NULL,
    "fallback_route_ids" JSONB NOT NULL DEFAULT '[]',
    "allowed_project_ids" JSONB,
    "max_attempts" INTEGER NOT NULL DEFAULT 3,
    "timeouts" JSONB NOT NULL,
    "response_cache" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "route_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "route_target" (
    "id" TEXT NOT NULL,
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "weight" INTEGER NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "position" INTEGER NOT NULL,

    CONSTRAINT "route_target_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_revision" (
    "number" INTEGER NOT NULL,
    "content" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "summary" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_revision_pkey" PRIMARY KEY ("number")
);

-- CreateTable
CREATE TABLE "policy_head" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "number" INTEGER NOT NULL,

    CONSTRAINT "policy_head_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "organisation" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "organisation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "team" (
    "id" TEXT NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "team_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "project" (
    "id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "archived_at" TIMESTAMPTZ(3),

    CONSTRAINT "project_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "virtual_key" (
    "id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "public_id" TEXT NOT NULL,
    "digest" BYTEA NOT NULL,
    "last_four" TEXT NOT NULL,
    "allowed_route_ids" JSONB,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "overlap_ends_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "rotated_from_id" TEXT,
    "last_used_at" TIMESTAMPTZ(3),

    CONSTRAINT "virtual_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "request_log" (
    "request_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "end_user" TEXT,
    "session_tag" TEXT,
    "tags" TEXT[],
    "operation" TEXT NOT NULL,
    "requested_model" TEXT NOT NULL,
    "route_id" TEXT,
    "route_name" TEXT,
    "connection_id" TEXT,
    "provider_kind" TEXT,
    "model_id" TEXT,
    "provider_model" TEXT,
    "policy_revision" INTEGER NOT NULL,
    "stream" BOOLEAN NOT NULL,
    "status" INTEGER NOT NULL,
    "error_code" TEXT,
    "verdict" TEXT,
    "cache" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL,
    "cost_pico_usd" BIGINT NOT NULL,
    "time_to_first_token_ms" DOUBLE PRECISION,
    "duration_ms" DOUBLE PRECISION NOT NULL,
    "gateway_overhead_ms" DOUBLE PRECISION NOT NULL,
    "request_bytes" INTEGER NOT NULL,
    "response_bytes" INTEGER NOT NULL,
    "warnings" TEXT[],
    "because" JSONB NOT NULL,
    "gateway_id" TEXT NOT NULL,

    CONSTRAINT "request_log_pkey" PRIMARY KEY ("started_at","request_id")
) PARTITION BY RANGE ("started_at");

-- CreateTable
CREATE TABLE "attempt_log" (
    "attempt_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "request_id" UUID NOT NULL,
    "attempt_number" INTEGER NOT NULL,
    "role" TEXT NOT NULL,
    "operation" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3) NOT NULL,
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "provider_model" TEXT NOT NULL,
    "policy_revision" INTEGER NOT NULL,
    "price_version_id" TEXT,
    "verdict" TEXT NOT NULL,
    "failure_class" TEXT,
    "upstream_status" INTEGER,
    "usage" JSONB NOT NULL,
    "usage_source" TEXT NOT NULL,
    "lines" JSONB NOT NULL,
    "quotas" JSONB NOT NULL,
    "time_to_first_token_ms" DOUBLE PRECISION,
    "gateway_id" TEXT NOT NULL,

    CONSTRAINT "attempt_log_pkey" PRIMARY KEY ("started_at","attempt_id")
) PARTITION BY RANGE ("started_at");

-- CreateTable
CREATE TABLE "ledger_entry" (
    "attempt_id" UUID NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "kind" TEXT NOT NULL,
    "sequence" INTEGER NOT NULL DEFAULT 0,
    "amount_pico_usd" BIGINT NOT NULL,
    "usage_source" TEXT,
    "request_id" UUID NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "note" TEXT,
    "recorded_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "ledger_entry_pkey" PRIMARY KEY ("started_at","attempt_id","kind","sequence")
) PARTITION BY RANGE ("started_at");

-- CreateTable
CREATE TABLE "journal_batch" (
    "batch_id" TEXT NOT NULL,
    "gateway_id" TEXT NOT NULL,
    "events" INTEGER NOT NULL,
    "ingested_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "journal_batch_pkey" PRIMARY KEY ("batch_id")
);

-- CreateTable
CREATE TABLE "cost_rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "end_user" TEXT,
    "tags" TEXT[],
    "route_id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "provider_kind" TEXT NOT NULL,
    "model_id" TEXT NOT NULL,
    "meter" TEXT NOT NULL,
    "quantity" DECIMAL(38,0) NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "cost_rollup_hour_pkey" PRIMARY KEY ("hour","dimension_key")
);

-- CreateTable
CREATE TABLE "request_rollup_hour" (
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "dimension_key" BYTEA NOT NULL,
    "organisation_id" TEXT NOT NULL,
    "team_id" TEXT NOT NULL,
    "project_id" TEXT NOT NULL,
    "virtual_key_id" TEXT NOT NULL,
    "route_id" TEXT,
    "connection_id" TEXT,
    "provider_kind" TEXT,
    "model_id" TEXT,
    "requests" BIGINT NOT NULL,
    "errors" BIGINT NOT NULL,
    "refusals" BIGINT NOT NULL,
    "cache_hits" BIGINT NOT NULL,
    "cache_lookups" BIGINT NOT NULL,
    "attempts" BIGINT NOT NULL,
    "duration_buckets" BIGINT[],
    "first_token_buckets" BIGINT[],
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,

    CONSTRAINT "request_rollup_hour_pkey" PRIMARY KEY ("hour","dimension_key")
);

-- CreateTable
CREATE TABLE "team_cost_report" (
    "team_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "cost_pico_usd" DECIMAL(38,0) NOT NULL,
    "requests" BIGINT NOT NULL,
    "breakdown" JSONB NOT NULL,
    "compiled_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "team_cost_report_pkey" PRIMARY KEY ("team_id","day")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "account_user_id_idx" ON "account"("user_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "member_user_id_key" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "admin_token_public_id_key" ON "admin_token"("public_id");

-- CreateIndex
CREATE INDEX "audit_entry_at_id_idx" ON "audit_entry"("at" DESC, "id");

-- CreateIndex
CREATE INDEX "audit_entry_resource_type_resource_id_idx" ON "audit_entry"("resource_type", "resource_id");

-- CreateIndex
CREATE UNIQUE INDEX "provider_connection_name_key" ON "provider_connection"("name");

-- CreateIndex
CREATE INDEX "credential_connection_id_idx" ON "credential"("connection_id");

-- CreateIndex
CREATE UNIQUE INDEX "model_provider_kind_provider_model_key" ON "model"("provider_kind", "provider_model");

-- CreateIndex
CREATE INDEX "price_version_model_id_effective_from_idx" ON "price_version"("model_id", "effective_from");

-- CreateIndex
CREATE INDEX "price_line_price_version_id_idx" ON "price_line"("price_version_id");

-- CreateIndex
CREATE INDEX "quota_scope_type_scope_id_idx" ON "quota"("scope_type", "scope_id");

-- CreateIndex
CREATE INDEX "quota_lease_gateway_id_boot_id_idx" ON "quota_lease"("gateway_id", "boot_id");

-- CreateIndex
CREATE UNIQUE INDEX "quota_lease_quota_id_window_start_gateway_id_boot_id_key" ON "quota_lease"("quota_id", "window_start", "gateway_id", "boot_id");

-- CreateIndex
CREATE UNIQUE INDEX "budget_alert_quota_id_window_start_threshold_pct_key" ON "budget_alert"("quota_id", "window_start", "threshold_pct");

-- CreateIndex
CREATE UNIQUE INDEX "route_name_key" ON "route"("name");

-- CreateIndex
CREATE UNIQUE INDEX "route_target_route_id_connection_id_model_id_key" ON "route_target"("route_id", "connection_id", "model_id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_head_number_key" ON "policy_head"("number");

-- CreateIndex
CREATE UNIQUE INDEX "team_organisation_id_name_key" ON "team"("organisation_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "project_team_id_name_key" ON "project"("team_id", "name");

-- CreateIndex
CREATE UNIQUE INDEX "virtual_key_public_id_key" ON "virtual_key"("public_id");

-- CreateIndex
CREATE INDEX "virtual_key_project_id_idx" ON "virtual_key"("project_id");

-- CreateIndex
CREATE INDEX "request_log_team_id_started_at_idx" ON "request_log"("team_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "request_log_virtual_key_id_started_at_idx" ON "request_log"("virtual_key_id", "started_at" DESC);

-- CreateIndex
CREATE INDEX "attempt_log_request_id_idx" ON "attempt_log"("request_id");

-- CreateIndex
CREATE INDEX "journal_batch_ingested_at_idx" ON "journal_batch"("ingested_at");

-- CreateIndex
CREATE INDEX "cost_rollup_hour_team_id_hour_idx" ON "cost_rollup_hour"("team_id", "hour");

-- CreateIndex
CREATE INDEX "request_rollup_hour_route_id_hour_idx" ON "request_rollup_hour"("route_id", "hour");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "provider_connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_version" ADD CONSTRAINT "price_version_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_version" ADD CONSTRAINT "price_version_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "provider_connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_line" ADD CONSTRAINT "price_line_price_version_id_fkey" FOREIGN KEY ("price_version_id") REFERENCES "price_version"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_window" ADD CONSTRAINT "quota_window_quota_id_fkey" FOREIGN KEY ("quota_id") REFERENCES "quota"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "quota_lease" ADD CONSTRAINT "quota_lease_quota_id_window_start_fkey" FOREIGN KEY ("quota_id", "window_start") REFERENCES "quota_window"("quota_id", "window_start") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route_target" ADD CONSTRAINT "route_target_route_id_fkey" FOREIGN KEY ("route_id") REFERENCES "route"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route_target" ADD CONSTRAINT "route_target_connection_id_fkey" FOREIGN KEY ("connection_id") REFERENCES "provider_connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "route_target" ADD CONSTRAINT "route_target_model_id_fkey" FOREIGN KEY ("model_id") REFERENCES "model"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_head" ADD CONSTRAINT "policy_head_number_fkey" FOREIGN KEY ("number") REFERENCES "policy_revision"("number") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "team" ADD CONSTRAINT "team_organisation_id_fkey" FOREIGN KEY ("organisation_id") REFERENCES "organisation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "project" ADD CONSTRAINT "project_team_id_fkey" FOREIGN KEY ("team_id") REFERENCES "team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_project_id_fkey" FOREIGN KEY ("project_id") REFERENCES "project"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "virtual_key" ADD CONSTRAINT "virtual_key_rotated_from_id_fkey" FOREIGN KEY ("rotated_from_id") REFERENCES "virtual_key"("id") ON DELETE SET NULL ON UPDATE CASCADE;
