-- What a route does about targets that are late rather than broken.
ALTER TABLE "route" ADD COLUMN "resilience" JSONB;
