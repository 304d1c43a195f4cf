-- What one person spent, on which models: a row or two among thousands an hour. Updates of amounts leave these alone.
CREATE INDEX "cost_rollup_hour_end_user_hour_idx" ON "cost_rollup_hour"("end_user", "hour");
CREATE INDEX "cost_rollup_day_end_user_day_idx" ON "cost_rollup_day"("end_user", "day");
CREATE INDEX "caller_rollup_day_end_user_day_idx" ON "caller_rollup_day"("end_user", "day");
