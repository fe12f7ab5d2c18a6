-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "sealed_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "safety_cases" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "clip_id" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'open',
    "version" INTEGER NOT NULL DEFAULT 0,
    "stage" TEXT NOT NULL,
    "rules" TEXT[],
    "synthetic" BOOLEAN NOT NULL,
    "facts_sealed" TEXT,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "sealed_at" TIMESTAMPTZ(3),
    "preserve_until" TIMESTAMPTZ(3) NOT NULL,
    "decision" JSONB,
    "reason_sealed" TEXT,
    "sending_by" TEXT,
    "sending_at" TIMESTAMPTZ(3),
    "report_id" TEXT,
    "receipt" JSONB,
    "last_error" TEXT,
    "destroying_at" TIMESTAMPTZ(3),
    "destroyed_at" TIMESTAMPTZ(3),

    CONSTRAINT "safety_cases_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "safety_files" (
    "case_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "sha256" TEXT NOT NULL,
    "sealed_sha256" TEXT,
    "key_sealed" TEXT,
    "bytes" INTEGER,
    "erased_at" TIMESTAMPTZ(3),
    "viewed_at" TIMESTAMPTZ(3),

    CONSTRAINT "safety_files_pkey" PRIMARY KEY ("case_id","name","sha256")
);

-- CreateTable
CREATE TABLE "file_holds" (
    "sha256" TEXT NOT NULL,
    "holder" TEXT NOT NULL,

    CONSTRAINT "file_holds_pkey" PRIMARY KEY ("sha256","holder")
);

-- CreateTable
CREATE TABLE "protected_entries" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'submitted',
    "version" INTEGER NOT NULL DEFAULT 0,
    "details_sealed" TEXT,
    "names_count" INTEGER NOT NULL,
    "face" TEXT NOT NULL,
    "template_sealed" TEXT,
    "template_model" TEXT,
    "image_sha256" TEXT,
    "image_until" TIMESTAMPTZ(3),
    "recognised" BOOLEAN NOT NULL DEFAULT false,
    "submitted_by" TEXT NOT NULL,
    "first_by" TEXT,
    "first_at" TIMESTAMPTZ(3),
    "second_by" TEXT,
    "second_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "protected_entries_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "safety_cases_clip_id_key" ON "safety_cases"("clip_id");

-- CreateIndex
CREATE INDEX "safety_cases_tenant_id_id_idx" ON "safety_cases"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "safety_cases_state_preserve_until_idx" ON "safety_cases"("state", "preserve_until");

-- CreateIndex
CREATE INDEX "safety_cases_sealed_at_idx" ON "safety_cases"("sealed_at");

-- CreateIndex
CREATE INDEX "safety_files_sha256_idx" ON "safety_files"("sha256");

-- CreateIndex
CREATE INDEX "protected_entries_tenant_id_id_idx" ON "protected_entries"("tenant_id", "id");

-- CreateIndex
CREATE INDEX "protected_entries_state_image_until_idx" ON "protected_entries"("state", "image_until");

-- AddForeignKey
ALTER TABLE "safety_files" ADD CONSTRAINT "safety_files_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "safety_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Two people besides the one who asks, whatever the program does.
ALTER TABLE "protected_entries" ADD CONSTRAINT "protected_entries_different_people" CHECK (
  "first_by" IS DISTINCT FROM "submitted_by" AND "second_by" IS DISTINCT FROM "submitted_by"
  AND ("second_by" IS NULL OR "second_by" <> "first_by")
);
ALTER TABLE "protected_entries" ADD CONSTRAINT "protected_entries_active_needs_two" CHECK (
  "state" <> 'active' OR ("first_by" IS NOT NULL AND "second_by" IS NOT NULL)
);
-- Children and victims are recognised after the first approval, nobody after none.
ALTER TABLE "protected_entries" ADD CONSTRAINT "protected_entries_recognised" CHECK (
  NOT "recognised" OR "state" = 'active' OR ("state" = 'first_approved' AND "kind" IN ('child', 'victim'))
);

-- Evidence of child safety cases: preservation is only ever made longer, and nothing is destroyed before its end or
-- before a person decided and, where it is to be reported, reported it.
CREATE FUNCTION imprimatur_preserve() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'safety cases are kept';
  END IF;
  IF NEW.preserve_until < OLD.preserve_until THEN
    RAISE EXCEPTION 'preservation is only made longer';
  END IF;
  IF OLD.destroying_at IS NULL AND (
    NEW.destroying_at IS NOT NULL OR NEW.destroyed_at IS NOT NULL OR NEW.facts_sealed IS NULL
  ) AND (OLD.preserve_until > now() OR NOT (
    OLD.state IN ('dismissed', 'reported') OR (OLD.state = 'rehearsed' AND OLD.synthetic)
  )) THEN
    RAISE EXCEPTION 'evidence is preserved until %', OLD.preserve_until;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER safety_cases_preserve BEFORE UPDATE OR DELETE ON "safety_cases" FOR EACH ROW EXECUTE FUNCTION imprimatur_preserve();
CREATE TRIGGER safety_cases_no_truncate BEFORE TRUNCATE ON "safety_cases" EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER safety_files_kept BEFORE DELETE ON "safety_files" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
