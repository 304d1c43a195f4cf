-- What a route does about answers that come and are no good.
ALTER TABLE "route" ADD COLUMN "validation" JSONB;

-- A higher tier of a cascade was asked because the answer of a lower one was not good enough.
ALTER TABLE "attempt_log" DROP CONSTRAINT attempt_log_role_check;
ALTER TABLE "attempt_log" ADD CONSTRAINT attempt_log_role_check
  CHECK (role IN ('first', 'retry', 'fallback', 'hedge', 'escalation'));
