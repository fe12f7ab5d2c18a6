import { shownMessage } from '#kernel';
import type { FaceSighting, ModelRef, ScreenText, Signal, VideoFingerprint } from '#contracts';
import { encodeTemplate, faceSignals, unableFaces, type FaceTrack } from '#engines/faces';
import { chosenProvider } from '#engines/inference';
import { denseFrames, watchClip, type AudioBlock, type WatchedFrame, type WatchSummary } from '#engines/media';
import { screenSignals, unableScreenText } from '#engines/ocr';
import type { SpeechSegments } from '#engines/speech';
import { aggregateNsfw, unableNsfw } from '#engines/vision';
import type { Looked } from '../tasks.js';
import { integritySignals, unablePart } from '../words.js';
import { detectors } from './detectors.js';
import { hotSpans, watchNudity, type NudityLook } from './nudity.js';
import { Part, type Outcome } from './part.js';
import { moments, StillKeeper } from './stills.js';

/** Full frames on their way at a time: one is decoded while one is looked at. */
const IN_FLIGHT = 2;
/** Frames looked at anew around doubtful ones, at most. */
const MOST_DENSE = 240;
/** Longer side of the frames that detectors get, in pixels. */
const FRAME_SIDE = 1920;
/** Width of the small luma, in pixels: at 16:9 as high as the 120 lines that motion is read from. */
const LUMA_WIDTH = 214;

/** Everything that looks at the sampled frames of one clip. */
function watchers() {
  const faces = async () => {
    const look = (await detectors.faces.get()).begin();
    return {
      look: (frame: WatchedFrame) => look.look(frame, frame.newShot),
      finish: () => look.finish(),
    };
  };
  const texts = async () => {
    const look = (await detectors.texts.get()).begin();
    return {
      look: (frame: WatchedFrame) => look.look(frame),
      finish: async () => ({ texts: await look.finish(), leftUnread: look.leftUnread }),
    };
  };
  return {
    nudity: new Part<WatchedFrame, NudityLook>('nudity', async () => watchNudity(await detectors.nsfw.get())),
    faces: new Part<WatchedFrame, FaceTrack[]>('faces', faces),
    texts: new Part<WatchedFrame, { texts: ScreenText[]; leftUnread: number }>('texts', texts),
    objects: new Part<WatchedFrame, Signal[]>('objects', async () => (await detectors.objects.get()).begin()),
    fingerprint: new Part<WatchedFrame, VideoFingerprint>('fingerprint', async () =>
      (await detectors.fingerprint.get()).begin(),
    ),
    stills: new Part<WatchedFrame, StillKeeper>('stills', async () => new StillKeeper()),
    ...(detectors.zeroShot && {
      zeroShot: new Part<WatchedFrame, Signal[]>('zeroShot', async () => (await detectors.zeroShot!.get()).begin()),
    }),
  };
}

type Watchers = ReturnType<typeof watchers>;

/** Where the operator has no image encoder. */
const NOTHING: Outcome<Signal[]> = { ok: true, value: [] };

/** The pass over the clip; every part goes at its own pace, and decoding waits for the slowest. */
async function pass(path: string, eyes: Watchers, ears: Part<AudioBlock, SpeechSegments>, signal: AbortSignal) {
  let moving: Outcome<Signal[]> | undefined;
  const fight = await detectors.fight.get().then(
    (detector) => detector.begin(),
    (e: unknown) => ((moving = { ok: false, reason: shownMessage(e) }), undefined),
  );
  const pending: Promise<unknown>[] = [];
  const summary = await watchClip(
    path,
    { maxSide: FRAME_SIDE, lumaWidth: LUMA_WIDTH, signal },
    {
      onFrame: async (frame) => {
        pending.push(Promise.all(Object.values(eyes).map((part) => part.push(frame))));
        if (pending.length >= IN_FLIGHT) await pending.shift();
      },
      onLuma: (luma, cut) => {
        if (moving || !fight) return;
        try {
          fight.push(luma, cut);
        } catch (e) {
          moving = { ok: false, reason: shownMessage(e) };
        }
      },
      // Not awaited: sound comes in small blocks, and pictures must not wait for it.
      onAudio: (block) => void ears.push(block),
    },
  );
  await Promise.all(pending);
  try {
    moving ??= { ok: true, value: fight?.finish() ?? [] };
  } catch (e) {
    moving = { ok: false, reason: shownMessage(e) };
  }
  return { summary, moving };
}

/** Nudity over time; around doubtful frames every frame is looked at. */
async function nuditySignals(
  path: string,
  found: Outcome<NudityLook>,
  { timeline }: WatchSummary,
  signal: AbortSignal,
): Promise<Signal[]> {
  if (!found.ok) return unableNsfw(found.reason);
  const { scored, detector } = found.value;
  const spans = hotSpans(scored);
  const seen = new Set(scored.map(({ timeS }) => timeS));
  try {
    if (spans.length) {
      const options = { maxSide: FRAME_SIDE, maxFrames: MOST_DENSE, timeline, signal };
      for await (const frame of denseFrames(path, spans, options)) {
        if (seen.has(frame.timeS)) continue;
        const [scores] = await detector.score([frame]);
        scored.push({ timeS: frame.timeS, scores: scores! });
      }
    }
  } catch (e) {
    return unableNsfw(shownMessage(e), detector.model);
  }
  return aggregateNsfw(scored, detector.model);
}

