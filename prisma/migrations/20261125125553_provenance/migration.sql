-- AlterEnum
-- This migration adds more than one value to an enum.
-- With PostgreSQL versions 11 and earlier, this is not possible
-- in a single migration. This can be worked around by creating
-- multiple migrations, each migration adding only one value to
-- the enum.


ALTER TYPE "clip_state" ADD VALUE 'logging';
ALTER TYPE "clip_state" ADD VALUE 'withdrawn';

-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "derivation" TEXT,
ADD COLUMN     "label" JSONB,
ADD COLUMN     "read_back" JSONB;

-- AlterTable
ALTER TABLE "releases" ADD COLUMN     "log_index" BIGINT;

-- AlterTable
ALTER TABLE "tenants" ADD COLUMN     "label" JSONB;

-- CreateTable
CREATE TABLE "withdrawals" (
    "release_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "withdrawals_pkey" PRIMARY KEY ("release_id")
);

-- CreateTable
CREATE TABLE "release_fingerprints" (
    "id" BIGSERIAL NOT NULL,
    "release_id" TEXT NOT NULL,
    "track" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "release_fingerprints_pkey" PRIMARY KEY ("release_id","track")
);

-- CreateTable
CREATE TABLE "signer_certificates" (
    "sha256" TEXT NOT NULL,
    "spki_sha256" TEXT NOT NULL,
    "serial_hex" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "algorithm" TEXT NOT NULL,
    "chain_pem" TEXT NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "added_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),
    "compromised_at" TIMESTAMPTZ(3),

    CONSTRAINT "signer_certificates_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "verification_jobs" (
    "id" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "progress" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "path" TEXT,
    "name" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "report" JSONB,
    "json_sha256" TEXT,
    "pdf_sha256" TEXT,
    "bundle_sha256" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,

    CONSTRAINT "verification_jobs_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification_feedback" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "code" TEXT NOT NULL,
    "helpful" BOOLEAN NOT NULL,
    "comment" TEXT,

    CONSTRAINT "verification_feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_pending" (
    "id" BIGSERIAL NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "leaf" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "log_pending_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "log_leaves" (
    "idx" BIGINT NOT NULL,
    "entry" BYTEA NOT NULL,
    "leaf_hash" BYTEA NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "log_leaves_pkey" PRIMARY KEY ("idx")
);

-- CreateTable
CREATE TABLE "log_tiles" (
    "level" INTEGER NOT NULL,
    "n" BIGINT NOT NULL,
    "width" INTEGER NOT NULL,
    "data" BYTEA NOT NULL,

    CONSTRAINT "log_tiles_pkey" PRIMARY KEY ("level","n","width")
);

-- CreateTable
CREATE TABLE "log_checkpoints" (
    "size" BIGINT NOT NULL,
    "root" BYTEA NOT NULL,
    "note" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "cosigned" TEXT,
    "time_stamp" BYTEA,
    "published_at" TIMESTAMPTZ(3),

    CONSTRAINT "log_checkpoints_pkey" PRIMARY KEY ("size")
);

-- CreateTable
CREATE TABLE "log_salts" (
    "dedupe_key" TEXT NOT NULL,
    "alg" TEXT NOT NULL,
    "salt" BYTEA NOT NULL,

    CONSTRAINT "log_salts_pkey" PRIMARY KEY ("dedupe_key","alg")
);

-- CreateIndex
CREATE UNIQUE INDEX "release_fingerprints_id_key" ON "release_fingerprints"("id");

-- CreateIndex
CREATE INDEX "verification_jobs_expires_at_idx" ON "verification_jobs"("expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "log_pending_dedupe_key_key" ON "log_pending"("dedupe_key");

-- CreateIndex
CREATE UNIQUE INDEX "log_leaves_dedupe_key_key" ON "log_leaves"("dedupe_key");

-- The log cannot be rewritten: rows come in order, without gaps, and never change.
CREATE FUNCTION imprimatur_log_next() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."idx" <> (SELECT COALESCE(MAX("idx") + 1, 0) FROM "log_leaves") THEN
    RAISE EXCEPTION 'log entry % is out of order', NEW."idx" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_leaves_in_order BEFORE INSERT ON "log_leaves" FOR EACH ROW EXECUTE FUNCTION imprimatur_log_next();
CREATE TRIGGER log_leaves_append_only BEFORE UPDATE OR DELETE ON "log_leaves" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER log_leaves_no_truncate BEFORE TRUNCATE ON "log_leaves" EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER log_tiles_append_only BEFORE UPDATE OR DELETE ON "log_tiles" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER log_tiles_no_truncate BEFORE TRUNCATE ON "log_tiles" EXECUTE FUNCTION imprimatur_append_only();
CREATE FUNCTION imprimatur_checkpoint_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW."size" = OLD."size" AND NEW."root" = OLD."root" AND NEW."note" = OLD."note"
    AND NEW."created_at" = OLD."created_at"
    AND (OLD."published_at" IS NULL OR NEW."published_at" = OLD."published_at")
    AND (OLD."cosigned" IS NULL OR NEW."cosigned" IS NOT NULL)
    AND (OLD."time_stamp" IS NULL OR NEW."time_stamp" = OLD."time_stamp") THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE FUNCTION imprimatur_checkpoint_grows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."size" <= (SELECT COALESCE(MAX("size"), -1) FROM "log_checkpoints") THEN
    RAISE EXCEPTION 'checkpoint of size % does not grow the log', NEW."size" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER log_checkpoints_grow BEFORE INSERT ON "log_checkpoints" FOR EACH ROW EXECUTE FUNCTION imprimatur_checkpoint_grows();
CREATE TRIGGER log_checkpoints_append_only BEFORE UPDATE OR DELETE ON "log_checkpoints" FOR EACH ROW EXECUTE FUNCTION imprimatur_checkpoint_kept();
CREATE TRIGGER log_checkpoints_no_truncate BEFORE TRUNCATE ON "log_checkpoints" EXECUTE FUNCTION imprimatur_append_only();

CREATE TRIGGER withdrawals_append_only BEFORE UPDATE OR DELETE ON "withdrawals" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER release_fingerprints_append_only BEFORE UPDATE OR DELETE ON "release_fingerprints" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER signer_certificates_kept BEFORE DELETE ON "signer_certificates" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
