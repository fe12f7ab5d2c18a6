import type { Locale, VerifyReport } from '#contracts';

/** A frame of the submitted file, and the frame of the release at the same moment. */
export interface StillPair {
  submittedS: number;
  /** JPEG; null where there is no frame at that moment. */
  submitted: Uint8Array | null;
  /** Null where no release is set beside it. */
  registered: { releaseId: string; atS: number; jpeg: Uint8Array | null } | null;
}

/** Why no frames of a release stand beside those of the file. */
export type StillsNote = 'withdrawn' | 'no_release' | 'not_kept' | 'not_likeness' | 'unable';

/** Everything that a PDF shows. */
export interface ReportSheet {
  lang: Locale;
  report: VerifyReport;
  /** SHA-256 of the canonical JSON, hex. */
  reportSha256: string;
  /** SHA-256 of the SubjectPublicKeyInfo of the key that signs reports, hex. */
  reportKeySha256: string;
  /** ISO time in the time stamp, and whose it is. */
  stamp: { at: string; by: string };
  /** The certificate that signs the PDF; null leaves it unsigned. */
  certificate: { subject: string; sha256: string } | null;
  stills: { pairs: StillPair[]; note: StillsNote | null };
}
