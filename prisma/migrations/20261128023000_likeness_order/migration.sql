-- Changes are numbered in the order of their commits: an index that has seen one has missed none before it.
CREATE FUNCTION imprimatur_likeness_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('imprimatur_likeness_changes'));
  RETURN NULL;
END $$;
CREATE FUNCTION imprimatur_likeness_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW."seq" := nextval('likeness_changes_seq_seq');
  RETURN NEW;
END $$;
CREATE TRIGGER likeness_changes_lock BEFORE INSERT ON "likeness_changes" FOR EACH STATEMENT EXECUTE FUNCTION imprimatur_likeness_lock();
CREATE TRIGGER likeness_changes_number BEFORE INSERT ON "likeness_changes" FOR EACH ROW EXECUTE FUNCTION imprimatur_likeness_change();
-- What was removed stays on record: the indexes learn of changes, not of rows that are gone.
CREATE TRIGGER likeness_changes_kept BEFORE UPDATE OR DELETE ON "likeness_changes" FOR EACH ROW EXECUTE FUNCTION imprimatur_append_only();

ALTER TABLE "likeness_changes" ADD CONSTRAINT "likeness_changes_change" CHECK ("change" IN ('added', 'removed'));
ALTER TABLE "likeness_templates" ADD CONSTRAINT "likeness_templates_kind" CHECK ("subject_kind" IN ('person', 'protected') AND "what" IN ('face', 'voice'));
ALTER TABLE "likeness_names" ADD CONSTRAINT "likeness_names_hash" CHECK ("subject_kind" IN ('person', 'protected') AND octet_length("name_hash") = 32);
