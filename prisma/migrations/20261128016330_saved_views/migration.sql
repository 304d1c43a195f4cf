-- A page of the dashboard as somebody wants to see it again: its address without the path. Removed ones are kept, so that a
-- removal can be taken back.
CREATE TABLE "saved_view" (
    "id" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "owner_id" TEXT NOT NULL,
    "owner_name" TEXT NOT NULL,
    "is_shared" BOOLEAN NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_at" TIMESTAMPTZ(3),

    CONSTRAINT "saved_view_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "saved_view_page_owner_id_idx" ON "saved_view"("page", "owner_id");

-- Which one a person sees on coming to a page.
CREATE TABLE "default_view" (
    "owner_id" TEXT NOT NULL,
    "page" TEXT NOT NULL,
    "view_id" TEXT NOT NULL,

    CONSTRAINT "default_view_pkey" PRIMARY KEY ("owner_id","page")
);
ALTER TABLE "default_view" ADD CONSTRAINT "default_view_view_id_fkey"
  FOREIGN KEY ("view_id") REFERENCES "saved_view"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
