import { shownMessage } from '#kernel';
import type { WatermarkFinding } from '#contracts';
import {
  createSoundFingerprinter,
  encodePicture,
  encodeSound,
  PictureTaker,
  QUERY_PER_S,
  queryFrame,
  SOUND_RATE,
  type QueryFrame,
  type SmallFrame,
  type SoundFingerprint,
} from '#engines/fingerprint';
import { decodeAudio, decodeLuma, probe, type LumaFrame } from '#engines/media';
import { createDetector, type Detector, type Placement, type WindowReading } from '#engines/watermark';
import type { MarkSearch, Prints, TracedPictures, Traced } from '../tasks.js';
import type { Outcome } from './part.js';

/** The detector's own working size; smaller frames are cheaper to hand over. */
export const READ_SIDE = 384;
/** Longer side of the frames that are kept in case they must be put back into their place, in pixels. */
const SMALL_SIDE = 256;
/** Of so many frames: half a minute, 9 MB at 16:9. */
const MOST_SMALL = 240;
/** Seconds without a frame that count as a hole, and how many times the usual distance of frames it is at least. */
const HOLE_S = 1;
const HOLE_STEPS = 4;
/** Sound that starts later than this, or leaves out more, is filled with silence so that its seconds stay true. */
const SLIP_S = 0.02;

/** Which frames to take so that about so many a second come; where the header names no rate, every third. */
export async function everyNth(path: string, perSecond: number): Promise<number> {
  const fps = (await probe(path)).video?.fps ?? 0;
  return fps > 0 ? Math.max(1, Math.round(fps / perSecond)) : 3;
}

/** The finding of a detector that has seen its frames. */
export function findingOf(reader: Detector, search: MarkSearch): WatermarkFinding {
  const { found, releaseId, z, threshold, falsePositiveBound, framesUsed, geometry } = reader.finish({ search });
  return { state: found ? 'found' : 'none', releaseId, z, threshold, falsePositiveBound, framesUsed, geometry };
}

/** A detector for keys of 64 hex digits. @throws WatermarkError `watermark_bad_key` */
export function detectorFor(keys: string[]): Detector {
  return createDetector({ keys: keys.map((key) => Buffer.from(key, 'hex')) });
}

/** The fingerprint of a clip's sound and where the sound ends, or null when it has none. @throws MediaError */
export async function listen(
  path: string,
  signal: AbortSignal,
): Promise<{ endS: number; fingerprint: SoundFingerprint } | null> {
  const look = createSoundFingerprinter().begin();
  let heard = 0;
  let any = false;
  for await (const { timeS, samples } of decodeAudio(path, { sampleRate: SOUND_RATE, channels: 1, signal })) {
    any = true;
    const missing = Math.round((timeS - heard / SOUND_RATE) * SOUND_RATE);
    if (missing > SLIP_S * SOUND_RATE) {
      look.hear(new Float32Array(missing));
      heard += missing;
    }
    look.hear(samples);
    heard += samples.length;
  }
  return any ? { endS: heard / SOUND_RATE, fingerprint: look.finish() } : null;
}

/** Takes the prints of a clip, each track decoded once. @throws MediaError */
export async function takePrints(path: string, signal: AbortSignal): Promise<Prints> {
  const taker = new PictureTaker();
  const every = await everyNth(path, QUERY_PER_S);
  const watch = async () => {
    let endS = 0;
    for await (const frame of decodeLuma(path, { shortSide: READ_SIDE, every, signal })) {
      taker.look(frame, frame.timeS);
      endS = frame.timeS;
    }
    return endS;
  };
  const [endS, sound] = await Promise.all([watch(), listen(path, signal)]);
  return printsOf(taker, sound, endS);
}

/** The stored forms. */
export function printsOf(taker: PictureTaker, sound: Awaited<ReturnType<typeof listen>>, endS: number): Prints {
  return {
    picture: encodePicture(taker.finish()),
    sound: sound && encodeSound(sound.fingerprint),
    durationS: Math.max(endS, sound?.endS ?? 0),
  };
}

/** What is gathered while the pictures go by. */
class Watch {
  readonly frames: QueryFrame[] = [];
  private small: SmallFrame[] = [];
  private size = { width: 0, height: 0 };
  private detector: Outcome<Detector>;

  constructor(keys: string[]) {
    this.detector = attempt(() => detectorFor(keys));
  }

  take({ data, width, height, timeS }: LumaFrame): void {
    this.frames.push(queryFrame({ data, width, height }, timeS));
    if (this.small.length === 0) this.size = { width, height };
    if (this.small.length < MOST_SMALL)
      this.small.push({ ...shrunk(data, width, height), timeMs: Math.round(1000 * timeS) });
    const { detector } = this;
    if (!detector.ok) return;
    const pushed = attempt(() => detector.value.push(data, width, height, timeS));
    if (!pushed.ok) this.detector = pushed;
  }

