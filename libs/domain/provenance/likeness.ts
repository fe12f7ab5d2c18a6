import { shownMessage } from '#kernel';
import type { FingerprintFinding } from '#contracts';
import {
  comparePictures,
  compareSound,
  matchableFrames,
  NAMED_DISTANCE,
  restoration,
  SoundIndex,
  type PicturePrint,
  type PictureRun,
  type PrintFrame,
  type SoundFingerprint,
  type SoundPrint,
} from '#engines/fingerprint';
import type { Traced, TracedPictures } from '#domain/examination';
import type { PrintSource } from './prints.js';
import { fingerprintNotRun } from './signals.js';

/** Frames of a release that must be found in a row when nothing but their likeness points to it. */
const LEAST_FRAMES = 3;
/** The same of a release that its mark or its credentials name. */
const LEAST_NAMED_FRAMES = 2;
/** Seconds of sound in a row that count. */
const LEAST_SOUND_S = 2;
/** Share of a release's picture that must be in the frames before one may say that they are not of it. */
const LEAST_VISIBLE = 0.6;
/** Longest that comparing keeps others waiting. */
const SLICE_MS = 15;

/** Seconds of a track that are a release's. */
export interface Run {
  releaseId: string;
  startS: number;
  endS: number;
  /** Second of the release at which the run begins. */
  releaseStartS: number;
  /** See {@link FingerprintFinding}. */
  distance: number;
}

/** Releases that something else points to: compared even where a search would not find them. */
export interface Named {
  /** By the mark. */
  marks: readonly string[];
  /** By the credentials. */
  named: readonly string[];
}

/** What comparing one track gave. */
export interface Likeness {
  finding: FingerprintFinding;
  /** In order of time; they do not overlap. */
  runs: Run[];
}

type Track = 'picture' | 'sound';

const without = (track: Track, state: 'not_run' | 'unable', detail: string): Likeness => ({
  finding: { ...fingerprintNotRun(track), state, detail },
  runs: [],
});

const lengthOf = (runs: readonly Run[]) => runs.reduce((sum, { startS, endS }) => sum + endS - startS, 0);

/** A file against what is kept of releases. */
interface Comparison {
  compared: number;
  durationS: number;
  threshold: number;
  /** Releases in the order in which they may claim seconds. */
  candidates: { releaseId: string; compare: () => Promise<Run[]> | Run[] }[];
}

/** Each candidate claims what no one before it did; the one with most is told. */
async function claim(track: Track, { compared, durationS, threshold, candidates }: Comparison): Promise<Likeness> {
  const runs: Run[] = [];
  const claimed = new Map<string, Run[]>();
  for (const { releaseId, compare } of candidates) {
    const free = (await compare()).filter((one) => runs.every(({ startS, endS }) => one.startS >= endS - 0.5 || one.endS <= startS + 0.5)); // prettier-ignore
    if (free.length === 0) continue;
    runs.push(...free);
    claimed.set(releaseId, free);
  }
  const base = { ...fingerprintNotRun(track), threshold, compared };
  const [best] = [...claimed].sort((a, b) => lengthOf(b[1]) - lengthOf(a[1]));
  if (!best) return { finding: { ...base, state: 'none', share: 0 }, runs: [] };
  const [releaseId, own] = best;
  const distances = own.map(({ distance }) => distance).sort((a, b) => a - b);
  const share = Math.min(1, lengthOf(own) / Math.max(durationS, lengthOf(own)));
  const distance = distances[distances.length >> 1]!;
  const finding = { ...base, state: 'near' as const, releaseId, share, distance };
  return { finding, runs: runs.sort((a, b) => a.startS - b.startS) };
}

function pictureRuns(frames: readonly PrintFrame[], kept: PicturePrint, least: number): PictureRun[] {
  return comparePictures(frames, kept, NAMED_DISTANCE, Math.min(least, matchableFrames(kept.frames).length || 1));
}

const frameSum = (runs: readonly PictureRun[]) => runs.reduce((sum, { frames }) => sum + frames, 0);

/** The small frames of a file, put back to where they lie in a release; others have their turn meanwhile. */
async function putBack(
  { laid, size, frames }: NonNullable<TracedPictures['displaced']>,
  kept: PicturePrint,
): Promise<{ visible: number; frames: PrintFrame[] }> {
  const { visible, restore } = restoration(laid, size, kept);
  const back: PrintFrame[] = [];
  let since = performance.now();
  for (const frame of frames) {
    back.push(restore(frame));
    if (performance.now() - since < SLICE_MS) continue;
    await new Promise(setImmediate);
    since = performance.now();
  }
  return { visible, frames: back };
}

