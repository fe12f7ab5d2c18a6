-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "inspection" JSONB,
ADD COLUMN     "priority" DOUBLE PRECISION NOT NULL DEFAULT 0,
ADD COLUMN     "stills_sha256" TEXT;
