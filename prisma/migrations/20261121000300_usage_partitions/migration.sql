-- One partition a day (UTC) for each usage table, so that retention is a dropped table and not a million deleted rows.
-- The default partitions catch an event of any other day: a gateway may ship its journal late, and a clock may be wrong.
CREATE TABLE request_log_default PARTITION OF request_log DEFAULT;
CREATE TABLE attempt_log_default PARTITION OF attempt_log DEFAULT;
CREATE TABLE ledger_entry_default PARTITION OF ledger_entry DEFAULT;

-- Creates the partitions from three days ago to `days_ahead` days from now, and drops logs older than `retention_days`
-- and ledger entries older than `ledger_retention_days` (null: keep for ever). Returns what it did:
--   created            a partition
--   kept_in_default    a day without a partition of its own, because the default partition already holds rows of it
--   dropped            a partition past its retention
--   deleted_from       the default partition, where rows were past their retention (logs only)
-- Gives up after 3 s of waiting for a lock instead of queueing every other query behind itself; the next run goes on.
CREATE FUNCTION maintain_usage_partitions(
  days_ahead integer,
  retention_days integer DEFAULT NULL,
  ledger_retention_days integer DEFAULT NULL
)
RETURNS TABLE (action text, partition_name text)
LANGUAGE plpgsql
SET search_path = public, pg_temp
SET lock_timeout = '3s'
AS $$
DECLARE
  today constant date := (clock_timestamp() AT TIME ZONE 'UTC')::date;
  parent text;
  day date;
  day_start text;
  day_end text;
  keep_days integer;
  is_occupied boolean;
  deleted bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('maintain_usage_partitions'));
  FOREACH parent IN ARRAY ARRAY ['request_log', 'attempt_log', 'ledger_entry'] LOOP
    FOR day IN SELECT generate_series(today - 3, today + days_ahead, interval '1 day')::date LOOP
      partition_name := parent || '_p' || to_char(day, 'YYYYMMDD');
      CONTINUE WHEN to_regclass(partition_name) IS NOT NULL;
      day_start := to_char(day, 'YYYY-MM-DD 00:00:00+00');
      day_end := to_char(day + 1, 'YYYY-MM-DD 00:00:00+00');
      EXECUTE format('SELECT EXISTS (SELECT FROM %I WHERE started_at >= %L AND started_at < %L)',
        parent || '_default', day_start, day_end) INTO is_occupied;
      IF is_occupied THEN
        action := 'kept_in_default';
      ELSE
        -- Attaching waits for whoever reads the default partition; CREATE TABLE ... PARTITION OF would also wait for,
        -- and lock out, every write.
        EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', partition_name, parent);
        EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)',
          parent, partition_name, day_start, day_end);
        action := 'created';
      END IF;
      RETURN NEXT;
    END LOOP;

    keep_days := CASE parent WHEN 'ledger_entry' THEN ledger_retention_days ELSE retention_days END;
    CONTINUE WHEN keep_days IS NULL;
    action := 'dropped';
    FOR partition_name IN
      SELECT child.relname
      FROM pg_inherits
      JOIN pg_class AS child ON child.oid = pg_inherits.inhrelid
      WHERE pg_inherits.inhparent = parent::regclass
        AND child.relname ~ '_p\d{8}$'
        AND to_date(right(child.relname, 8), 'YYYYMMDD') < today - keep_days
      ORDER BY child.relname
    LOOP
      EXECUTE format('DROP TABLE %I', partition_name);
      RETURN NEXT;
    END LOOP;

    CONTINUE WHEN parent = 'ledger_entry';
    partition_name := parent || '_default';
    EXECUTE format('DELETE FROM %I WHERE started_at < %L', partition_name,
      to_char(today - keep_days, 'YYYY-MM-DD 00:00:00+00'));
    GET DIAGNOSTICS deleted = ROW_COUNT;
    IF deleted > 0 THEN
      action := 'deleted_from';
      RETURN NEXT;
    END IF;
  END LOOP;
END;
$$;

SELECT maintain_usage_partitions(days_ahead => 7);
