-- AlterTable
ALTER TABLE "verification_jobs" ADD COLUMN     "custody" JSONB NOT NULL DEFAULT '[]',
ADD COLUMN     "judged" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'upload',
ADD COLUMN     "starts" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "url" TEXT;

-- CreateIndex
CREATE INDEX "verification_jobs_status_idx" ON "verification_jobs"("status");
