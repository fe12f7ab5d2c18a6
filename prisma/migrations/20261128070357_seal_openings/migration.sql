-- CreateTable
CREATE TABLE "safety_openings" (
    "id" TEXT NOT NULL,
    "case_id" TEXT NOT NULL,
    "staff_id" TEXT NOT NULL,
    "session_id" TEXT NOT NULL,
    "reason_sealed" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "safety_openings_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "safety_openings_case_id_session_id_until_idx" ON "safety_openings"("case_id", "session_id", "until");

-- AddForeignKey
ALTER TABLE "safety_openings" ADD CONSTRAINT "safety_openings_case_id_fkey" FOREIGN KEY ("case_id") REFERENCES "safety_cases"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- Who looked, and why, stays as it was written.
CREATE TRIGGER safety_openings_append_only BEFORE UPDATE OR DELETE ON "safety_openings" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER safety_openings_no_truncate BEFORE TRUNCATE ON "safety_openings" EXECUTE FUNCTION imprimatur_append_only();
