import type { VerifyReport } from '#contracts';

/** A still picture beside the second that it shows. */
export interface EvidenceStill {
  atS: number;
  /** JPEG, longest side at most 640 pixels. */
  jpeg: Uint8Array;
}

/** What a report shows and encloses beside what it says. Made in the worker; deleted with the report. */
export interface Evidence {
  /** Of the submitted file, up to eight over its length. */
  submitted: EvidenceStill[];
  /** Of the registered release at the corresponding seconds; empty when none was found or its file is gone. */
  registered: EvidenceStill[];
  /** The reader's own JSON of the credentials in the file (crJSON), or null when there are none. */
  crJson: string | null;
  /** Manifest store in the submitted file (JUMBF, `application/c2pa`); null when there is none. */
  manifestStore: Uint8Array | null;
  /** Manifest store of the release as registered; null when no release was found. */
  registeredManifest: Uint8Array | null;
  /** RFC 3161 token of the release's signature as registered, DER. */
  timeStampToken: Uint8Array | null;
  /** C2SP tlog-proof text of the release's leaf, and the leaf itself; null when it is not in the log. */
  logProof: { proof: string; entry: Uint8Array } | null;
  /** Verifier key of the log as C2SP signed notes write it: `name+keyid+base64`. */
  logKey: string | null;
  /** Anchors that were in force: claim signers, then time-stamping authorities. PEM. */
  anchors: { ours: string[]; others: string[]; timeStamping: string[] };
  /** SHA-256 of our leaf certificates and the revoked ones, as they were in force. */
  ours: { leafSha256: string[]; revoked: { serialHex: string; compromisedAt: string }[] };
}

/** A finished examination. */
export interface Examined {
  report: VerifyReport;
  evidence: Evidence;
}
