-- CreateTable
CREATE TABLE "maker_ages" (
    "id" BIGSERIAL NOT NULL,
    "maker_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "birth_year" INTEGER,
    "low" INTEGER,
    "high" INTEGER,
    "by" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "maker_ages_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maker_contacts" (
    "maker_id" TEXT NOT NULL,
    "contact_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "maker_contacts_pkey" PRIMARY KEY ("maker_id","contact_id")
);

-- CreateTable
CREATE TABLE "access_rules" (
    "tenant_id" TEXT NOT NULL,
    "invite_required" BOOLEAN NOT NULL DEFAULT false,
    "countries" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "allowance_seconds" INTEGER,
    "allowance_per" TEXT,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_rules_pkey" PRIMARY KEY ("tenant_id")
);

-- CreateTable
CREATE TABLE "access_invites" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "code_hash" TEXT NOT NULL,
    "uses" INTEGER NOT NULL,
    "used" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_invites_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "access_redemptions" (
    "maker_id" TEXT NOT NULL,
    "invite_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "access_redemptions_pkey" PRIMARY KEY ("maker_id")
);

-- CreateTable
CREATE TABLE "guardian_links" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "name_sealed" TEXT,
    "number" INTEGER,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "active_at" TIMESTAMPTZ(3),
    "ended_at" TIMESTAMPTZ(3),
    "ended_by" TEXT,

    CONSTRAINT "guardian_links_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guardian_tokens" (
    "hash" TEXT NOT NULL,
    "link_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "used_at" TIMESTAMPTZ(3),

    CONSTRAINT "guardian_tokens_pkey" PRIMARY KEY ("hash")
);

-- CreateTable
CREATE TABLE "guardian_sessions" (
    "id" TEXT NOT NULL,
    "secret_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "guardian_sessions_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "guardian_session_links" (
    "session_id" TEXT NOT NULL,
    "link_id" TEXT NOT NULL,

    CONSTRAINT "guardian_session_links_pkey" PRIMARY KEY ("session_id","link_id")
);

-- CreateTable
CREATE TABLE "guardian_limits" (
    "link_id" TEXT NOT NULL,
    "version" INTEGER NOT NULL,
    "limits" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "guardian_limits_pkey" PRIMARY KEY ("link_id","version")
);

-- CreateTable
CREATE TABLE "guardian_alerts" (
    "id" TEXT NOT NULL,
    "link_id" TEXT NOT NULL,
    "maker_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "code" TEXT,
    "count" INTEGER NOT NULL DEFAULT 1,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "last_at" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3),

    CONSTRAINT "guardian_alerts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "maker_stops" (
    "maker_id" TEXT NOT NULL,
    "day" DATE NOT NULL,
    "code" TEXT NOT NULL,
    "count" INTEGER NOT NULL DEFAULT 1,

    CONSTRAINT "maker_stops_pkey" PRIMARY KEY ("maker_id","day","code")
);

-- CreateIndex
CREATE INDEX "maker_ages_maker_id_id_idx" ON "maker_ages"("maker_id", "id");

-- CreateIndex
CREATE INDEX "maker_contacts_contact_id_idx" ON "maker_contacts"("contact_id");

-- CreateIndex
CREATE UNIQUE INDEX "access_invites_code_hash_key" ON "access_invites"("code_hash");

-- CreateIndex
CREATE INDEX "access_invites_tenant_id_created_at_idx" ON "access_invites"("tenant_id", "created_at");

-- CreateIndex
CREATE INDEX "guardian_links_maker_id_state_idx" ON "guardian_links"("maker_id", "state");

-- CreateIndex
CREATE INDEX "guardian_tokens_link_id_idx" ON "guardian_tokens"("link_id");

-- CreateIndex
CREATE UNIQUE INDEX "guardian_sessions_secret_hash_key" ON "guardian_sessions"("secret_hash");

-- CreateIndex
CREATE INDEX "guardian_session_links_link_id_idx" ON "guardian_session_links"("link_id");

-- CreateIndex
CREATE INDEX "guardian_alerts_link_id_at_idx" ON "guardian_alerts"("link_id", "at");

-- CreateIndex
CREATE INDEX "clips_maker_id_created_at_idx" ON "clips"("maker_id", "created_at");

-- What tenants stated of birth years becomes evidence.
INSERT INTO "maker_ages" ("maker_id", "tenant_id", "state", "birth_year", "by", "actor", "at")
SELECT "id", "tenant_id", 'declared', "birth_year", 'platform', 'migration', "created_at" FROM "makers" WHERE "birth_year" IS NOT NULL;

ALTER TABLE "makers" DROP COLUMN "birth_year", ADD COLUMN "country" TEXT;

CREATE TRIGGER maker_ages_append_only BEFORE UPDATE OR DELETE ON "maker_ages" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER guardian_limits_append_only BEFORE UPDATE OR DELETE ON "guardian_limits" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
ALTER TABLE "maker_ages" ADD CONSTRAINT maker_ages_state CHECK ("state" IN ('declared', 'estimated', 'verified'));
ALTER TABLE "maker_ages" ADD CONSTRAINT maker_ages_one_form CHECK (
  ("birth_year" IS NULL OR ("low" IS NULL AND "high" IS NULL)) AND ("low" IS NULL) = ("high" IS NULL)
  AND ("birth_year" IS NOT NULL OR "low" IS NOT NULL OR "state" = 'declared'));
ALTER TABLE "maker_contacts" ADD CONSTRAINT maker_contacts_not_oneself CHECK ("maker_id" <> "contact_id");
ALTER TABLE "access_invites" ADD CONSTRAINT access_invites_uses CHECK ("used" BETWEEN 0 AND "uses");
ALTER TABLE "access_rules" ADD CONSTRAINT access_rules_allowance CHECK (("allowance_seconds" IS NULL) = ("allowance_per" IS NULL));
ALTER TABLE "guardian_links" ADD CONSTRAINT guardian_links_state CHECK ("state" IN ('invited', 'accepted', 'active', 'ended'));
ALTER TABLE "guardian_links" ADD CONSTRAINT guardian_links_tries CHECK ("tries" BETWEEN 0 AND 3);

-- A link becomes active only by the number, and an ended one stays ended.
CREATE FUNCTION imprimatur_guardian_link() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."state" = 'ended' OR (NEW."state" = 'active' AND OLD."state" NOT IN ('accepted', 'active')) THEN
    RAISE EXCEPTION 'a guardian link cannot go from % to %', OLD."state", NEW."state" USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER guardian_links_moves BEFORE UPDATE ON "guardian_links" FOR EACH ROW EXECUTE FUNCTION imprimatur_guardian_link();
