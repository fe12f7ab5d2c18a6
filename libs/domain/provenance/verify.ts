import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { messageOf, newId, type Clock } from '#kernel';
import type { CredentialsFinding, VerifyReport, WatermarkFinding } from '#contracts';
import { findingWithout, type TrustSettings } from '#engines/credentials';
import type { Examiner, MarkSearch } from '#domain/examination';
import type { AskRegister } from './register.js';
import { fingerprintNotRun, LOG_NOT_RUN, registryFinding, type RegisteredAs } from './signals.js';
import { verdictOf } from './verdict.js';

/** What a verifier needs. */
export interface VerifierParts {
  examiner: Examiner;
  /** Watermark keys, 64 hex digits each, newest first. */
  keys: string[];
  trust: () => TrustSettings;
  register: AskRegister;
  clock: Clock;
  tool: { name: string; version: string };
}

/** How thorough a verification is. */
export interface VerifyOptions {
  timeoutMs: number;
  /** `scale` finds rescaled, cropped and mirrored copies; `full` also rotated ones, and takes longer. */
  search?: MarkSearch;
  /** Told 0..1 as the parts of the examination end, and as pictures are decoded. */
  onProgress?: (part: number) => void;
}

async function digest(path: string): Promise<{ sha256: string; sha512: string; bytes: number }> {
  const [sha256, sha512] = [createHash('sha256'), createHash('sha512')];
  for await (const chunk of createReadStream(path)) {
    sha256.update(chunk as Buffer);
    sha512.update(chunk as Buffer);
  }
  return { sha256: sha256.digest('hex'), sha512: sha512.digest('hex'), bytes: (await stat(path)).size };
}

const failedCredentials = (e: unknown): CredentialsFinding => ({ ...findingWithout('unable'), detail: messageOf(e) });

const failedWatermark = (e: unknown): WatermarkFinding => ({
  state: 'unable',
  releaseId: null,
  z: null,
  threshold: 0,
  falsePositiveBound: 1,
  framesUsed: 0,
  geometry: null,
  detail: messageOf(e),
});

/** Declared type; the reader goes by the first bytes of the file. */
const MIME = 'video/mp4';

/** Shares of the time that the parts take, in one growing number. */
function progressOf(tell: (part: number) => void = () => undefined) {
  let [credentials, decoded] = [0, 0];
  const say = () => tell(0.2 * credentials + 0.75 * decoded);
  return {
    credentials: () => ((credentials = 1), say()),
    decoded: (part: number) => ((decoded = Math.max(decoded, part)), say()),
  };
}

/** Says what can be proven of a file: credentials, watermark, register. Keeps nothing. */
export class Verifier {
  constructor(private readonly parts: VerifierParts) {}

  /** Examines a file. Never throws for what the file holds: a check that fails is listed as failed. */
  async verify(path: string, options: VerifyOptions): Promise<VerifyReport> {
    const { examiner, keys, trust, register, clock, tool } = this.parts;
    const limit = { timeoutMs: options.timeoutMs };
    const file = await digest(path);
    const done = progressOf(options.onProgress);
    const decoding = { ...limit, onProgress: done.decoded };
    const [credentials, watermark] = await Promise.all([
      examiner
        .run('readCredentials', { path, mime: MIME, trust: trust() }, limit)
        .catch(failedCredentials)
        .finally(done.credentials),
      examiner.run('readMark', { path, keys, search: options.search ?? 'scale' }, decoding).catch(failedWatermark),
    ]);
    const ids = {
      sha256: file.sha256,
      manifestId: credentials.manifestId,
      watermarkId: watermark.releaseId,
      releaseIds: credentials.ingredients.flatMap(({ softBinding }) => softBinding ?? []),
    };
    const fingerprint = { picture: fingerprintNotRun('picture'), sound: fingerprintNotRun('sound') };
    let registered: RegisteredAs | null = null;
    let fault: string | undefined;
    try {
      registered = await register(ids);
      if (!registered) fault = 'The register could not be asked from here.';
    } catch (e) {
      fault = messageOf(e);
    }
    const checks = {
      credentials: credentials.state !== 'unable',
      watermark: watermark.state !== 'unable',
      registry: registered !== null,
    };
    const names = Object.entries(checks);
    return {
      object: 'verification',
      id: newId('ver'),
      at: clock.now().toISOString(),
      file: { name: null, ...file, container: null },
      verdict: verdictOf({ credentials, watermark, registered, log: LOG_NOT_RUN, fingerprint, segments: [] }),
      credentials,
      watermark,
      fingerprint,
      registry: registryFinding(registered, fault),
      log: LOG_NOT_RUN,
      segments: [],
      lineage: { nodes: [], edges: [] },
      error_rates: [],
      limits: [],
      custody: [],
      checked: names.filter(([, done]) => done).map(([name]) => name),
      not_checked: [
        'perceptual_fingerprint',
        'transparency_log',
        'sound_watermark',
        ...(credentials.revocation === 'not_checked' ? ['revocation_online'] : []),
      ],
      failed: names.filter(([, done]) => !done).map(([name]) => name),
      tool: { ...tool, parts: [], configSha256: '', trust: { sha256: '', anchors: trust().anchorsPem.length } },
    };
  }
}