  /** What the mark says, as a whole and stretch by stretch. */
  read(
    search: MarkSearch,
  ): Outcome<{ finding: WatermarkFinding; windows: WindowReading[]; placement: Placement | null }> {
    const { detector } = this;
    if (!detector.ok) return detector;
    return attempt(() => {
      const finding = findingOf(detector.value, search);
      return { finding, ...detector.value.windows({ search }) };
    });
  }

  /** Small frames, when the picture lies otherwise than as it was marked. */
  displaced(placement: Placement | null): TracedPictures['displaced'] {
    const { size } = this;
    if (!placement || !moved(placement, size)) return null;
    const { content, ...laid } = placement;
    return { laid: { ...laid, content }, size, frames: this.small };
  }

  /** Seconds in which there should have been frames, and the second at which the pictures end. */
  timing(): { endS: number; holes: TracedPictures['holes'] } {
    const times = this.frames.map(({ timeMs }) => timeMs / 1000);
    const steps = times.slice(1).map((time, i) => time - times[i]!);
    const usual = [...steps].sort((a, b) => a - b)[steps.length >> 1] ?? 1 / QUERY_PER_S;
    const holes = steps.flatMap((step, i) =>
      step > Math.max(HOLE_S, HOLE_STEPS * usual) ? [{ startS: times[i]! + usual, endS: times[i + 1]! }] : [],
    );
    return { endS: (times.at(-1) ?? 0) + usual, holes };
  }
}

function attempt<T>(work: () => T): Outcome<T> {
  try {
    return { ok: true, value: work() };
  } catch (e) {
    return { ok: false, reason: shownMessage(e) };
  }
}

/** Every n-th pixel in a grid: the pictures are only hashed, which blurs them more. */
function shrunk(data: Uint8Array, width: number, height: number): { data: Uint8Array; width: number; height: number } {
  const scale = Math.min(1, SMALL_SIDE / Math.max(width, height));
  const [w, h] = [Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale))];
  const to = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) {
    const row = Math.floor(((y + 0.5) * height) / h) * width;
    for (let x = 0; x < w; x++) to[y * w + x] = data[row + Math.floor(((x + 0.5) * width) / w)]!;
  }
  return { data: to, width: w, height: h };
}

/** Whether the marked picture is anything but the whole frame: cut, moved, turned or mirrored by a hundredth or more. */
function moved({ xx, yx, xy, yy, x0, y0, content }: Placement, { width, height }: { width: number; height: number }) {
  const short = Math.min(width, height);
  const [midX, midY] = [xx * (width / 2) + yx * (height / 2) + x0, xy * (width / 2) + yy * (height / 2) + y0];
  const offs = [xx * short - 1, yy * short - 1, yx * short, xy * short, midX, midY];
  const bordered = content.width < 0.99 * width || content.height < 0.99 * height;
  return bordered || offs.some((off) => Math.abs(off) > 0.01);
}

/**
 * Reads everything that tells where a file comes from, but its credentials. Each track is decoded once; a track that
 * cannot be decoded is told as such.
 */
export async function traceFile(
  { path, keys, search }: { path: string; keys: string[]; search: MarkSearch },
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<Traced> {
  const [picture, sound] = await Promise.allSettled([
    watched(path, keys, search, signal, progress),
    listen(path, signal),
  ]);
  signal.throwIfAborted();
  const info = await probe(path).catch(() => null);
  const told = <T>(one: PromiseSettledResult<T>): Outcome<T> =>
    one.status === 'fulfilled' ? { ok: true, value: one.value } : { ok: false, reason: shownMessage(one.reason) };
  const seen = told(picture);
  return {
    info,
    watermark: seen.ok ? seen.value.watermark : seen,
    picture: seen.ok ? { ok: true, value: seen.value.pictures } : seen,
    sound: told(sound),
  };
}

async function watched(
  path: string,
  keys: string[],
  search: MarkSearch,
  signal: AbortSignal,
  progress: (part: number) => void,
): Promise<{ watermark: Traced['watermark']; pictures: TracedPictures }> {
  const watch = new Watch(keys);
  const every = await everyNth(path, QUERY_PER_S);
  const { durationS } = await probe(path);
  for await (const frame of decodeLuma(path, { shortSide: READ_SIDE, every, signal })) {
    watch.take(frame);
    // The search takes its time after the last frame; headers may lie about when that is.
    if (durationS > 0) progress(Math.min(0.7, (0.7 * frame.timeS) / durationS));
  }
  const read = watch.read(search);
  const { windows, placement } = read.ok ? read.value : { windows: [], placement: null };
  return {
    watermark: read.ok ? { ok: true, value: read.value.finding } : read,
    pictures: {
      ...watch.timing(),
      claimedS: durationS,
      windows,
      frames: watch.frames,
      displaced: watch.displaced(placement),
    },
  };
}
