-- CreateTable
CREATE TABLE "hash_banks" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "category" TEXT,
    "automatic_key" TEXT,
    "number" SERIAL NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),
    "change" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "hash_banks_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "hash_entries" (
    "id" BIGSERIAL NOT NULL,
    "bank_id" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "label" TEXT,
    "quality" INTEGER,
    "clip_id" TEXT NOT NULL DEFAULT '',
    "at_s" DOUBLE PRECISION,
    "added_by" TEXT NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "removed_by" TEXT,
    "removed_at" TIMESTAMPTZ(3),
    "change" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "hash_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "hash_banks_automatic_key_key" ON "hash_banks"("automatic_key");

-- CreateIndex
CREATE UNIQUE INDEX "hash_banks_number_key" ON "hash_banks"("number");

-- CreateIndex
CREATE INDEX "hash_banks_tenant_id_idx" ON "hash_banks"("tenant_id");

-- CreateIndex
CREATE INDEX "hash_banks_change_idx" ON "hash_banks"("change");

-- CreateIndex
CREATE INDEX "hash_entries_change_idx" ON "hash_entries"("change");

-- CreateIndex
CREATE INDEX "hash_entries_algorithm_hash_idx" ON "hash_entries"("algorithm", "hash");

-- CreateIndex
CREATE UNIQUE INDEX "hash_entries_bank_id_algorithm_hash_clip_id_key" ON "hash_entries"("bank_id", "algorithm", "hash", "clip_id");

-- AddForeignKey
ALTER TABLE "hash_entries" ADD CONSTRAINT "hash_entries_bank_id_fkey" FOREIGN KEY ("bank_id") REFERENCES "hash_banks"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Kinds and forms that the product knows.
ALTER TABLE "hash_banks" ADD CONSTRAINT "hash_banks_kind" CHECK ("kind" IN ('block', 'reupload', 'own_releases'));
ALTER TABLE "hash_entries" ADD CONSTRAINT "hash_entries_hash" CHECK (
  "hash" ~ '^[0-9a-f]+$' AND length("hash") = CASE "algorithm"
    WHEN 'pdq' THEN 64 WHEN 'vpdq' THEN 64 WHEN 'md5' THEN 32 WHEN 'sha1' THEN 40 END);

-- Changes are numbered in the order in which they commit: whoever writes holds the lock until then, so that a reader
-- that follows the numbers passes nothing over.
CREATE SEQUENCE "hash_changes";
CREATE FUNCTION imprimatur_hash_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('imprimatur_hash_changes'));
  RETURN NULL;
END $$;
CREATE FUNCTION imprimatur_hash_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."change" := nextval('hash_changes');
  RETURN NEW;
END $$;
CREATE TRIGGER hash_banks_lock BEFORE INSERT OR UPDATE ON "hash_banks" FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_hash_lock();
CREATE TRIGGER hash_entries_lock BEFORE INSERT OR UPDATE ON "hash_entries" FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_hash_lock();
CREATE TRIGGER hash_banks_change BEFORE INSERT OR UPDATE ON "hash_banks" FOR EACH ROW EXECUTE FUNCTION imprimatur_hash_change();
CREATE TRIGGER hash_entries_change BEFORE INSERT OR UPDATE ON "hash_entries" FOR EACH ROW EXECUTE FUNCTION imprimatur_hash_change();

-- What was in a bank stays on record: the indexes learn of changes, not of rows that are gone.
CREATE TRIGGER hash_banks_kept BEFORE DELETE ON "hash_banks" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER hash_entries_kept BEFORE DELETE ON "hash_entries" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