/** Compares the pictures as they are, mirrored, and where the mark shows how they lie, put back into their place. */
async function compareWays(
  { frames, displaced }: TracedPictures,
  kept: PicturePrint,
  named: boolean,
): Promise<{ runs: PictureRun[]; visible: number }> {
  const least = named ? LEAST_NAMED_FRAMES : LEAST_FRAMES;
  const mirrored = frames.map((frame) => ({ ...frame, hash: frame.mirrored }));
  const ways = [pictureRuns(frames, kept, least), pictureRuns(mirrored, kept, least)];
  let visible = 1;
  if (named && displaced && ways.every((runs) => runs.length === 0)) {
    const back = await putBack(displaced, kept);
    visible = back.visible;
    ways.push(pictureRuns(back.frames, kept, least));
  }
  return { runs: ways.reduce((a, b) => (frameSum(b) > frameSum(a) ? b : a)), visible };
}

async function likePictures(pictures: TracedPictures, { marks, named }: Named, source: PrintSource): Promise<Likeness> {
  const plain = matchableFrames(pictures.frames);
  if (plain.length === 0) return without('picture', 'not_run', 'The pictures are too plain to be compared.');
  let found = await source.searchPictures(plain);
  if (found.length === 0) found = await source.searchPictures(plain, true);
  const pointed = [...marks, ...named];
  const ids = [...new Set([...pointed, ...found])];
  const kept = await source.of(ids);
  let hidden = false;
  const candidates = ids.flatMap((releaseId) => {
    const print = kept.get(releaseId)?.picture;
    if (!print) return [];
    const compare = async () => {
      const { runs, visible } = await compareWays(pictures, print, pointed.includes(releaseId));
      if (runs.length === 0 && visible < LEAST_VISIBLE) hidden = true;
      return runs.map(({ frames: _, ...run }) => ({ releaseId, ...run }));
    };
    return [{ releaseId, compare }];
  });
  const compared = new Set(plain.map(({ timeMs }) => Math.floor(timeMs / 1000))).size;
  const scope = { compared, durationS: pictures.endS, threshold: NAMED_DISTANCE, candidates };
  const likeness = await claim('picture', scope);
  if (likeness.finding.state === 'near') return likeness;
  if (hidden) return without('picture', 'unable', 'Too little of the release’s picture is left to compare it.');
  const unkept = marks.filter((id) => !kept.get(id)?.picture);
  if (unkept.length) return without('picture', 'not_run', `No picture fingerprint is kept of ${unkept.join(', ')}.`);
  return likeness;
}

function soundRuns(track: SoundFingerprint, releaseId: string, print: SoundPrint): Run[] {
  return compareSound(track, new SoundIndex(print))
    .runs.filter(({ startS, endS }) => endS - startS >= LEAST_SOUND_S)
    .map(({ ber, ...run }) => ({ releaseId, ...run, distance: ber }));
}

async function likeSound(
  { endS, fingerprint }: { endS: number; fingerprint: SoundFingerprint },
  { marks, named }: Named,
  source: PrintSource,
): Promise<Likeness> {
  const { compared } = compareSound(
    fingerprint,
    new SoundIndex({ words: new Uint32Array(), usable: new Uint8Array() }),
  );
  if (compared < LEAST_SOUND_S) return without('sound', 'not_run', 'There is too little sound to compare.');
  const ids = [...new Set([...marks, ...named, ...source.searchSound(fingerprint)])];
  const kept = await source.of(ids);
  const candidates = ids.flatMap((releaseId) => {
    const print = kept.get(releaseId)?.sound;
    return print ? [{ releaseId, compare: () => soundRuns(fingerprint, releaseId, print) }] : [];
  });
  const { threshold } = fingerprintNotRun('sound');
  return claim('sound', { compared, durationS: endS, threshold, candidates });
}

/**
 * Compares a file with what is kept of all releases. Never throws: a comparison that fails is `unable`.
 * @param source null where there is no database
 * @param faultOf what the report, which is public, says of a fault
 */
export async function likenessOf(
  traced: Traced,
  named: Named,
  source: PrintSource | null,
  faultOf: (thrown: unknown) => string = shownMessage,
): Promise<{ picture: Likeness; sound: Likeness }> {
  const { picture, sound } = traced;
  if (!source) {
    const none = (track: Track) => without(track, 'not_run', 'The fingerprints of releases are not known here.');
    return { picture: none('picture'), sound: none('sound') };
  }
  const fault = await source.refresh().then(
    () => null,
    (e: unknown) => faultOf(e),
  );
  const track = async (name: Track, outcome: { ok: boolean; reason?: string }, compare: () => Promise<Likeness>) => {
    if (!outcome.ok) return without(name, 'unable', outcome.reason ?? 'The track could not be decoded.');
    if (fault !== null) return without(name, 'unable', fault);
    const likeness = await compare().catch((e: unknown) => without(name, 'unable', faultOf(e)));
    // What was not found may be among those.
    if (likeness.finding.state === 'none' && source.unread > 0)
      return without(name, 'unable', `${source.unread} stored fingerprints could not be read.`);
    return likeness;
  };
  return {
    picture: await track('picture', picture, () =>
      picture.ok ? likePictures(picture.value, named, source) : Promise.reject(new Error()),
    ),
    sound: await track('sound', sound, async () =>
      sound.ok && sound.value
        ? likeSound(sound.value, named, source)
        : without('sound', 'not_run', 'There is no sound.'),
    ),
  };
}
