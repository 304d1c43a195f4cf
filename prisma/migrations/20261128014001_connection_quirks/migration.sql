-- Where the server behind a connection differs from what its kind usually takes. Null: nowhere.
ALTER TABLE "provider_connection" ADD COLUMN "quirks" JSONB;
