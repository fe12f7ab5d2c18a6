import { type CredentialsFinding } from '#contracts';
import { type CredentialsErrorCode } from './errors.js';
import { type SignatureAlgorithm, type TrustSettings } from './types.js';

/** Work for a worker thread. */
export type Job =
  | { kind: 'store'; path: string; mime: string; maxBytes: number; trust: TrustSettings }
  | { kind: 'read'; path: string; mime: string; maxBytes: number; trust: TrustSettings }
  | {
      kind: 'sign';
      inputPath: string;
      /** Where the unreleased file goes; the calling thread moves it to its place. */
      partialPath: string;
      /** Manifest definition as JSON. */
      definition: string;
      releaseId: string;
      algorithm: SignatureAlgorithm;
      /** `ingredient` is its definition as JSON. */
      parent: { path: string; mime: string; ingredient: string } | null;
      maxBytes: number;
      trust: TrustSettings;
    };

/** To the worker thread. */
export type ToWorker =
  { type: 'job'; job: Job } | { type: 'signature'; cose: Uint8Array } | { type: 'refused'; reason: string };

/** A file that was signed and read back as ours. */
export interface SignedFile {
  manifestId: string;
  manifest: Uint8Array;
  sha256: string;
  bytes: number;
  signedAt: string;
}

/** From the worker thread. `fileBytes` and `wasmBytes` tell how used up its memory is. */
export type FromWorker =
  | { type: 'claim'; claim: Uint8Array }
  | {
      type: 'failed';
      code: CredentialsErrorCode;
      message: string;
      fatal: boolean;
      wasmBytes: number;
      fileBytes: number;
    }
  | { type: 'read'; finding: CredentialsFinding; fatal: boolean; wasmBytes: number; fileBytes: number }
  | { type: 'store'; store: Uint8Array | null; fatal: boolean; wasmBytes: number; fileBytes: number }
  | { type: 'signed'; file: SignedFile; fatal: boolean; wasmBytes: number; fileBytes: number };
