-- How providers have been doing, as each gateway process has seen it: what the health page draws. One row per process,
-- written every few seconds; nothing here is money, and nothing decides by it.
CREATE TABLE gateway_health (
  gateway_id  text PRIMARY KEY,
  boot_id     uuid NOT NULL,
  region      text,
  reported_at timestamptz(3) NOT NULL,
  targets     jsonb NOT NULL CHECK (jsonb_typeof(targets) = 'array' AND jsonb_array_length(targets) <= 500)
);

-- Replaces what the process reported before, and drops what processes left behind that report no more.
CREATE FUNCTION gateway_health_report(reporting_gateway text, reporting_boot uuid, process_region text, reported jsonb)
RETURNS void
LANGUAGE sql SECURITY DEFINER
SET search_path = public, pg_temp
AS $$
  DELETE FROM gateway_health
  WHERE reported_at < clock_timestamp() - interval '10 minutes' AND gateway_id <> reporting_gateway;
  INSERT INTO gateway_health (gateway_id, boot_id, region, reported_at, targets)
  VALUES (reporting_gateway, reporting_boot, process_region, clock_timestamp(), reported)
  ON CONFLICT (gateway_id) DO UPDATE SET
    boot_id = EXCLUDED.boot_id,
    region = EXCLUDED.region,
    reported_at = EXCLUDED.reported_at,
    targets = EXCLUDED.targets
$$;

GRANT EXECUTE ON FUNCTION gateway_health_report(text, uuid, text, jsonb) TO switchyard_gateway;
