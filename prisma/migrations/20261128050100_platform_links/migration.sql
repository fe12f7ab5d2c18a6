-- An address that the platform asked for opens less than the person's own, and does not end it.
ALTER TABLE "likeness_persons" ADD COLUMN "link_hash" TEXT, ADD COLUMN "link_by" TEXT;
CREATE UNIQUE INDEX "likeness_persons_link_hash_key" ON "likeness_persons"("link_hash");
ALTER TABLE "likeness_persons" ADD CONSTRAINT likeness_persons_erased_link CHECK ("state" <> 'erased' OR "link_hash" IS NULL);

-- Addresses in use that the platform asked for. What takes their place opens nothing, and nobody can ask for it again.
UPDATE "likeness_persons" p
  SET "link_hash" = p."token_hash", "link_by" = e."actor", "token_hash" = 'ended:' || p."id"
  FROM (SELECT DISTINCT ON ("subject") "subject", "actor" FROM "audit_events" WHERE "action" = 'consent.linked' ORDER BY "subject", "id" DESC) e
  WHERE e."subject" = p."id" AND p."token_hash" IS NOT NULL;
