-- What providers say they charged: imported files, day by day and model by model. A later file replaces an earlier one
-- for the days that it covers, and both stay.
CREATE TABLE "provider_statement" (
    "id" TEXT NOT NULL,
    "connection_id" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "lines" INTEGER NOT NULL,
    "sum_pico_usd" DECIMAL(38,0),
    "sha256" TEXT NOT NULL,
    "imported_by" TEXT NOT NULL,
    "imported_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "provider_statement_pkey" PRIMARY KEY ("id")
);
CREATE TABLE "provider_statement_line" (
    "statement_id" TEXT NOT NULL,
    "line" INTEGER NOT NULL,
    "day" DATE NOT NULL,
    "provider_model" TEXT,
    "tokens" DECIMAL(38,0),
    "requests" DECIMAL(38,0),
    "cost_pico_usd" DECIMAL(38,0),

    CONSTRAINT "provider_statement_line_pkey" PRIMARY KEY ("statement_id","line")
);
CREATE INDEX "provider_statement_connection_id_last_day_idx" ON "provider_statement"("connection_id", "last_day");
ALTER TABLE "provider_statement" ADD CONSTRAINT "provider_statement_connection_id_fkey"
  FOREIGN KEY ("connection_id") REFERENCES "provider_connection"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
ALTER TABLE "provider_statement_line" ADD CONSTRAINT "provider_statement_line_statement_id_fkey"
  FOREIGN KEY ("statement_id") REFERENCES "provider_statement"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE provider_statement
  ADD CONSTRAINT provider_statement_days_check CHECK (last_day >= first_day),
  ADD CONSTRAINT provider_statement_lines_check CHECK (lines >= 0);
ALTER TABLE provider_statement_line
  ADD CONSTRAINT provider_statement_line_quantities_check CHECK (tokens >= 0 AND requests >= 0);
DO $$
DECLARE
  written_once text;
BEGIN
  FOREACH written_once IN ARRAY ARRAY ['provider_statement', 'provider_statement_line'] LOOP
    EXECUTE format(
      'CREATE TRIGGER written_once BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_history()',
      written_once);
    EXECUTE format(
      'CREATE TRIGGER never_emptied BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_history()',
      written_once);
  END LOOP;
END;
$$;

-- Attempts that used something and had no price: the queue of what somebody has to price.
CREATE INDEX attempt_log_unpriced_idx ON attempt_log (started_at) WHERE price_version_id IS NULL AND usage_source <> 'none';
