-- The lease protocol (DESIGN section 5). Gateways and the worker change quota windows and leases through these
-- functions only. Two rules keep them exact and free of deadlocks:
--   * whoever changes a window or a lease of it holds the window's row lock;
--   * several windows are locked in the order (quota_id COLLATE "C", window_start).
-- Time is the database's clock, never a gateway's.

-- The first instant of a local day. `AT TIME ZONE` alone is wrong where clocks are set back over midnight: local
-- midnight then happens twice and it answers the later one, which would leave an hour of the day outside every window.
CREATE FUNCTION quota_local_midnight(local_day timestamp, time_zone text) RETURNS timestamptz
LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp
AS $$
DECLARE
  usual constant timestamptz := local_day AT TIME ZONE time_zone;
  shortly_before constant timestamptz := usual - interval '3 hours';
  offset_before constant interval := (shortly_before AT TIME ZONE time_zone) - (shortly_before AT TIME ZONE 'UTC');
  earlier constant timestamptz := (local_day - offset_before) AT TIME ZONE 'UTC';
BEGIN
  IF earlier < usual AND earlier AT TIME ZONE time_zone = local_day THEN
    RETURN earlier;
  END IF;
  RETURN usual;
END;
$$;

-- The window of a period that an instant belongs to: start inclusive, end exclusive. `total` and `concurrent` have one
-- window without an end. Minutes are minutes of UTC; days, weeks (from Monday) and months begin in the given IANA zone.
CREATE FUNCTION quota_window_bounds(
  period text,
  time_zone text,
  instant timestamptz,
  OUT window_start timestamptz,
  OUT window_end timestamptz
)
LANGUAGE plpgsql STABLE STRICT
SET search_path = public, pg_temp
AS $$
DECLARE
  local_start timestamp;
BEGIN
  IF period IN ('total', 'concurrent') THEN
    window_start := 'epoch';
    window_end := NULL;
  ELSIF period = 'minute' THEN
    window_start := date_trunc('minute', instant, 'UTC');
    window_end := window_start + interval '1 minute';
  ELSIF period IN ('day', 'week', 'month') THEN
    local_start := date_trunc(period, instant AT TIME ZONE time_zone);
    window_start := quota_local_midnight(local_start, time_zone);
    window_end := quota_local_midnight(local_start + ('1 ' || period)::interval, time_zone);
  ELSE
    RAISE EXCEPTION 'unknown quota period %', period USING ERRCODE = 'invalid_parameter_value';
  END IF;
END;
$$;

-- A gateway process counts as alive for this long after its last heartbeat.
CREATE FUNCTION gateway_alive_for() RETURNS interval
LANGUAGE sql IMMUTABLE
AS $$ SELECT interval '30 seconds' $$;

-- Records that a gateway process is alive and what it runs. A new boot of the same gateway takes its place.
CREATE FUNCTION gateway_heartbeat(
  beating_gateway text,
  beating_boot uuid,
  process_region text,
  process_started_at timestamptz,
  running_revision integer,
  running_problem jsonb
)
RETURNS TABLE (database_now timestamptz, live_gateways integer)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
BEGIN
  database_now := clock_timestamp();
  INSERT INTO gateway_process (gateway_id, boot_id, region, started_at, heartbeat_at, policy_revision, policy_problem)
  VALUES (beating_gateway, beating_boot, process_region, process_started_at, database_now, running_revision,
    running_problem)
  ON CONFLICT (gateway_id) DO UPDATE SET
    boot_id = EXCLUDED.boot_id,
    region = EXCLUDED.region,
    started_at = EXCLUDED.started_at,
    heartbeat_at = EXCLUDED.heartbeat_at,
    policy_revision = EXCLUDED.policy_revision,
    policy_problem = EXCLUDED.policy_problem;
  SELECT count(*) INTO live_gateways FROM gateway_process WHERE heartbeat_at > database_now - gateway_alive_for();
  RETURN NEXT;
END;
$$;

-- Takes up to `amount` out of a lease, from the part of its window that the lease counts in. Answers what was there to
-- take. The caller holds the window's row lock and says where the amount goes.
CREATE FUNCTION quota_lease_draw(drawn_lease uuid, amount numeric) RETURNS numeric
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
  lease quota_lease;
  taken numeric;
