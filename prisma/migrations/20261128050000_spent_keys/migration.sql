-- What is sealed for a while gets a key of its own, outside the database, and the key is destroyed with the row: no older
-- copy of the database opens it afterwards.
CREATE TABLE "spent_keys" (
    "id" TEXT NOT NULL,
    "blob_sha256" TEXT,
    "after" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "spent_keys_pkey" PRIMARY KEY ("id")
);
CREATE INDEX "spent_keys_after_idx" ON "spent_keys"("after");

ALTER TABLE "clip_faces" ADD COLUMN "key_id" TEXT;

-- However the faces of a clip are forgotten, their key goes too: at once, by whatever clock.
CREATE FUNCTION imprimatur_spend_faces_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "spent_keys" ("id", "after") VALUES (OLD."key_id", to_timestamp(0)) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER clip_faces_spend_key AFTER DELETE ON "clip_faces"
  FOR EACH ROW WHEN (OLD."key_id" IS NOT NULL) EXECUTE FUNCTION imprimatur_spend_faces_key();

-- However an enrolment ends, its key goes too.
CREATE FUNCTION imprimatur_spend_enrolment_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "spent_keys" ("id", "after") VALUES (NEW."id", to_timestamp(0)) ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER likeness_enrolments_spend_key AFTER UPDATE OF "state" ON "likeness_enrolments"
  FOR EACH ROW WHEN (NEW."state" IN ('done', 'failed', 'expired')) EXECUTE FUNCTION imprimatur_spend_enrolment_key();

-- What open enrolments hold is sealed with the deployment's key: they begin again.
UPDATE "likeness_enrolments"
  SET "state" = 'expired', "profile_sealed" = NULL, "challenge" = NULL, "handle" = NULL, "version" = "version" + 1
  WHERE "state" IN ('released', 'challenged');
