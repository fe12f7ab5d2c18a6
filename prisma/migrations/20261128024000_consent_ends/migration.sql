-- AlterTable
ALTER TABLE "likeness_persons" ADD COLUMN "withdraw_all" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "had_voice" BOOLEAN NOT NULL DEFAULT false;

-- Nobody who was erased leaves anything that is theirs; nobody who revoked can be used again.
ALTER TABLE "likeness_persons"
  ADD CONSTRAINT likeness_persons_erased CHECK (
    "state" <> 'erased'
    OR ("profile_sealed" IS NULL AND "portrait_sha256" IS NULL AND "handle" IS NULL AND "token_hash" IS NULL AND "erased_at" IS NOT NULL)
  ),
  ADD CONSTRAINT likeness_persons_revoked CHECK (("state" = 'enrolled') = ("revoked_at" IS NULL));

CREATE FUNCTION imprimatur_consent_ends() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (OLD.state = 'revoked' AND NEW.state = 'enrolled') OR (OLD.state = 'erased' AND NEW.state <> 'erased') THEN
    RAISE EXCEPTION 'a consent that ended does not begin again' USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER likeness_persons_end BEFORE UPDATE ON "likeness_persons" FOR EACH ROW EXECUTE FUNCTION imprimatur_consent_ends();
CREATE TRIGGER erasure_receipts_append_only BEFORE UPDATE OR DELETE ON "erasure_receipts" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER erasure_receipts_no_truncate BEFORE TRUNCATE ON "erasure_receipts" EXECUTE FUNCTION imprimatur_append_only();
