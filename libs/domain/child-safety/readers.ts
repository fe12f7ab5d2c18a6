/** A key of a platform that asks. */
interface KeyReader {
  tenantId: string;
  keyId: string;
}

/** A member of staff who asks, and by which opening of the seal they look. */
interface StaffReader {
  tenantId: string;
  staffId: string;
  opening?: string;
}

/** Who asks, and for which tenant's cases. */
export type CaseReader = KeyReader | StaffReader;

/** Who asks, as in the audit record. */
export const actorOf = (reader: CaseReader): string =>
  'keyId' in reader ? `key:${reader.keyId}` : `staff:${reader.staffId}`;

/** What of the reader is put on record with each look. */
export const lookOf = (reader: CaseReader): { opening?: string } =>
  'staffId' in reader && reader.opening ? { opening: reader.opening } : {};
