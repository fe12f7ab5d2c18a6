-- AlterTable
ALTER TABLE "clips" ADD COLUMN     "characters" TEXT[] DEFAULT ARRAY[]::TEXT[];
