import type {
  CredentialsFinding,
  FingerprintFinding,
  LogFinding,
  RegistryFinding,
  Segment,
  WatermarkFinding,
} from '#contracts';
import { MATCH_DISTANCE, SOUND_FINGERPRINT_MODEL, SOUND_MATCH_BER } from '#engines/fingerprint';

/** A release, as far as the public may know it. */
export interface RegisteredRelease {
  id: string;
  /** ISO 8601, UTC. */
  releasedAt: string;
  /** ISO 8601, UTC; null while it stands. */
  withdrawnAt: string | null;
  /** What the signature of its credentials covers, SHA-256; null or absent where it was not kept. */
  signatureSha256?: string | null;
}

/** What the register knows under each identifier that was read from a file. */
export interface RegisteredAs {
  /** Release whose file has exactly these bytes. */
  bytes: RegisteredRelease | null;
  /** Release whose manifest the file carries. */
  manifest: RegisteredRelease | null;
  /** Release whose id the pictures carry. */
  watermark: RegisteredRelease | null;
  /** Releases that segments, fingerprints or ingredients name. */
  named: RegisteredRelease[];
}

/** All that a verdict rests on. */
export interface VerdictInput {
  credentials: CredentialsFinding;
  watermark: WatermarkFinding;
  /** `null` when the register could not be asked. */
  registered: RegisteredAs | null;
  /** Of the release that was found. */
  log: LogFinding;
  fingerprint: { picture: FingerprintFinding; sound: FingerprintFinding };
  segments: Segment[];
}

/** The finding of a fingerprint that was not compared with anything. */
export const fingerprintNotRun = (track: Segment['track']): FingerprintFinding => ({
  state: 'not_run',
  algorithm: track === 'picture' ? 'vpdq' : SOUND_FINGERPRINT_MODEL.name,
  releaseId: null,
  share: null,
  distance: null,
  threshold: track === 'picture' ? MATCH_DISTANCE : SOUND_MATCH_BER,
  compared: 0,
});

/** The finding of a log that was not looked up. */
export const LOG_NOT_RUN: LogFinding = {
  state: 'not_run',
  origin: null,
  index: null,
  size: null,
  withdrawnAt: null,
  witnesses: [],
};

/** Which registered releases the findings point to. An id that was never issued points to none. */
export interface Resolved {
  bytes: RegisteredRelease | null;
  manifest: RegisteredRelease | null;
  /** By the watermark of the whole file. */
  marked: RegisteredRelease | null;
  /** By the watermark of a part of the pictures. */
  markedParts: RegisteredRelease[];
  /** Releases that the pictures are near, best first: the whole file, then its parts. */
  picture: RegisteredRelease[];
  /** The same of the sound. */
  sound: RegisteredRelease[];
  /** Valid credentials of ours among the ingredients. */
  ingredients: RegisteredRelease[];
}

const NOTHING: Resolved = {
  bytes: null,
  manifest: null,
  marked: null,
  markedParts: [],
  picture: [],
  sound: [],
  ingredients: [],
};

/**
 * The release that a manifest names, where our signature stands behind the name. Anybody can write the name of one of our
 * manifests into their own.
 */
function vouchedFor(
  { state, trustedBy, softBinding }: CredentialsFinding,
  named: RegisteredRelease | null,
): RegisteredRelease | null {
  const signed =
    state === 'ours' ||
    (state === 'damaged' && trustedBy === 'ours') ||
    (state === 'mismatch' && softBinding !== null && softBinding === named?.id);
  return signed ? named : null;
}

/** Looks up in the register's answer what each finding names. */
export function resolve(input: VerdictInput): Resolved {
  const { credentials, watermark, registered, fingerprint, segments } = input;
  if (!registered) return NOTHING;
  const { bytes, named } = registered;
  const manifest = vouchedFor(credentials, registered.manifest);
  const marked = watermark.state === 'found' ? registered.watermark : null;
  const all = [...named, bytes, manifest, registered.watermark];
  const find = (ids: (string | null)[]) =>
    [...new Set(ids)].flatMap((id) => (id && all.find((one) => one?.id === id)) || []);
  const parts = (track: Segment['track'], by: Segment['by'][number]) =>
    segments
      .filter((one) => one.state === 'ours' && one.track === track && one.by.includes(by))
      .map(({ releaseId }) => releaseId);
  const near = (track: Segment['track']) => {
    const { state, releaseId } = fingerprint[track];
    return find([state === 'near' ? releaseId : null, ...parts(track, 'fingerprint')]);
  };
  return {
    bytes,
    manifest,
    marked,
    markedParts: find(parts('picture', 'watermark')),
    picture: near('picture'),
    // A mark in the sound says nothing of the pictures: it counts for no more than a likeness of the sound.
    sound: find([...near('sound').map(({ id }) => id), ...parts('sound', 'watermark')]),
    ingredients: find(credentials.ingredients.map((one) => (one.state === 'ours' ? one.softBinding : null))),
  };
}

/** Every release that the findings point to, each once. */
export function pointedTo(resolved: Resolved): RegisteredRelease[] {
  const { bytes, manifest, marked, markedParts, picture, sound, ingredients } = resolved;
  const all = [manifest, bytes, marked, ...markedParts, ...picture, ...sound, ...ingredients].filter((one) => !!one);
  return all.filter((one, i) => all.findIndex(({ id }) => id === one.id) === i);
}

/** The register's finding for the report. */
export function registryFinding(registered: RegisteredAs | null, detail?: string): RegistryFinding {
  if (!registered) return { state: 'unable', releaseId: null, releasedAt: null, by: null, detail };
  const { bytes, manifest, watermark } = registered;
  const found = bytes ?? manifest ?? watermark;
  if (!found) return { state: 'unknown', releaseId: null, releasedAt: null, by: null };
  const by = bytes ? 'sha256' : manifest ? 'manifest' : 'watermark';
  const state = found.withdrawnAt ? 'withdrawn' : bytes ? 'same_bytes' : 'known';
  return { state, releaseId: found.id, releasedAt: found.releasedAt, by };
}
