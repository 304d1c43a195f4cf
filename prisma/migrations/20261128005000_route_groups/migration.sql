ALTER TABLE "route" ADD COLUMN "groups" JSONB, ADD COLUMN "guards" JSONB;
ALTER TABLE "route_target" ADD COLUMN "group_id" TEXT;
