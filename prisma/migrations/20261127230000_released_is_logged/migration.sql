-- Invariant 1 in the database itself: a release needs its leaf in a published checkpoint of the public log.
CREATE FUNCTION imprimatur_release_logged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  leaf jsonb;
BEGIN
  SELECT convert_from("entry", 'UTF8')::jsonb INTO leaf FROM "log_leaves" WHERE "idx" = NEW."log_index";
  IF leaf IS NULL
    OR leaf->>'type' NOT IN ('release', 'remix')
    OR leaf->>'releaseId' IS DISTINCT FROM NEW."id"
    OR leaf->>'assetSha256' IS DISTINCT FROM NEW."asset_sha256"
    OR leaf->>'manifestId' IS DISTINCT FROM NEW."manifest_id"
    OR leaf->>'manifestSha256' IS DISTINCT FROM NEW."manifest_sha256"
    OR NOT EXISTS (SELECT 1 FROM "log_checkpoints" WHERE "published_at" IS NOT NULL AND "size" > NEW."log_index") THEN
    RAISE EXCEPTION 'release % is not in the published log', NEW."id" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER releases_are_logged BEFORE INSERT ON "releases" FOR EACH ROW EXECUTE FUNCTION imprimatur_release_logged();