BEGIN
  SELECT * INTO lease FROM quota_lease WHERE id = drawn_lease;
  IF NOT FOUND THEN
    RETURN 0;
  END IF;
  taken := LEAST(amount, lease.outstanding);
  UPDATE quota_lease SET outstanding = outstanding - taken, updated_at = clock_timestamp() WHERE id = drawn_lease;
  UPDATE quota_window SET
    leased = leased - CASE WHEN lease.state = 'unreconciled' THEN 0 ELSE taken END,
    unreconciled = unreconciled - CASE WHEN lease.state = 'unreconciled' THEN taken ELSE 0 END
  WHERE quota_id = lease.quota_id AND window_start = lease.window_start;
  RETURN taken;
END;
$$;

-- Leases slices of hard quotas to a gateway process.
--   asks    [{quotaId, minimum, wanted, recall: number | null, at: 'now' | 'next'}], amounts as decimal strings in the
--           quota's unit; 'next' is the following window, to have a minute's lease before the minute begins
--   status  granted        `granted` (>= minimum) was added to lease `lease_id`
--           recalling      too little is left, but other live gateways hold unspent leases and have been told to give
--                          back: ask again shortly, with recall = `recall_number`
--           exhausted      too little is left and nobody has anything to give back; `remaining_after` is what is left
--           unknown_quota  there is no such quota, or it is archived or soft (soft quotas are never leased)
-- A grant is at least what was wanted, and at most what is left; in between it is a slice of half of an even share of
-- the remainder, and no more than a tenth of the limit. So slices shrink with the remainder, and one gateway cannot
-- starve the others. (A gateway's recent spend would make better slices; a tenth of the limit stands in for it.)
CREATE FUNCTION quota_take(asking_gateway text, asking_boot uuid, asks jsonb)
RETURNS TABLE (
  ask_index integer,
  quota_id text,
  status text,
  lease_id uuid,
  granted numeric,
  window_start timestamptz,
  window_end timestamptz,
  database_now timestamptz,
  limit_amount numeric,
  remaining_after numeric,
  recall_number integer
)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  instant constant timestamptz := clock_timestamp();
  live_gateways integer;
  ask record;
  quota_state quota_window;
  remaining numeric;
  slice numeric;
  revived numeric;
  lowest_answer integer;
BEGIN
  database_now := instant;
  SELECT greatest(count(*), 1) INTO live_gateways
  FROM gateway_process WHERE heartbeat_at > instant - gateway_alive_for();

  FOR ask IN
    SELECT
      asked.ordinal - 1 AS index,
      asked.value ->> 'quotaId' AS quota_id,
      greatest((asked.value ->> 'minimum')::numeric(38, 0), 1) AS minimum,
      (asked.value ->> 'wanted')::numeric(38, 0) AS wanted,
      (asked.value ->> 'recall')::integer AS recall,
      quota.id IS NOT NULL AS is_known,
      quota.limit_amount,
      bounds.window_start,
      bounds.window_end
    FROM jsonb_array_elements(asks) WITH ORDINALITY AS asked (value, ordinal)
    LEFT JOIN quota ON quota.id = asked.value ->> 'quotaId' AND quota.mode = 'hard' AND quota.archived_at IS NULL
    LEFT JOIN LATERAL quota_window_bounds(quota.period, quota.time_zone, instant) AS current_bounds
      ON quota.id IS NOT NULL
    LEFT JOIN LATERAL quota_window_bounds(
      quota.period,
      quota.time_zone,
      CASE WHEN asked.value ->> 'at' = 'next' THEN coalesce(current_bounds.window_end, instant) ELSE instant END
    ) AS bounds ON quota.id IS NOT NULL
    ORDER BY asked.value ->> 'quotaId' COLLATE "C", bounds.window_start, asked.ordinal
  LOOP
    ask_index := ask.index;
    quota_id := ask.quota_id;
    lease_id := NULL;
    granted := 0;
    window_start := ask.window_start;
    window_end := ask.window_end;
    limit_amount := ask.limit_amount;
    remaining_after := NULL;
    recall_number := NULL;
    IF NOT ask.is_known THEN
      status := 'unknown_quota';
      RETURN NEXT;
      CONTINUE;
    END IF;

    SELECT * INTO quota_state FROM quota_window
    WHERE quota_id = ask.quota_id AND window_start = ask.window_start FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO quota_window (quota_id, window_start, window_end)
      VALUES (ask.quota_id, ask.window_start, ask.window_end) ON CONFLICT DO NOTHING;
      SELECT * INTO STRICT quota_state FROM quota_window
      WHERE quota_id = ask.quota_id AND window_start = ask.window_start FOR UPDATE;
    END IF;

    -- A limit that is lowered, or a budget that only now became hard, may lie below what is in use already.
    remaining := greatest(
      ask.limit_amount - quota_state.settled - quota_state.overrun - quota_state.unreconciled - quota_state.leased, 0
    );
    quota_state.ceiling := greatest(
      coalesce(quota_state.ceiling, quota_state.settled + quota_state.leased + quota_state.unreconciled),
      ask.limit_amount
    );

    IF remaining >= ask.minimum THEN
      status := 'granted';
      slice := floor(least(remaining / (2 * live_gateways), ask.limit_amount / 10));
      granted := least(remaining, greatest(ask.minimum, ask.wanted, slice));
      -- A process that was taken for lost has come back to the same boot: its lease is in use again.
      SELECT outstanding INTO revived FROM quota_lease
      WHERE quota_id = ask.quota_id AND window_start = ask.window_start
        AND gateway_id = asking_gateway AND boot_id = asking_boot AND state = 'unreconciled';
      revived := coalesce(revived, 0);
      -- A lease that held nothing has no earlier recall to answer.
      INSERT INTO quota_lease AS lease
        (id, quota_id, window_start, gateway_id, boot_id, outstanding, recall_answered, state, updated_at)
      VALUES (gen_random_uuid(), ask.quota_id, ask.window_start, asking_gateway, asking_boot, granted,
        quota_state.recall_number, 'active', instant)
      ON CONFLICT (quota_id, window_start, gateway_id, boot_id) DO UPDATE SET
        outstanding = lease.outstanding + EXCLUDED.outstanding,
        recall_answered =
          CASE WHEN lease.outstanding = 0 THEN EXCLUDED.recall_answered ELSE lease.recall_answered END,
        state = 'active',
        updated_at = EXCLUDED.updated_at
      RETURNING lease.id INTO lease_id;
      quota_state.leased := quota_state.leased + granted + revived;
      quota_state.unreconciled := quota_state.unreconciled - revived;
    ELSE
      -- Null when no other live process has anything to give back.
      SELECT min(lease.recall_answered) INTO lowest_answer
      FROM quota_lease AS lease
      JOIN gateway_process AS process ON process.gateway_id = lease.gateway_id AND process.boot_id = lease.boot_id
      WHERE lease.quota_id = ask.quota_id AND lease.window_start = ask.window_start
        AND lease.outstanding > 0
        AND (lease.gateway_id <> asking_gateway OR lease.boot_id <> asking_boot)
        AND process.heartbeat_at > instant - gateway_alive_for();
      IF lowest_answer IS NULL THEN
        status := 'exhausted';
      ELSIF ask.recall IS NULL THEN
        status := 'recalling';
        quota_state.recall_number := quota_state.recall_number + 1;
        PERFORM pg_notify('switchyard_quota_recall', json_build_object(
          'quotaId', ask.quota_id,
          'windowStartMs', (extract(epoch FROM ask.window_start) * 1000)::bigint,
          'recall', quota_state.recall_number
        )::text);
      ELSIF lowest_answer < least(ask.recall, quota_state.recall_number) THEN
        status := 'recalling';
      ELSE
        status := 'exhausted';
      END IF;
    END IF;

    UPDATE quota_window SET
      ceiling = quota_state.ceiling,
      leased = quota_state.leased,
      unreconciled = quota_state.unreconciled,
      recall_number = quota_state.recall_number
    WHERE quota_id = ask.quota_id AND window_start = ask.window_start;
    remaining_after := remaining - granted;
    recall_number := quota_state.recall_number;
    RETURN NEXT;
  END LOOP;
END;
$$;

-- Gives unspent parts of a process's own leases back, or answers a recall (with amount 0 if there is nothing to give).
--   returns   [{leaseId, amount, recallAnswered: number | null, returnId: uuid | null}]
--   returned  what this call gave back: at most what the lease still had; 0 for a lease of somebody else
--   repeated  the lease's newest return had the same returnId, so nothing was applied again. A caller that did not
--             learn the outcome of a return repeats it with the same id before it sends another one for that lease.
CREATE FUNCTION quota_return(returning_gateway text, returning_boot uuid, returns jsonb)
RETURNS TABLE (lease_id uuid, returned numeric, repeated boolean)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  item record;
  highest_recall integer;
BEGIN
  FOR item IN
    SELECT
      (given.value ->> 'leaseId')::uuid AS lease_id,
      greatest((given.value ->> 'amount')::numeric(38, 0), 0) AS amount,
      (given.value ->> 'recallAnswered')::integer AS recall_answered,
      (given.value ->> 'returnId')::uuid AS return_id,
      lease.quota_id,
      lease.window_start
    FROM jsonb_array_elements(returns) WITH ORDINALITY AS given (value, ordinal)
    LEFT JOIN quota_lease AS lease ON lease.id = (given.value ->> 'leaseId')::uuid
      AND lease.gateway_id = returning_gateway AND lease.boot_id = returning_boot
    ORDER BY lease.quota_id COLLATE "C", lease.window_start, given.ordinal
  LOOP
    lease_id := item.lease_id;
    returned := 0;
    repeated := false;
    SELECT recall_number INTO highest_recall FROM quota_window
    WHERE quota_id = item.quota_id AND window_start = item.window_start FOR UPDATE;
    IF FOUND THEN
      SELECT coalesce(last_return_id = item.return_id, false) INTO repeated FROM quota_lease WHERE id = item.lease_id;
      IF NOT repeated THEN
        returned := quota_lease_draw(item.lease_id, item.amount);
      END IF;
      UPDATE quota_lease SET
        recall_answered = greatest(recall_answered, least(item.recall_answered, highest_recall)),
        last_return_id = coalesce(item.return_id, last_return_id)
      WHERE id = item.lease_id;
    END IF;
    RETURN NEXT;
  END LOOP;
END;
$$;

-- Closes the leases of an earlier boot of this gateway, once that boot's whole journal is in the ledger: what it did
-- not spend goes back (`released`). Requests and tokens are in no ledger, so all that was leased of them counts as used.
CREATE FUNCTION quota_release_boot(releasing_gateway text, earlier_boot uuid)
RETURNS TABLE (lease_id uuid, quota_id text, window_start timestamptz, released numeric)
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  lease record;
  drawn numeric;
BEGIN
  IF EXISTS (SELECT FROM gateway_process WHERE gateway_id = releasing_gateway AND boot_id = earlier_boot) THEN
    RAISE EXCEPTION 'boot % is the running one of gateway %', earlier_boot, releasing_gateway
      USING ERRCODE = 'object_in_use', HINT = 'Send a heartbeat of the new boot before releasing the earlier one.';
  END IF;
  FOR lease IN
    SELECT quota_lease.id, quota_lease.quota_id, quota_lease.window_start, quota.unit IN ('requests', 'tokens') AS is_used
    FROM quota_lease
    JOIN quota ON quota.id = quota_lease.quota_id
    WHERE quota_lease.gateway_id = releasing_gateway AND quota_lease.boot_id = earlier_boot
      AND quota_lease.state <> 'closed'
    ORDER BY quota_lease.quota_id COLLATE "C", quota_lease.window_start
  LOOP
    PERFORM FROM quota_window WHERE quota_id = lease.quota_id AND window_start = lease.window_start FOR UPDATE;
    drawn := quota_lease_draw(lease.id, 'infinity');
    UPDATE quota_lease SET state = 'closed' WHERE id = lease.id;
    IF lease.is_used THEN
      UPDATE quota_window SET settled = settled + drawn
      WHERE quota_id = lease.quota_id AND window_start = lease.window_start;
    END IF;
    lease_id := lease.id;
    quota_id := lease.quota_id;
    window_start := lease.window_start;
    released := CASE WHEN lease.is_used THEN 0 ELSE drawn END;
    RETURN NEXT;
  END LOOP;
END;
$$;

-- Books what attempts were charged. The worker calls it once in the transaction that inserts their ledger entries, as
-- its last statement, because it holds the windows' locks until the commit.
--   charges  [{quotaId, windowStartMs, leaseId: uuid | null, charged, overrun}], one per (quota, window, lease);
--            leaseId is null on soft quotas, whose window is made if it is missing
--   settled  what was booked as settled; the rest of `charged` is part of `overrun`, as no CHECK may be violated
--   status   settled | short (the lease, or the ceiling of a quota that was hard, covered less than was charged)
--            | unknown_lease (all of it went to overrun) | unknown_quota (nothing was booked)
CREATE FUNCTION quota_settle(charges jsonb)
RETURNS TABLE (
  quota_id text,
  window_start timestamptz,
  lease_id uuid,
  status text,
  settled numeric,
  overrun numeric
)
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
#variable_conflict use_column
DECLARE
  charge record;
  quota_state quota_window;
BEGIN
  FOR charge IN
    SELECT
      given.value ->> 'quotaId' AS quota_id,
      timestamptz 'epoch' + (given.value ->> 'windowStartMs')::bigint * interval '1 millisecond' AS window_start,
      (given.value ->> 'leaseId')::uuid AS lease_id,
      (given.value ->> 'charged')::numeric(38, 0) AS charged,
      (given.value ->> 'overrun')::numeric(38, 0) AS overrun,
      quota.id IS NOT NULL AS is_known,
      quota.period,
      quota.time_zone
    FROM jsonb_array_elements(charges) AS given (value)
    LEFT JOIN quota ON quota.id = given.value ->> 'quotaId'
    ORDER BY given.value ->> 'quotaId' COLLATE "C", window_start, lease_id
  LOOP
    IF charge.charged IS NULL OR charge.overrun IS NULL OR charge.charged < 0 OR charge.overrun < 0 THEN
      RAISE EXCEPTION 'a charge to quota % is missing or negative', charge.quota_id
        USING ERRCODE = 'invalid_parameter_value';
    END IF;
    quota_id := charge.quota_id;
    window_start := charge.window_start;
    lease_id := charge.lease_id;
    settled := 0;
    overrun := 0;
    IF NOT charge.is_known THEN
      status := 'unknown_quota';
      RETURN NEXT;
      CONTINUE;
    END IF;

    SELECT * INTO quota_state FROM quota_window
    WHERE quota_id = charge.quota_id AND window_start = charge.window_start FOR UPDATE;
    IF NOT FOUND THEN
      INSERT INTO quota_window (quota_id, window_start, window_end)
      SELECT charge.quota_id, charge.window_start, bounds.window_end
      FROM quota_window_bounds(charge.period, charge.time_zone, charge.window_start) AS bounds
      ON CONFLICT DO NOTHING;
      SELECT * INTO STRICT quota_state FROM quota_window
      WHERE quota_id = charge.quota_id AND window_start = charge.window_start FOR UPDATE;
    END IF;

    IF charge.lease_id IS NULL THEN
      -- A quota that was hard earlier in this window still has a ceiling.
      settled := least(charge.charged,
        quota_state.ceiling - quota_state.settled - quota_state.leased - quota_state.unreconciled);
      status := CASE WHEN settled < charge.charged THEN 'short' ELSE 'settled' END;
    ELSIF EXISTS (
      SELECT FROM quota_lease
      WHERE id = charge.lease_id AND quota_id = charge.quota_id AND window_start = charge.window_start
    ) THEN
      settled := quota_lease_draw(charge.lease_id, charge.charged);
      status := CASE WHEN settled < charge.charged THEN 'short' ELSE 'settled' END;
    ELSE
      status := 'unknown_lease';
    END IF;
    overrun := charge.overrun + charge.charged - settled;
    UPDATE quota_window AS booked SET settled = booked.settled + quota_settle.settled,
      overrun = booked.overrun + quota_settle.overrun
    WHERE booked.quota_id = charge.quota_id AND booked.window_start = charge.window_start;
    RETURN NEXT;
  END LOOP;
END;
$$;

-- Sets aside what lost processes had leased, and tidies up. A process is lost when its boot has sent no heartbeat for
-- `stale_after`, or another boot took its place and its lease was not touched for that long. Nothing is taken for lost
-- until the server has been up for `start_grace`: after an outage every heartbeat is old.
--   lost_leases      became 'unreconciled': still counted, until their journal is replayed or their boot is released
--   freed_leases     of concurrency: a dead process has no calls in flight
--   closed_leases    of windows that are over, with nothing outstanding
--   deleted_windows  minutes that ended more than ten minutes ago
CREATE FUNCTION quota_expire_leases(stale_after interval, start_grace interval DEFAULT '2 minutes')
RETURNS TABLE (lost_leases integer, freed_leases integer, closed_leases integer, deleted_windows integer)
LANGUAGE plpgsql
SET search_path = public, pg_temp
AS $$
DECLARE
  instant constant timestamptz := clock_timestamp();
  lost record;
  amount numeric;
  minute record;
BEGIN
  lost_leases := 0;
  freed_leases := 0;
  closed_leases := 0;
  deleted_windows := 0;
  IF pg_postmaster_start_time() + start_grace > instant THEN
    RETURN NEXT;
    RETURN;
  END IF;

  FOR lost IN
    SELECT lease.id, lease.quota_id, lease.window_start, quota.period = 'concurrent' AS is_free
    FROM quota_lease AS lease
    JOIN quota ON quota.id = lease.quota_id
    LEFT JOIN gateway_process AS process
      ON process.gateway_id = lease.gateway_id AND process.boot_id = lease.boot_id
    WHERE lease.state = 'active' AND lease.outstanding > 0
      AND coalesce(process.heartbeat_at, lease.updated_at) < instant - stale_after
    ORDER BY lease.quota_id COLLATE "C", lease.window_start
  LOOP
    PERFORM FROM quota_window WHERE quota_id = lost.quota_id AND window_start = lost.window_start FOR UPDATE;
    IF lost.is_free THEN
      PERFORM quota_lease_draw(lost.id, 'infinity');
      UPDATE quota_lease SET state = 'closed' WHERE id = lost.id;
      freed_leases := freed_leases + 1;
    ELSE
      UPDATE quota_lease SET state = 'unreconciled' WHERE id = lost.id AND state = 'active'
      RETURNING outstanding INTO amount;
      CONTINUE WHEN NOT FOUND;
      UPDATE quota_window SET leased = leased - amount, unreconciled = unreconciled + amount
      WHERE quota_id = lost.quota_id AND window_start = lost.window_start;
      lost_leases := lost_leases + 1;
    END IF;
  END LOOP;

  -- From here on a busy window is left to the next run: waiting for it could deadlock with a settlement.
  WITH finished AS (
    SELECT lease.id
    FROM quota_lease AS lease
    JOIN quota_window USING (quota_id, window_start)
    WHERE quota_window.window_end < instant AND lease.state <> 'closed' AND lease.outstanding = 0
    FOR UPDATE SKIP LOCKED
  )
  UPDATE quota_lease SET state = 'closed' FROM finished WHERE quota_lease.id = finished.id;
  GET DIAGNOSTICS closed_leases = ROW_COUNT;

  FOR minute IN
    SELECT quota_window.quota_id, quota_window.window_start
    FROM quota_window
    JOIN quota ON quota.id = quota_window.quota_id
    WHERE quota.period = 'minute' AND quota_window.window_end < instant - interval '10 minutes'
    FOR UPDATE OF quota_window SKIP LOCKED
  LOOP
    DELETE FROM quota_lease WHERE quota_id = minute.quota_id AND window_start = minute.window_start;
    DELETE FROM quota_window WHERE quota_id = minute.quota_id AND window_start = minute.window_start;
    deleted_windows := deleted_windows + 1;
  END LOOP;
  RETURN NEXT;
END;
$$;
