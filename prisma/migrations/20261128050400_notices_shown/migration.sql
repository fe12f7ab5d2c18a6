-- What people agreed to, word for word.
CREATE TABLE "consent_notices" (
    "sha256" TEXT NOT NULL,
    "version" TEXT NOT NULL,
    "text" JSONB NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "consent_notices_pkey" PRIMARY KEY ("sha256")
);
CREATE TRIGGER consent_notices_append_only BEFORE UPDATE OR DELETE ON "consent_notices" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();
CREATE TRIGGER consent_notices_no_truncate BEFORE TRUNCATE ON "consent_notices" EXECUTE FUNCTION imprimatur_append_only();
