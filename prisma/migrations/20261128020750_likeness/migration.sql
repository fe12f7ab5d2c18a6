-- CreateEnum
CREATE TYPE "likeness_state" AS ENUM ('enrolled', 'revoked', 'erased');

-- CreateTable
CREATE TABLE "likeness_persons" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT,
    "handle" TEXT,
    "state" "likeness_state" NOT NULL DEFAULT 'enrolled',
    "version" INTEGER NOT NULL DEFAULT 0,
    "profile_sealed" TEXT,
    "portrait_sha256" TEXT,
    "notice_sha256" TEXT NOT NULL,
    "notice_version" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3) NOT NULL,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "token_hash" TEXT,
    "approved" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "keep_until" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),
    "erased_at" TIMESTAMPTZ(3),

    CONSTRAINT "likeness_persons_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "likeness_grants" (
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "audience" TEXT NOT NULL,
    "limits" JSONB NOT NULL,
    "places" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "until" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "likeness_grants_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "likeness_uses" (
    "clip_id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "grant_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "how" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "likeness_uses_pkey" PRIMARY KEY ("clip_id","person_id")
);

-- CreateTable
CREATE TABLE "likeness_enrolments" (
    "id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "maker_id" TEXT,
    "state" TEXT NOT NULL,
    "version" INTEGER NOT NULL DEFAULT 0,
    "locale" TEXT NOT NULL DEFAULT 'en',
    "handle" TEXT,
    "token_hash" TEXT NOT NULL,
    "notice_sha256" TEXT NOT NULL,
    "notice_version" TEXT NOT NULL,
    "released_at" TIMESTAMPTZ(3),
    "profile_sealed" TEXT,
    "challenge" JSONB,
    "tries" INTEGER NOT NULL DEFAULT 0,
    "recording_sha256" TEXT,
    "result" JSONB,
    "person_id" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "likeness_enrolments_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "erasure_receipts" (
    "id" TEXT NOT NULL,
    "person_id" TEXT NOT NULL,
    "tenant_id" TEXT NOT NULL,
    "receipt" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "erasure_receipts_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "likeness_templates" (
    "id" BIGSERIAL NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "tenant_id" TEXT,
    "what" TEXT NOT NULL DEFAULT 'face',
    "model" TEXT NOT NULL,
    "sealed" BYTEA NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "likeness_templates_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "likeness_names" (
    "id" BIGSERIAL NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "tenant_id" TEXT,
    "name_hash" BYTEA NOT NULL,
    "words" INTEGER NOT NULL,

    CONSTRAINT "likeness_names_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "likeness_changes" (
    "seq" BIGSERIAL NOT NULL,
    "subject_kind" TEXT NOT NULL,
    "subject_id" TEXT NOT NULL,
    "change" TEXT NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "likeness_changes_pkey" PRIMARY KEY ("seq")
);

-- CreateIndex
CREATE UNIQUE INDEX "likeness_persons_token_hash_key" ON "likeness_persons"("token_hash");

-- CreateIndex
CREATE INDEX "likeness_persons_tenant_id_maker_id_idx" ON "likeness_persons"("tenant_id", "maker_id");

-- CreateIndex
CREATE INDEX "likeness_persons_state_keep_until_idx" ON "likeness_persons"("state", "keep_until");

-- CreateIndex
CREATE UNIQUE INDEX "likeness_persons_tenant_id_handle_key" ON "likeness_persons"("tenant_id", "handle");

-- CreateIndex
CREATE INDEX "likeness_grants_person_id_ended_at_idx" ON "likeness_grants"("person_id", "ended_at");

-- CreateIndex
CREATE INDEX "likeness_uses_person_id_at_idx" ON "likeness_uses"("person_id", "at");

-- CreateIndex
CREATE UNIQUE INDEX "likeness_enrolments_token_hash_key" ON "likeness_enrolments"("token_hash");

-- CreateIndex
CREATE INDEX "likeness_enrolments_state_expires_at_idx" ON "likeness_enrolments"("state", "expires_at");

-- CreateIndex
CREATE UNIQUE INDEX "erasure_receipts_person_id_key" ON "erasure_receipts"("person_id");

-- CreateIndex
CREATE INDEX "likeness_templates_subject_kind_subject_id_idx" ON "likeness_templates"("subject_kind", "subject_id");

-- CreateIndex
CREATE INDEX "likeness_names_name_hash_idx" ON "likeness_names"("name_hash");

-- CreateIndex
CREATE INDEX "likeness_names_subject_kind_subject_id_idx" ON "likeness_names"("subject_kind", "subject_id");

-- AddForeignKey
ALTER TABLE "likeness_grants" ADD CONSTRAINT "likeness_grants_person_id_fkey" FOREIGN KEY ("person_id") REFERENCES "likeness_persons"("id") ON DELETE RESTRICT ON UPDATE CASCADE;
