-- An entry in force ends when a second key confirms it.
ALTER TABLE "protected_entries" ADD COLUMN "ending_by" TEXT, ADD COLUMN "ending_at" TIMESTAMPTZ(3);
