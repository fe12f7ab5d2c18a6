-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "limits" JSONB;

-- CreateTable
CREATE TABLE "review_queues" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT 'usual',
    "is_default" BOOLEAN NOT NULL DEFAULT false,
    "second_share" DOUBLE PRECISION NOT NULL DEFAULT 0.05,
    "golden_share" DOUBLE PRECISION NOT NULL DEFAULT 0.02,
    "sample_share" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_queues_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_routings" (
    "version" INTEGER NOT NULL,
    "rules" JSONB NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_routings_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "review_sampling" (
    "tenant_id" TEXT NOT NULL,
    "share" DOUBLE PRECISION NOT NULL,
    "by" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_sampling_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "review_cases" (
    "id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "shown_as" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "stage" TEXT NOT NULL DEFAULT 'first',
    "queue_id" TEXT NOT NULL,
    "category" TEXT,
    "severity" INTEGER NOT NULL,
    "language" TEXT,
    "held_at" TEXT,
    "asked_at" TIMESTAMPTZ(3) NOT NULL,
    "title" TEXT NOT NULL,
    "seconds" INTEGER,
    "needs" INTEGER NOT NULL DEFAULT 1,
    "fresh" BOOLEAN NOT NULL DEFAULT false,
    "golden" BOOLEAN NOT NULL DEFAULT false,
    "reach" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "doubt" DOUBLE PRECISION NOT NULL DEFAULT 1,
    "rank" DOUBLE PRECISION NOT NULL,
    "clock" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "warn_at" TIMESTAMPTZ(3) NOT NULL,
    "due_at" TIMESTAMPTZ(3) NOT NULL,
    "warned_at" TIMESTAMPTZ(3),
    "breached_at" TIMESTAMPTZ(3),
    "lease_token" TEXT,
    "lease_holder" TEXT,
    "lease_name" TEXT,
    "lease_at" TIMESTAMPTZ(3),
    "lease_until" TIMESTAMPTZ(3),
    "lease_unblurred_ms" INTEGER NOT NULL DEFAULT 0,
    "lease_watched" JSONB NOT NULL DEFAULT '[]',
    "reports" INTEGER NOT NULL DEFAULT 0,
    "statement" JSONB,
    "reference" TEXT,
    "closed_at" TIMESTAMPTZ(3),
    "closed_as" TEXT,
    "conflict" JSONB,

    CONSTRAINT "review_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_decisions" (
    "id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "queue_id" TEXT NOT NULL,
    "reader" TEXT NOT NULL,
    "reader_name" TEXT NOT NULL,
    "stage" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "limits" JSONB,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "at" TIMESTAMPTZ(3) NOT NULL,
    "leaves_at" TIMESTAMPTZ(3) NOT NULL,
    "settled_at" TIMESTAMPTZ(3),
    "overturned_at" TIMESTAMPTZ(3),
    "took_ms" INTEGER NOT NULL,
    "unblurred_ms" INTEGER NOT NULL DEFAULT 0,
    "watched" JSONB NOT NULL DEFAULT '[]',

    CONSTRAINT "review_decisions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_golden" (
    "id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "outcome" TEXT NOT NULL,
    "category" TEXT NOT NULL,
    "why" TEXT NOT NULL,
    "created_by" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "retired_at" TIMESTAMPTZ(3),

    CONSTRAINT "review_golden_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_golden_cases" (
    "case_id" TEXT NOT NULL,
    "golden_id" TEXT NOT NULL,

    CONSTRAINT "review_golden_cases_pkey" PRIMARY KEY ("case_id")
);

-- CreateTable
CREATE TABLE "review_notes" (
    "id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "by" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "review_notes_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "review_viewers" (
    "case_id" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "review_viewers_pkey" PRIMARY KEY ("case_id","staff_id")
);

-- CreateTable
CREATE TABLE "review_exposure" (
    "staff_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "unblurred_ms" BIGINT NOT NULL DEFAULT 0,
    "decisions" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "review_exposure_pkey" PRIMARY KEY ("staff_id","day")
);

-- CreateTable
CREATE TABLE "review_budgets" (
    "staff_id" TEXT NOT NULL,
    "minutes" INTEGER NOT NULL,

    CONSTRAINT "review_budgets_pkey" PRIMARY KEY ("staff_id")
);

-- CreateIndex
CREATE INDEX "review_cases_clip_id_idx" ON "review_cases"("clip_id");

-- CreateIndex
CREATE INDEX "review_cases_state_due_at_idx" ON "review_cases"("state", "due_at");

-- CreateIndex
CREATE INDEX "review_cases_state_opened_at_idx" ON "review_cases"("state", "opened_at");

-- CreateIndex
CREATE INDEX "review_cases_state_closed_at_idx" ON "review_cases"("state", "closed_at");

-- CreateIndex
CREATE INDEX "review_decisions_case_id_idx" ON "review_decisions"("case_id");

-- CreateIndex
CREATE INDEX "review_decisions_clip_id_reader_idx" ON "review_decisions"("clip_id", "reader");

-- CreateIndex
CREATE INDEX "review_decisions_reader_at_idx" ON "review_decisions"("reader", "at");

-- CreateIndex
CREATE INDEX "review_decisions_state_leaves_at_idx" ON "review_decisions"("state", "leaves_at");

-- CreateIndex
CREATE INDEX "review_decisions_at_idx" ON "review_decisions"("at");

-- CreateIndex
CREATE UNIQUE INDEX "review_golden_case_id_key" ON "review_golden"("case_id");

-- CreateIndex
CREATE INDEX "review_golden_clip_id_idx" ON "review_golden"("clip_id");

-- CreateIndex
CREATE INDEX "review_golden_cases_golden_id_idx" ON "review_golden_cases"("golden_id");

-- CreateIndex
CREATE INDEX "review_notes_case_id_at_idx" ON "review_notes"("case_id", "at");

-- CreateIndex
CREATE INDEX "review_viewers_until_idx" ON "review_viewers"("until");

-- AddForeignKey
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_queue_id_fkey" FOREIGN KEY ("queue_id") REFERENCES "review_queues"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "review_decisions" ADD CONSTRAINT "review_decisions_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "review_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Words that the product knows.
ALTER TABLE "review_queues" ADD CONSTRAINT "review_queues_purpose" CHECK ("purpose" IN ('usual', 'senior', 'child_safety'));
ALTER TABLE "review_queues" ADD CONSTRAINT "review_queues_shares" CHECK (
  "second_share" BETWEEN 0 AND 1 AND "golden_share" BETWEEN 0 AND 1 AND "sample_share" BETWEEN 0 AND 1);
ALTER TABLE "review_queues" ADD CONSTRAINT "review_queues_default_open" CHECK (NOT ("is_default" AND "closed_at" IS NOT NULL));
ALTER TABLE "review_sampling" ADD CONSTRAINT "review_sampling_share" CHECK ("share" BETWEEN 0 AND 1);
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_kind" CHECK ("kind" IN ('hold', 'report', 'appeal', 'sample'));
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_state" CHECK ("state" IN ('open', 'pending', 'closed'));
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_stage" CHECK ("stage" IN ('first', 'second', 'arbiter'));
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_clock" CHECK ("clock" IN ('1h', '24h', '48h', '6mo'));
ALTER TABLE "review_cases" ADD CONSTRAINT "review_cases_closed" CHECK (("state" = 'closed') = ("closed_at" IS NOT NULL));
ALTER TABLE "review_decisions" ADD CONSTRAINT "review_decisions_outcome" CHECK (
  "outcome" IN ('release', 'release_limited', 'refuse', 'escalate', 'child_safety'));
ALTER TABLE "review_decisions" ADD CONSTRAINT "review_decisions_state" CHECK (
  "state" IN ('pending', 'read', 'settled', 'undone', 'overtaken', 'overruled', 'escalated'));

-- One default queue.
CREATE UNIQUE INDEX "review_queues_one_default" ON "review_queues" ("is_default") WHERE "is_default";
CREATE UNIQUE INDEX "review_queues_name" ON "review_queues" (lower("name")) WHERE "closed_at" IS NULL;
-- One lease a person, one unfinished reading a case, one unfinished case of a kind a clip.
CREATE UNIQUE INDEX "review_cases_one_lease" ON "review_cases" ("lease_holder") WHERE "lease_holder" IS NOT NULL;
CREATE UNIQUE INDEX "review_decisions_one_pending" ON "review_decisions" ("case_id") WHERE "state" = 'pending';
CREATE UNIQUE INDEX "review_decisions_never_twice" ON "review_decisions" ("case_id", "reader") WHERE "state" <> 'undone';
CREATE UNIQUE INDEX "review_cases_one_open" ON "review_cases" ("clip_id", "kind") WHERE "state" <> 'closed' AND NOT "golden";
-- What the next case is looked up by: the order by rank is the order by priority among cases of one clock.
CREATE INDEX "review_cases_next" ON "review_cases" ("queue_id", "clock", "rank" DESC) WHERE "state" = 'open';
CREATE INDEX "review_cases_leases" ON "review_cases" ("lease_until") WHERE "lease_holder" IS NOT NULL;
CREATE INDEX "review_cases_unwarned" ON "review_cases" ("warn_at") WHERE "state" <> 'closed' AND "warned_at" IS NULL;
CREATE INDEX "review_cases_unbreached" ON "review_cases" ("due_at") WHERE "state" <> 'closed' AND "breached_at" IS NULL;

-- What people decided stays on record.
CREATE TRIGGER review_decisions_kept BEFORE DELETE ON "review_decisions" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER review_routings_append_only BEFORE UPDATE OR DELETE ON "review_routings" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();

-- There is always somewhere to go. Who works alone needs no second reader by chance: that is switched on by hand.
INSERT INTO "review_queues" ("id", "name", "purpose", "is_default", "second_share") VALUES
  ('que_general', 'General', 'usual', true, 0),
  ('que_senior', 'Senior', 'senior', false, 0),
  ('que_child_safety', 'Child safety', 'child_safety', false, 0);
