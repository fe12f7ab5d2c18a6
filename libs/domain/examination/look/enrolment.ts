import { encodeTemplate, isTemplate, type FaceObservation, type FaceTemplate, type FaceTrack } from '#engines/faces';
import { createLivenessReader } from '#engines/liveness';
import { makeJpeg, watchClip, type AudioBlock, type WatchedFrame } from '#engines/media';
import { warp, type PixelFrame } from '#engines/pixels';
import type { SpeechSegments, VoiceEmbedding } from '#engines/speech';
import type { EnrolmentLook } from '../tasks.js';
import { detectors } from './detectors.js';
import { Part, type Outcome } from './part.js';

/** Frames a second that movements are read from, and the share of them that text and whole faces are looked for in. */
const PER_SECOND = 10;
const EVERY_S = 0.5;
/** A challenge at the calm pace takes 47 s. */
const LIMITS = { maxDurationS: 90, maxFrames: 6000 };
const FRAME_SIDE = 1280;
/** Side of the portrait in heights of the face, and at most, in pixels. */
const PORTRAIT_FACES = 2.1;
const PORTRAIT_SIDE = 768;

/** A mirror image turned round: what is written can be read again, and left is left. */
function unmirrored(frame: WatchedFrame): WatchedFrame {
  const { width, height, rgb } = frame;
  const turned = new Uint8Array(rgb.length);
  for (let y = 0, to = 0; y < height; y++) {
    for (let x = width - 1; x >= 0; x--, to += 3) {
      const from = 3 * (y * width + x);
      turned[to] = rgb[from] as number;
      turned[to + 1] = rgb[from + 1] as number;
      turned[to + 2] = rgb[from + 2] as number;
    }
  }
  return { ...frame, rgb: turned };
}

/** The head with some room around it, square, without what lies outside the picture. */
function cutOut(frame: PixelFrame, { box }: FaceObservation): PixelFrame {
  const side = Math.min(PORTRAIT_FACES * Math.max(box.width, box.height), frame.width, frame.height);
  const within = (middle: number, most: number) => Math.min(Math.max(0, middle - side / 2), most - side);
  const [tx, ty] = [within(box.x + box.width / 2, frame.width), within(box.y + box.height / 2, frame.height)];
  const size = Math.round(Math.min(side, PORTRAIT_SIDE));
  const scale = side / size;
  return warp(frame, { a: scale, b: 0, tx, c: 0, d: scale, ty }, size, size);
}

/** How well a view shows who somebody is: large, straight, surely a face. */
function worth({ widthPx, pose, score }: FaceObservation): number {
  const turned = pose ? Math.hypot(pose.yaw, pose.pitch) : 90;
  return widthPx * score * Math.cos((Math.PI * Math.min(turned, 90)) / 180);
}

/** Everything that looks at the frames. */
async function eyes() {
  const analyser = await detectors.faces.get();
  let best: { worth: number; picture: PixelFrame } | null = null;
  const liveness = createLivenessReader<FaceObservation, FaceTemplate>(analyser, async (frame, face) => {
    const found = await analyser.embed(frame, face);
    if (!isTemplate(found)) return null;
    if (worth(face) > (best?.worth ?? 0)) best = { worth: worth(face), picture: cutOut(frame, face) };
    return found;
  }).begin();
  const faces = analyser.begin();
  const texts = new Part<PixelFrame, string[]>('texts', async () => {
    const look = (await detectors.texts.get()).begin();
    return { look: (frame) => look.look(frame), finish: async () => (await look.finish()).map(({ text }) => text) };
  });
  let next = 0;
  return {
    async look(frame: WatchedFrame) {
      await liveness.look(frame);
      if (frame.timeS < next && !frame.newShot) return;
      next = frame.timeS + EVERY_S - 0.01;
      await faces.look(frame, frame.newShot);
      await texts.push(frame);
    },
    finish: async () => ({
      reading: liveness.finish(),
      tracks: await faces.finish(),
      texts: await texts.finish(),
      portrait: (best as { picture: PixelFrame } | null)?.picture ?? null,
    }),
  };
}

/** The one who is seen most, and the youngest that anybody in the recording looks. */
function personOf(tracks: readonly FaceTrack[]): EnrolmentLook['face'] {
  const [longest] = tracks.filter(({ template }) => template).sort((a, b) => b.frames - a.frames);
  if (!longest?.template) return null;
  const under18 = Math.max(...tracks.map(({ age }) => age?.under18 ?? 0));
  return { model: longest.template.model, template: encodeTemplate(longest.template), under18 };
}

async function voiceOf(found: Outcome<SpeechSegments>): Promise<EnrolmentLook['voice']> {
  if (!detectors.speaker || !found.ok) return null;
  try {
    const speaker = await detectors.speaker.get();
    const parts = found.value.segments.flatMap(({ samples }) => (samples ? [samples] : []));
    const joined = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    parts.reduce((at, part) => (joined.set(part, at), at + part.length), 0);
    const measured: VoiceEmbedding = await speaker.embedVoice(joined);
    if (measured.state === 'unable' || !speaker.model) return null;
    const { name, version } = speaker.model;
    return { model: `${name}@${version}`, template: new Uint8Array(Float32Array.from(measured.embedding).buffer) };
  } catch {
    return null; // The face is what somebody is recognised by; a voice is kept where it can be.
  }
}

/**
 * Looks at the recording of somebody who enrols.
 * @throws MediaError when it cannot be decoded; what the face networks throw; the signal's reason
 */
export async function lookAtEnrolment(path: string, mirrored: boolean, signal: AbortSignal): Promise<EnrolmentLook> {
  const watching = await eyes();
  const cuts: number[] = [];
  const ears = new Part<AudioBlock, SpeechSegments>('speech', async () => {
    const look = (await detectors.speech.get()).begin();
    return { look: (block) => look.push(block), finish: () => look.finish() };
  });
  const { durationS, complete, sound } = await watchClip(
    path,
    {
      perSecond: PER_SECOND,
      maxSide: FRAME_SIDE,
      maxFrames: LIMITS.maxDurationS * (PER_SECOND + 2),
      limits: LIMITS,
      signal,
    },
    {
      onFrame: (frame) => watching.look(mirrored ? unmirrored(frame) : frame),
      onLuma: ({ timeS }, cut) => void (cut && cuts.push(timeS)),
      onAudio: (block) => void ears.push(block),
    },
  );
  const [{ reading, tracks, texts, portrait }, heard] = await Promise.all([watching.finish(), ears.finish()]);
  const { observations, views } = reading;
  return {
    durationS,
    complete,
    observations,
    views: views.map(({ timeS, template }) => ({ timeS, template: encodeTemplate(template) })),
    cuts,
    texts: texts.ok ? texts.value : null,
    speech: sound.state === 'decoded' && heard.ok ? heard.value : null,
    face: personOf(tracks),
    faceUnable: tracks.find(({ state }) => state === 'unable')?.reason ?? null,
    portrait: portrait && (await makeJpeg(portrait, PORTRAIT_SIDE)),
    voice: await voiceOf(heard),
  };
}
