-- Connections that a key may pass calls through to as they are. Null: none, which is the rule.
ALTER TABLE "virtual_key" ADD COLUMN "passthrough_connection_ids" JSONB;
