-- AlterTable
ALTER TABLE "likeness_uses" ADD COLUMN     "seen_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "clip_faces" (
    "clip_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "seq" BIGINT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "clip_faces_pkey" PRIMARY KEY ("clip_id")
);

-- Nobody appears without consent, in the database itself: a release needs a live grant of every person that its clip
-- uses. The rows stay locked until the transaction ends, so a revocation commits before it, and stops it, or after it.
-- The clock is the statement's, not the transaction's: a transaction that waited must not see an older moment.
CREATE FUNCTION imprimatur_release_consented() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  used record;
  standing boolean;
BEGIN
  FOR used IN SELECT "person_id", "grant_id" FROM "likeness_uses" WHERE "clip_id" = NEW."clip_id" ORDER BY "person_id" LOOP
    PERFORM 1 FROM "likeness_persons" WHERE "id" = used."person_id" FOR SHARE;
    PERFORM 1 FROM "likeness_grants" WHERE "id" = used."grant_id" FOR SHARE;
    SELECT TRUE INTO standing
      FROM "likeness_persons" p JOIN "likeness_grants" g ON g."person_id" = p."id"
      WHERE p."id" = used."person_id" AND p."state" = 'enrolled' AND g."id" = used."grant_id"
        AND g."ended_at" IS NULL AND (g."until" IS NULL OR g."until" > clock_timestamp());
    IF standing IS NOT TRUE THEN
      RAISE EXCEPTION 'clip % uses the likeness of % without a live grant', NEW."clip_id", used."person_id"
        USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    standing := NULL;
  END LOOP;
  RETURN NEW;
END $$;
CREATE TRIGGER releases_are_consented BEFORE INSERT ON "releases" FOR EACH ROW EXECUTE FUNCTION imprimatur_release_consented();

-- Faces of a clip are kept as long as it is on its way. Deferred: the transaction of the release still reads them.
CREATE FUNCTION imprimatur_forget_clip_faces() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM "clip_faces" WHERE "clip_id" = NEW."id";
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER clips_forget_faces AFTER UPDATE OF "state" ON "clips" DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW WHEN (NEW."state" IN ('released', 'withdrawn', 'refused', 'failed', 'deleted'))
  EXECUTE FUNCTION imprimatur_forget_clip_faces();
