-- CreateEnum
CREATE TYPE "clip_state" AS ENUM ('queued', 'generating', 'inspecting', 'held', 'marking', 'signing', 'rereading', 'released', 'refused', 'failed', 'deleted');

-- CreateTable
CREATE TABLE "tenants" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "rate_per_minute" INTEGER NOT NULL DEFAULT 600,
    "maker_rate_per_minute" INTEGER NOT NULL DEFAULT 30,
    "max_active_clips" INTEGER NOT NULL DEFAULT 50,
    "credits" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "disabled_at" TIMESTAMPTZ(3),

    CONSTRAINT "tenants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_keys" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "prefix" TEXT NOT NULL,
    "hash" TEXT NOT NULL,
    "scopes" TEXT[],
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_used_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_keys_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "makers" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "external_id" TEXT NOT NULL,
    "birth_year" INTEGER,
    "credits" INTEGER,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "makers_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credit_entries" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT,
    "clip_id" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "credit_entries_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "audit_events" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "tenant_id" TEXT,
    "actor" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "from_state" TEXT,
    "to_state" TEXT,
    "data" JSONB NOT NULL DEFAULT '{}',
    "correlation_id" TEXT,

    CONSTRAINT "audit_events_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "clips" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT,
    "state" "clip_state" NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "held_at" TEXT,
    "model" TEXT NOT NULL,
    "engine" TEXT NOT NULL,
    "engine_ref" TEXT,
    "prompt" TEXT NOT NULL,
    "effective_prompt" TEXT NOT NULL,
    "seconds" INTEGER NOT NULL,
    "size" TEXT NOT NULL,
    "seed" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "progress" INTEGER NOT NULL DEFAULT 0,
    "remixed_from" TEXT,
    "reference_sha256" TEXT,
    "source_sha256" TEXT,
    "marked_sha256" TEXT,
    "signed_sha256" TEXT,
    "thumbnail_sha256" TEXT,
    "sheet_sha256" TEXT,
    "manifest_sha256" TEXT,
    "manifest_id" TEXT,
    "release_id" TEXT NOT NULL,
    "injected" JSONB NOT NULL DEFAULT '[]',
    "decisions" JSONB NOT NULL DEFAULT '[]',
    "review" JSONB,
    "statement_id" TEXT,
    "error_code" TEXT,
    "error_message" TEXT,
    "timings" JSONB NOT NULL DEFAULT '{}',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "correlation_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "clips_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "releases" (
    "id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "asset_sha256" TEXT NOT NULL,
    "asset_bytes" INTEGER NOT NULL,
    "manifest_id" TEXT NOT NULL,
    "manifest_sha256" TEXT NOT NULL,
    "watermark_read" TEXT NOT NULL,
    "watermark_z" DOUBLE PRECISION NOT NULL,
    "watermark_frames" INTEGER NOT NULL,
    "credentials_read" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "releases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "statements" (
    "id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "decision" TEXT NOT NULL,
    "automated" BOOLEAN NOT NULL,
    "categories" TEXT[],
    "policy_id" TEXT NOT NULL,
    "policy_version" TEXT NOT NULL,
    "text_en" TEXT NOT NULL,
    "text_fr" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "statements_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_versions" (
    "sha256" TEXT NOT NULL,
    "policy_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "yaml" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_versions_pkey" PRIMARY KEY ("sha256")
);

-- CreateTable
CREATE TABLE "idempotency_keys" (
    "tenant_id" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "request_sha256" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_keys_pkey" PRIMARY KEY ("tenant_id","key")
);

-- CreateTable
CREATE TABLE "outbox" (
    "id" BIGSERIAL NOT NULL,
    "job" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "dedupe_key" TEXT NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "correlation_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "outbox_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "process_reports" (
    "id" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "info" JSONB NOT NULL,
    "metrics" JSONB NOT NULL,

    CONSTRAINT "process_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_endpoints" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "name" TEXT,
    "url" TEXT NOT NULL,
    "event_types" TEXT[],
    "secret" TEXT NOT NULL,
    "previous_secret" TEXT,
    "previous_until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deleted_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_endpoints_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "webhook_deliveries" (
    "id" TEXT NOT NULL,
    "endpoint_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "event_id" TEXT NOT NULL,
    "type" TEXT NOT NULL,
    "body" TEXT NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "next_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "last_status" INTEGER,
    "last_error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "delivered_at" TIMESTAMPTZ(3),

    CONSTRAINT "webhook_deliveries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "api_keys_hash_key" ON "api_keys"("hash");

-- CreateIndex
CREATE INDEX "idempotency_keys_created_at_idx" ON "idempotency_keys"("created_at");

-- CreateIndex
CREATE INDEX "api_keys_tenant_id_idx" ON "api_keys"("tenant_id");

-- CreateIndex
CREATE UNIQUE INDEX "makers_tenant_id_external_id_key" ON "makers"("tenant_id", "external_id");

-- CreateIndex
CREATE UNIQUE INDEX "credit_entries_clip_id_reason_key" ON "credit_entries"("clip_id", "reason");

-- CreateIndex
CREATE INDEX "audit_events_subject_id_idx" ON "audit_events"("subject", "id");

-- CreateIndex
CREATE INDEX "audit_events_action_id_idx" ON "audit_events"("action", "id");

-- CreateIndex
CREATE UNIQUE INDEX "clips_release_id_key" ON "clips"("release_id");

-- CreateIndex
CREATE INDEX "clips_tenant_id_created_at_idx" ON "clips"("tenant_id", "created_at");

-- CreateIndex
CREATE INDEX "clips_state_updated_at_idx" ON "clips"("state", "updated_at");

-- CreateIndex
CREATE UNIQUE INDEX "releases_clip_id_key" ON "releases"("clip_id");

-- CreateIndex
CREATE INDEX "releases_asset_sha256_idx" ON "releases"("asset_sha256");

-- CreateIndex
CREATE INDEX "releases_manifest_id_idx" ON "releases"("manifest_id");

-- CreateIndex
CREATE INDEX "statements_clip_id_idx" ON "statements"("clip_id");

-- CreateIndex
CREATE INDEX "outbox_not_before_id_idx" ON "outbox"("not_before", "id");

-- CreateIndex
CREATE INDEX "webhook_endpoints_tenant_id_idx" ON "webhook_endpoints"("tenant_id");

-- CreateIndex
CREATE UNIQUE INDEX "webhook_deliveries_endpoint_id_event_id_key" ON "webhook_deliveries"("endpoint_id", "event_id");

-- AddForeignKey
ALTER TABLE "releases" ADD CONSTRAINT "releases_clip_id_fkey" FOREIGN KEY ("clip_id") REFERENCES "clips"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Append-only tables: history is never rewritten, by anyone who uses this role.
CREATE FUNCTION imprimatur_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'table % is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON "audit_events" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER releases_append_only BEFORE UPDATE OR DELETE ON "releases" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER statements_append_only BEFORE UPDATE OR DELETE ON "statements" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER policy_versions_append_only BEFORE UPDATE OR DELETE ON "policy_versions" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER credit_entries_append_only BEFORE UPDATE OR DELETE ON "credit_entries" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON "audit_events" EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER releases_no_truncate BEFORE TRUNCATE ON "releases" EXECUTE FUNCTION imprimatur_append_only();

-- Invariant 1: a release exists only if both marks were read back.
ALTER TABLE "releases" ADD CONSTRAINT "releases_watermark_read_back" CHECK ("watermark_read" = "id");
ALTER TABLE "releases" ADD CONSTRAINT "releases_credentials_read_back" CHECK ("credentials_read" = 'ours');

-- A clip may only be called released when its release row exists at the end of the transaction.
CREATE FUNCTION imprimatur_released_needs_release() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW."state" = 'released' AND NOT EXISTS (
    SELECT 1 FROM "releases" r WHERE r."clip_id" = NEW."id" AND r."id" = NEW."release_id" AND r."asset_sha256" = NEW."signed_sha256"
  ) THEN
    RAISE EXCEPTION 'clip % has no release of its bytes', NEW."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clips_released_needs_release AFTER INSERT OR UPDATE ON "clips"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION imprimatur_released_needs_release();

-- The relay sleeps until something is promised.
CREATE FUNCTION imprimatur_outbox_notify() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('imprimatur_outbox', '');
  RETURN NULL;
END $$;
CREATE TRIGGER outbox_notify AFTER INSERT ON "outbox" FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_outbox_notify();

-- Credits never go below zero.
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_credits_not_negative" CHECK ("credits" IS NULL OR "credits" >= 0);
ALTER TABLE "makers" ADD CONSTRAINT "makers_credits_not_negative" CHECK ("credits" IS NULL OR "credits" >= 0);
