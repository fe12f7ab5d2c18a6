import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { canonicalJson, messageOf, newId, sha256Hex, shownMessage, type Clock } from '#kernel';
import type { CredentialsFinding, LogFinding, Segment, VerifyReport, WatermarkFinding } from '#contracts';
import { findingWithout, type TrustSettings } from '#engines/credentials';
import type { Examiner, MarkSearch, Traced } from '#domain/examination';
import type { AskAncestry } from './ancestry.js';
import { errorRates } from './error-rates.js';
import { likenessOf, type Likeness, type Named } from './likeness.js';
import { LIMITS } from './limits.js';
import { lineageOf, releasesOf } from './lineage.js';
import type { AskLog } from './log.js';
import type { PrintSource } from './prints.js';
import type { AskRegister } from './register.js';
import { segmentsOf } from './segments.js';
import { LOG_NOT_RUN, registryFinding, type RegisteredAs, type VerdictInput } from './signals.js';
import { logSubject, verdictOf } from './verdict.js';

/** What a verifier needs. */
export interface VerifierParts {
  examiner: Examiner;
  /** Watermark keys, 64 hex digits each, newest first. */
  keys: string[];
  trust: () => TrustSettings;
  register: AskRegister;
  /** The fingerprints of releases; null where there is no database. */
  prints: PrintSource | null;
  /** The transparency log; null where there is no database. */
  log: AskLog | null;
  clock: Clock;
  tool: { name: string; version: string; parts: { name: string; version: string }[] };
  /** The history of releases; null where there is no database. */
  ancestry: AskAncestry | null;
  /** Told what the report only calls an internal fault. */
  onFault?: (thrown: unknown) => void;
}

/** How thorough a verification is. */
export interface VerifyOptions {
  timeoutMs: number;
  /** `scale` finds rescaled, cropped and mirrored copies; `full` also rotated ones, and takes longer. */
  search?: MarkSearch;
  /** The file as its sender called it. */
  name?: string | null;
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

const failedWatermark = (detail: string): WatermarkFinding => ({
  state: 'unable',
  releaseId: null,
  z: null,
  threshold: 0,
  falsePositiveBound: 1,
  framesUsed: 0,
  geometry: null,
  detail,
});

const failedTrace = (e: unknown): Traced => {
  const failed = { ok: false, reason: messageOf(e) } as const;
  return { info: null, watermark: failed, picture: failed, sound: failed };
};

const RELEASE_ID = /^[0-9a-f]{16}$/;

/** Releases that the mark and the credentials name. */
function namedBy({ softBinding, ingredients }: CredentialsFinding, { watermark, picture }: Traced): Named {
  const windows = picture.ok ? picture.value.windows : [];
  const whole = watermark.ok ? watermark.value.releaseId : null;
  const ids = (all: (string | null)[]) =>
    [...new Set(all)].filter((id) => id !== null && RELEASE_ID.test(id)) as string[];
  return {
    marks: ids([whole, ...windows.map(({ releaseId }) => releaseId)]),
    named: ids([softBinding, ...ingredients.map((one) => one.softBinding)]).slice(0, MOST_NAMED),
  };
}

/** Runs of a track for the timeline. */
function runsOf({ finding: { state }, runs }: Likeness): Likeness['runs'] | 'unable' | null {
  return state === 'unable' ? state : state === 'not_run' ? null : runs;
}

/** Whether a check was made, could not be made, or was left out. */
type Done = 'done' | 'failed' | 'left_out';

function doneOf({ state }: { state: string }): Done {
  return state === 'unable' ? 'failed' : state === 'not_run' ? 'left_out' : 'done';
}

/** Releases that a file may name before the rest is ignored: credentials are a stranger's text. */
const MOST_NAMED = 16;

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

/** Says what can be proven of a file: credentials, watermark, likeness, register, log. Keeps nothing. */
export class Verifier {
  constructor(private readonly parts: VerifierParts) {}

