-- An admin takes a connection out of service for a while: no new call goes there, and those under way end.
ALTER TABLE "provider_connection" ADD COLUMN "drained" BOOLEAN NOT NULL DEFAULT false;
