-- AlterTable
ALTER TABLE "log_pending" ADD COLUMN     "failed_at" TIMESTAMPTZ(3);
