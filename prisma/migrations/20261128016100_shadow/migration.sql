-- A target that gets a copy of some calls, whose answer nobody sees; null: there is none.
ALTER TABLE "route" ADD COLUMN "shadow" JSONB;

-- An attempt for such a copy.
ALTER TABLE "attempt_log" DROP CONSTRAINT attempt_log_role_check;
ALTER TABLE "attempt_log" ADD CONSTRAINT attempt_log_role_check
  CHECK (role IN ('first', 'retry', 'fallback', 'hedge', 'escalation', 'shadow'));
