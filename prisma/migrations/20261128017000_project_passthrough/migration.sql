-- Connections that keys of a project may be allowed to pass calls through to. Null: none, which is the rule.
ALTER TABLE "project" ADD COLUMN "passthrough_connection_ids" JSONB;

-- What keys were allowed before there was a rule for their project goes on being allowed.
UPDATE "project"
SET "passthrough_connection_ids" = allowed.connection_ids
FROM (
  SELECT key.project_id, jsonb_agg(DISTINCT connection.id) AS connection_ids
  FROM "virtual_key" key
  CROSS JOIN LATERAL jsonb_array_elements(
    CASE jsonb_typeof(key.passthrough_connection_ids) WHEN 'array' THEN key.passthrough_connection_ids ELSE '[]' END
  ) AS connection(id)
  WHERE key.revoked_at IS NULL
  GROUP BY key.project_id
) AS allowed
WHERE allowed.project_id = "project".id;