function or<R>(outcome: Outcome<R>, value: R): R {
  return outcome.ok ? outcome.value : value;
}

/** Findings of the parts, each with its own `unable` when it failed. */
function findings(found: {
  faces: Outcome<FaceTrack[]>;
  texts: Outcome<{ texts: ScreenText[]; leftUnread: number }>;
  objects: Outcome<Signal[]>;
  moving: Outcome<Signal[]>;
  fingerprint: Outcome<VideoFingerprint>;
  zeroShot: Outcome<Signal[]>;
}): Signal[] {
  const { faces, texts, objects, moving, fingerprint, zeroShot } = found;
  const frames = { category: 'violence', source: 'frames' } as const;
  const unread = texts.ok && texts.value.leftUnread > 0;
  const why = `${unread ? texts.value.leftUnread : 0} lines of text were left unread: there are more than may be read.`;
  return [
    ...(faces.ok ? faceSignals(faces.value) : unableFaces(faces.reason)),
    ...(texts.ok ? screenSignals(texts.value.texts) : unableScreenText(texts.reason)),
    ...(unread ? unableScreenText(why) : []),
    ...or(objects, objects.ok ? [] : [unablePart('vision.objects.blade', frames, objects.reason)]),
    ...or(moving, moving.ok ? [] : [unablePart('vision.motion.fight', { ...frames, shadow: true }, moving.reason)]),
    ...or(zeroShot, zeroShot.ok ? [] : [unablePart('vision.zeroshot', frames, zeroShot.reason)]),
    ...(fingerprint.ok
      ? []
      : [unablePart('fingerprint.video', { category: 'other', source: 'fingerprint' }, fingerprint.reason)]),
  ];
}

async function modelsOf(signals: readonly Signal[]): Promise<ModelRef[]> {
  const loaded = await Promise.allSettled([detectors.faces.get(), detectors.texts.get()]);
  const own = loaded.flatMap((one) => (one.status === 'fulfilled' ? one.value.models : []));
  const all = [...own, ...signals.map(({ model }) => model)];
  return [...new Map(all.map((model) => [`${model.name} ${model.version}`, model])).values()];
}

/** A sound track that could not be decoded, or not whole, is no silence. */
function speechOf({ sound }: WatchSummary, found: Outcome<SpeechSegments>): Looked['speech'] {
  if (sound.state === 'none') return null;
  if (sound.state !== 'decoded') return { failed: sound.reason ?? 'the sound track could not be decoded.' };
  return found.ok ? found.value : { failed: found.reason };
}

const sighting = ({ template: _, ...rest }: FaceTrack): FaceSighting => rest;

/**
 * Looks at and listens to a finished clip, in one decoding pass with nothing on disk. Detectors that fail are `unable`.
 * @param images most frames to give back for a remote moderator
 * @throws MediaError when the clip cannot be decoded; the signal's reason
 */
export async function lookAtClip(path: string, images: number, signal: AbortSignal): Promise<Looked> {
  const started = performance.now();
  const eyes = watchers();
  const ears = new Part<AudioBlock, SpeechSegments>('speech', async () => {
    const look = (await detectors.speech.get()).begin();
    return { look: (block) => look.push(block), finish: () => look.finish() };
  });
  const { summary, moving } = await pass(path, eyes, ears, signal);
  const watchedMs = Math.round(performance.now() - started);
  const [nudity, faces, texts, objects, fingerprint, keeper, spoken, zeroShot] = await Promise.all([
    eyes.nudity.finish(),
    eyes.faces.finish(),
    eyes.texts.finish(),
    eyes.objects.finish(),
    eyes.fingerprint.finish(),
    eyes.stills.finish(),
    ears.finish(),
    eyes.zeroShot?.finish() ?? NOTHING,
  ]);
  const signals = [
    ...(await nuditySignals(path, nudity, summary, signal)),
    ...findings({ faces, texts, objects, moving, fingerprint, zeroShot }),
    ...integritySignals(summary),
  ];
  const tracks = or(faces, []);
  const read = or(texts, { texts: [], leftUnread: 0 }).texts;
  const times = moments(signals, tracks, read, summary.durationS);
  const parts = [...Object.values(eyes), ears];
  return {
    info: summary.info,
    frames: summary.sampledFrames,
    durationS: summary.durationS,
    signals,
    texts: read,
    faces: tracks.map(sighting),
    templates: tracks.flatMap(({ id, template }) => (template ? [{ face: id, bytes: encodeTemplate(template) }] : [])),
    fingerprint: or(fingerprint, { algorithm: 'vpdq', hashes: [] }),
    speech: speechOf(summary, spoken),
    stills: keeper.ok ? await keeper.value.stills(times) : [],
    images: keeper.ok && images ? keeper.value.images(times, images) : [],
    provider: (await chosenProvider()).provider,
    models: await modelsOf(signals),
    timings: {
      ...Object.fromEntries(parts.map((part) => [part.name, part.ms])),
      watch: watchedMs,
      all: Math.round(performance.now() - started),
    },
  };
}
