-- CreateEnum
CREATE TYPE "policy_revision_state" AS ENUM ('draft', 'scheduled', 'live', 'past', 'rolled_back', 'discarded');

-- CreateTable
CREATE TABLE "audit_days" (
    "day" TEXT NOT NULL,
    "after_id" BIGINT NOT NULL,
    "last_id" BIGINT NOT NULL,
    "events" INTEGER NOT NULL,
    "root" TEXT NOT NULL,
    "closed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "audit_days_pkey" PRIMARY KEY ("day")
);

-- CreateTable
CREATE TABLE "policy_revisions" (
    "id" TEXT NOT NULL,
    "state" "policy_revision_state" NOT NULL,
    "policy_id" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "yaml" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "origin" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "authors" TEXT[],
    "based_on" TEXT,
    "edition" INTEGER NOT NULL DEFAULT 0,
    "publish_at" TIMESTAMPTZ(3),
    "publish_by" TEXT,
    "published_at" TIMESTAMPTZ(3),
    "replaced" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "policy_revisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_approvals" (
    "revision_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "note" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_approvals_pkey" PRIMARY KEY ("revision_id","sha256","staff_id")
);

-- CreateTable
CREATE TABLE "policy_pointers" (
    "name" TEXT NOT NULL,
    "revision_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "since" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_pointers_pkey" PRIMARY KEY ("name")
);

-- CreateTable
CREATE TABLE "policy_backtests" (
    "id" TEXT NOT NULL,
    "revision_id" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "from_at" TIMESTAMPTZ(3) NOT NULL,
    "to_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER NOT NULL,
    "cursor_at" TIMESTAMPTZ(3),
    "cursor_id" TEXT,
    "result" JSONB NOT NULL,
    "error" TEXT,
    "started_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "completed_at" TIMESTAMPTZ(3),

    CONSTRAINT "policy_backtests_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "policy_shadow_outcomes" (
    "id" BIGSERIAL NOT NULL,
    "sha256" TEXT NOT NULL,
    "live_sha256" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "category" TEXT,
    "live" TEXT NOT NULL,
    "shadow" TEXT NOT NULL,
    "live_reason" JSONB,
    "shadow_reason" JSONB,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "policy_shadow_outcomes_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "audit_days_after_id_key" ON "audit_days"("after_id");

-- CreateIndex
CREATE INDEX "audit_events_actor_id_idx" ON "audit_events"("actor", "id");

-- CreateIndex
CREATE INDEX "audit_events_tenant_id_id_idx" ON "audit_events"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "audit_events_at_idx" ON "audit_events"("at");

-- CreateIndex
CREATE INDEX "clips_created_at_id_idx" ON "clips"("created_at", "id");

-- CreateIndex
CREATE INDEX "policy_revisions_sha256_idx" ON "policy_revisions"("sha256");

-- CreateIndex
CREATE INDEX "policy_revisions_state_publish_at_idx" ON "policy_revisions"("state", "publish_at");

-- CreateIndex
CREATE INDEX "policy_backtests_revision_id_created_at_idx" ON "policy_backtests"("revision_id", "created_at");

-- CreateIndex
CREATE INDEX "policy_backtests_state_updated_at_idx" ON "policy_backtests"("state", "updated_at");

-- CreateIndex
CREATE INDEX "policy_shadow_outcomes_sha256_live_shadow_id_idx" ON "policy_shadow_outcomes"("sha256", "live", "shadow", "id");

-- CreateIndex
CREATE UNIQUE INDEX "policy_shadow_outcomes_sha256_clip_id_stage_key" ON "policy_shadow_outcomes"("sha256", "clip_id", "stage");

-- AddForeignKey
ALTER TABLE "policy_approvals" ADD CONSTRAINT "policy_approvals_revision_id_fkey" FOREIGN KEY ("revision_id") REFERENCES "policy_revisions"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "policy_pointers" ADD CONSTRAINT "policy_pointers_sha256_fkey" FOREIGN KEY ("sha256") REFERENCES "policy_versions"("sha256") ON DELETE RESTRICT ON UPDATE CASCADE;

ALTER TABLE "policy_pointers" ADD CONSTRAINT "policy_pointers_name" CHECK ("name" IN ('live', 'shadow'));

-- One version is live.
CREATE UNIQUE INDEX "policy_revisions_one_live" ON "policy_revisions"("state") WHERE "state" = 'live';

-- A yes is not taken back: another text needs another one.
CREATE TRIGGER policy_approvals_append_only BEFORE UPDATE OR DELETE ON "policy_approvals" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER policy_approvals_no_truncate BEFORE TRUNCATE ON "policy_approvals" EXECUTE FUNCTION imprimatur_append_only();

-- The day's root is what the log says.
CREATE TRIGGER audit_days_append_only BEFORE UPDATE OR DELETE ON "audit_days" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER audit_days_no_truncate BEFORE TRUNCATE ON "audit_days" EXECUTE FUNCTION imprimatur_append_only();
ALTER TABLE "audit_days" ADD CONSTRAINT "audit_days_range" CHECK ("last_id" >= "after_id" AND "after_id" >= 0);

-- A draft goes live with the yes of two who wrote nothing of it; whatever left the drafts keeps its text.
CREATE FUNCTION policy_revision_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'versions of the policy are never deleted' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF TG_OP = 'INSERT' THEN
    IF NEW."state" <> 'draft' AND NEW."origin" <> 'file' THEN
      RAISE EXCEPTION 'a version of the policy begins as a draft' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
  END IF;
  IF OLD."state" <> 'draft' AND (NEW."yaml" <> OLD."yaml" OR NEW."sha256" <> OLD."sha256" OR NEW."authors" <> OLD."authors") THEN
    RAISE EXCEPTION 'the text of version % is frozen', OLD."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  IF OLD."state" IN ('draft', 'scheduled', 'discarded') AND NEW."state" IN ('scheduled', 'live') AND (
    SELECT count(*) FROM "policy_approvals" a
    WHERE a."revision_id" = NEW."id" AND a."sha256" = NEW."sha256" AND NOT a."staff_id" = ANY (NEW."authors")
  ) < 2 THEN
    RAISE EXCEPTION 'version % has not been approved by two people', NEW."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER policy_revision_guard BEFORE INSERT OR UPDATE OR DELETE ON "policy_revisions" FOR EACH ROW EXECUTE FUNCTION policy_revision_guard();
