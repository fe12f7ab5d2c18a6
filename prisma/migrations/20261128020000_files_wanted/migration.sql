-- AlterTable
ALTER TABLE "verification_jobs" ADD COLUMN     "files_wanted" BOOLEAN NOT NULL DEFAULT true;
