ALTER TABLE "safety_files" ADD COLUMN "missing_at" TIMESTAMPTZ(3);

-- The key of a file of evidence is as good as the file: it stays until the sweep has begun to destroy its case.
CREATE FUNCTION imprimatur_preserve_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (
    NEW."case_id" IS DISTINCT FROM OLD."case_id" OR NEW."name" IS DISTINCT FROM OLD."name" OR NEW."sha256" IS DISTINCT FROM OLD."sha256"
    OR (OLD."key_sealed" IS NOT NULL AND NEW."key_sealed" IS DISTINCT FROM OLD."key_sealed")
    OR (OLD."sealed_sha256" IS NOT NULL AND NEW."sealed_sha256" IS DISTINCT FROM OLD."sealed_sha256")
  ) AND NOT EXISTS (SELECT 1 FROM "safety_cases" WHERE "id" = OLD."case_id" AND "destroying_at" IS NOT NULL) THEN
    RAISE EXCEPTION 'evidence of case % is preserved', OLD."case_id";
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER safety_files_preserve BEFORE UPDATE ON "safety_files" FOR EACH ROW EXECUTE FUNCTION imprimatur_preserve_file();
CREATE TRIGGER safety_files_no_truncate BEFORE TRUNCATE ON "safety_files" EXECUTE FUNCTION imprimatur_append_only();
