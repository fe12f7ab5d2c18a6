-- AlterTable
ALTER TABLE "api_keys" ADD COLUMN     "trusted_flagger" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "keep_until" TIMESTAMPTZ(3);

-- AlterTable
ALTER TABLE "review_cases" ADD COLUMN     "excluded" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "statements" ADD COLUMN     "dsa" JSONB,
ADD COLUMN     "ends_at" TIMESTAMPTZ(3),
ADD COLUMN     "limits" JSONB,
ADD COLUMN     "maker_id" TEXT,
ADD COLUMN     "severity" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'own';

-- CreateTable
CREATE TABLE "statement_reversals" (
    "statement_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "appeal_id" TEXT,
    "restored" TEXT NOT NULL,
    "restored_clip_id" TEXT,
    "reason" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "statement_reversals_pkey" PRIMARY KEY ("statement_id")
);

-- CreateTable
CREATE TABLE "user_reports" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "reporter" TEXT,
    "contact" TEXT,
    "key_id" TEXT,
    "trusted" BOOLEAN NOT NULL DEFAULT false,
    "weight" DOUBLE PRECISION NOT NULL,
    "token_hash" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_reports_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "appeals" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "statement_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "maker_id" TEXT,
    "case_id" TEXT NOT NULL,
    "said" TEXT NOT NULL,
    "sent_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT,
    "reason" TEXT,
    "restored" TEXT,
    "decided_by" TEXT,
    "decided_at" TIMESTAMPTZ(3),

    CONSTRAINT "appeals_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maker_actions" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "category" TEXT,
    "until" TIMESTAMPTZ(3),
    "by" TEXT NOT NULL,
    "by_name" TEXT NOT NULL,
    "statement_id" TEXT,
    "lifts" TEXT,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "maker_actions_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "statement_reversals_tenant_id_at_idx" ON "statement_reversals"("tenant_id", "at");

-- CreateIndex
CREATE INDEX "user_reports_clip_id_received_at_idx" ON "user_reports"("clip_id", "received_at");

-- CreateIndex
CREATE INDEX "user_reports_case_id_idx" ON "user_reports"("case_id");

-- CreateIndex
CREATE INDEX "user_reports_tenant_id_reporter_idx" ON "user_reports"("tenant_id", "reporter");

-- CreateIndex
CREATE UNIQUE INDEX "appeals_statement_id_key" ON "appeals"("statement_id");

-- CreateIndex
CREATE INDEX "appeals_tenant_id_created_at_idx" ON "appeals"("tenant_id", "created_at");

-- CreateIndex
CREATE INDEX "appeals_decided_at_id_idx" ON "appeals"("decided_at", "id");

-- CreateIndex
CREATE INDEX "appeals_case_id_idx" ON "appeals"("case_id");

-- CreateIndex
CREATE UNIQUE INDEX "maker_actions_lifts_key" ON "maker_actions"("lifts");

-- CreateIndex
CREATE INDEX "maker_actions_maker_id_at_idx" ON "maker_actions"("maker_id", "at");

-- CreateIndex
CREATE INDEX "maker_actions_statement_id_idx" ON "maker_actions"("statement_id");

-- CreateIndex
CREATE INDEX "statements_created_at_id_idx" ON "statements"("created_at", "id");

-- CreateIndex
CREATE INDEX "statements_maker_id_created_at_idx" ON "statements"("maker_id", "created_at");

-- Words that the product knows.
ALTER TABLE "statements" ADD CONSTRAINT "statements_decision" CHECK ("decision" IN ('refuse', 'limit', 'withdraw', 'suspend', 'ban'));
ALTER TABLE "statements" ADD CONSTRAINT "statements_source" CHECK ("source" IN ('own', 'review', 'report', 'notice', 'trusted_flagger'));
ALTER TABLE "statement_reversals" ADD CONSTRAINT "statement_reversals_restored" CHECK (
  "restored" IN ('queued', 'marking', 'remade', 'unlimited', 'account', 'gone'));
ALTER TABLE "user_reports" ADD CONSTRAINT "user_reports_kind" CHECK ("kind" IN ('terms', 'illegal', 'ncii'));
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_outcome" CHECK ("outcome" IN ('upheld', 'overturned'));
ALTER TABLE "appeals" ADD CONSTRAINT "appeals_decided" CHECK (
  ("outcome" IS NULL) = ("decided_at" IS NULL) AND ("outcome" IS NULL) = ("decided_by" IS NULL) AND ("outcome" IS NULL) = ("reason" IS NULL));
ALTER TABLE "maker_actions" ADD CONSTRAINT "maker_actions_kind" CHECK ("kind" IN ('warn', 'suspend', 'ban', 'lift'));
ALTER TABLE "maker_actions" ADD CONSTRAINT "maker_actions_end" CHECK (("kind" = 'suspend') = ("until" IS NOT NULL));
ALTER TABLE "maker_actions" ADD CONSTRAINT "maker_actions_lifts" CHECK (("kind" = 'lift') = ("lifts" IS NOT NULL));

-- What was decided stays as it was written.
CREATE TRIGGER statement_reversals_append_only BEFORE UPDATE OR DELETE ON "statement_reversals" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER user_reports_append_only BEFORE UPDATE OR DELETE ON "user_reports" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER maker_actions_append_only BEFORE UPDATE OR DELETE ON "maker_actions" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