  /** Examines a file. Never throws for what the file holds: a check that fails is listed as failed. */
  async verify(path: string, options: VerifyOptions): Promise<VerifyReport> {
    const { examiner, keys, trust, clock, tool } = this.parts;
    const limit = { timeoutMs: options.timeoutMs };
    const file = await digest(path);
    const done = progressOf(options.onProgress);
    const decoding = { ...limit, onProgress: done.decoded };
    const [credentials, traced] = await Promise.all([
      examiner
        .run('readCredentials', { path, mime: MIME, trust: trust() }, limit)
        .catch(failedCredentials)
        .finally(done.credentials),
      examiner.run('trace', { path, keys, search: options.search ?? 'scale' }, decoding).catch(failedTrace),
    ]);
    const watermark = traced.watermark.ok ? traced.watermark.value : failedWatermark(traced.watermark.reason);
    const { picture, sound } = await likenessOf(traced, namedBy(credentials, traced), this.parts.prints, this.fault);
    const fingerprint = { picture: picture.finding, sound: sound.finding };
    const segments = segmentsOf(traced, { picture: runsOf(picture), sound: runsOf(sound) });
    const { registered, fault } = await this.ask(file.sha256, credentials, watermark, segments, fingerprint);
    const found = { credentials, watermark, fingerprint, segments };
    const log = await this.askLog({ ...found, registered, log: LOG_NOT_RUN });
    return {
      object: 'verification',
      id: newId('ver'),
      at: clock.now().toISOString(),
      file: { name: options.name ?? null, ...file, container: containerOf(traced.info) },
      verdict: verdictOf({ ...found, registered, log }),
      ...found,
      registry: registryFinding(registered, fault),
      log,
      lineage: await this.lineage(options.name ?? null, credentials, registered, segments),
      error_rates: errorRates(watermark.falsePositiveBound),
      limits: [...LIMITS],
      custody: [],
      ...namesOf({
        credentials: credentials.state === 'unable' ? 'failed' : 'done',
        watermark: watermark.state === 'unable' ? 'failed' : 'done',
        registry: registered === null ? 'failed' : 'done',
        picture_fingerprint: doneOf(fingerprint.picture),
        sound_fingerprint: doneOf(fingerprint.sound),
        log: doneOf(log),
        container: traced.info && !segments.some(({ state }) => state === 'unable') ? 'done' : 'failed',
        revocation: credentials.revocation === 'not_checked' ? 'left_out' : 'done',
      }),
      tool: {
        ...tool,
        configSha256: digestOf({
          watermark: watermark.threshold,
          ...thresholdsOf(fingerprint),
          search: options.search,
        }),
        trust: { sha256: digestOf(trust()), anchors: trust().anchorsPem.length },
      },
    };
  }

  /** Asks the log for the release that the findings point to first. */
  private async askLog(input: VerdictInput): Promise<LogFinding> {
    const release = logSubject(input);
    if (!release || !this.parts.log) return LOG_NOT_RUN;
    try {
      return await this.parts.log(release.id);
    } catch (e) {
      return { ...LOG_NOT_RUN, state: 'unable', detail: this.fault(e) };
    }
  }

  /** What the file was made from, as far as credentials and register say. Drawn for people; no verdict rests on it. */
  private async lineage(
    name: string | null,
    credentials: CredentialsFinding,
    registered: RegisteredAs | null,
    segments: Segment[],
  ): Promise<VerifyReport['lineage']> {
    const known = { credentials, registered, segments };
    const ancestry = (await this.parts.ancestry?.(releasesOf(known)).catch(() => null)) ?? [];
    return lineageOf({ submitted: { name }, ...known, ancestry });
  }

  /** Asks the register for all that the findings name. */
  private async ask(
    sha256: string,
    credentials: CredentialsFinding,
    watermark: WatermarkFinding,
    segments: Segment[],
    { picture, sound }: VerifyReport['fingerprint'],
  ): Promise<{ registered: RegisteredAs | null; fault?: string }> {
    const named = [
      ...credentials.ingredients.map(({ softBinding }) => softBinding),
      ...[...segments, picture, sound].map(({ releaseId }) => releaseId),
    ];
    const releaseIds = [...new Set(named.filter((id) => id !== null))];
    const ids = { sha256, manifestId: credentials.manifestId, watermarkId: watermark.releaseId, releaseIds };
    try {
      const registered = await this.parts.register(ids);
      return registered ? { registered } : { registered, fault: 'The register could not be asked from here.' };
    } catch (e) {
      return { registered: null, fault: this.fault(e) };
    }
  }

  /** The report is signed and public: a fault of the database would name its host there. */
  private readonly fault = (thrown: unknown): string => {
    this.parts.onFault?.(thrown);
    return shownMessage(thrown);
  };
}

/** SHA-256 of the canonical JSON of what a verdict depends on besides the file. */
const digestOf = (value: object) => sha256Hex(canonicalJson(JSON.parse(JSON.stringify(value))));

const thresholdsOf = ({ picture, sound }: VerifyReport['fingerprint']) => ({
  picture: picture.threshold,
  sound: sound.threshold,
});

function containerOf(info: Traced['info']): VerifyReport['file']['container'] {
  if (!info?.video) return null;
  const { container, durationS, video, audio } = info;
  const { width, height, fps, codec } = video;
  return { format: container, durationS, width, height, fps, videoCodec: codec, audioCodec: audio?.codec ?? null };
}

function namesOf(checks: Record<string, Done>): Pick<VerifyReport, 'checked' | 'not_checked' | 'failed'> {
  const names = (wanted: Done) => Object.keys(checks).filter((name) => checks[name] === wanted);
  return { checked: names('done'), not_checked: names('left_out'), failed: names('failed') };
}
