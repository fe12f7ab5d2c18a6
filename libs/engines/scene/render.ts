import { rm } from 'node:fs/promises';

import { openClipWriter } from '#engines/media';

import { composeScene, drawOverlays, drawScene, viewAt } from './compose.js';
import { crossfade, retouchOf } from './edit.js';
import { SceneError } from './errors.js';
import { footage, fps, soundOf } from './footage.js';
import { lightningTimes } from './overlay/effects.js';
import { Finisher } from './overlay/finish.js';
import { readPrompt, sceneRng } from './reader.js';
import { sampleRate } from './sound/synth.js';
import { soundtrack } from './sound/soundtrack.js';
import { stageOf } from './stage.js';
import {
  type RenderedScene,
  type RenderOptions,
  type SceneDescription,
  type SceneRequest,
  type SceneSource,
} from './types.js';

function check(request: SceneRequest): void {
  const { seconds, width, height, source } = request;
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > 60) {
    throw new SceneError('scene_bad_request', 'A scene lasts from 1 to 60 seconds.');
  }
  if (source?.how === 'edit' && request.portraits?.length) {
    throw new SceneError('scene_bad_request', 'An edit adds no person: remix the video, or ask for a new one.');
  }
  if (source?.how === 'extension' && !(seconds >= source.seconds + 1)) {
    throw new SceneError('scene_bad_request', 'An extension adds a second at least.');
  }
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 64 || side > 4096 || side % 2 !== 0) {
      throw new SceneError('scene_bad_request', 'Width and height must be even numbers of pixels from 64 to 4096.');
    }
  }
}

/** Pictures in order, and the sound that goes with them. */
interface Reel {
  /** Packed RGB; each is valid until the next is asked for. */
  pictures: AsyncIterable<Uint8Array>;
  count: number;
  /** Interleaved stereo, 48 kHz. */
  sound: Float32Array;
}

/** Writes frames and sound side by side, so that the file interleaves them and memory stays flat. */
async function writeAll(path: string, request: SceneRequest, reel: Reel, options: RenderOptions): Promise<number> {
  const { width, height } = request;
  const { pictures, count, sound } = reel;
  // Superfast leaves out macroblock-tree rate control, whose AVX-512 code in x264 does not repeat itself exactly.
  const writer = await openClipWriter(path, {
    width,
    height,
    fps,
    audio: { sampleRate, channels: 2 },
    crf: 22,
    preset: 'superfast',
    threads: 2,
  });
  let closed = false;
  let heard = 0;
  let frame = 0;
  try {
    for await (const picture of pictures) {
      options.signal?.throwIfAborted();
      await writer.writeRgb(picture);
      const until = frame === count - 1 ? sound.length : Math.round(((frame + 1) / fps) * sampleRate) * 2;
      await writer.writeAudio(sound.subarray(heard, until));
      heard = until;
      frame++;
      options.onProgress?.(frame / (count + 1));
      // Pictures are drawn in one go; between two of them others get their turn.
      await new Promise((done) => setImmediate(done));
    }
    closed = true;
    await writer.close();
  } catch (thrown) {
    if (!closed) await writer.close().catch(() => undefined);
    throw thrown;
  }
  return frame;
}

/** The scene of the prompt, `seconds` long. */
async function sceneReel(request: SceneRequest, seconds: number, description: SceneDescription): Promise<Reel> {
  const rng = sceneRng(request.prompt, request.seed);
  const stage = stageOf(description, request.width, request.height, seconds, rng.fork('stage'));
  const { portraits = [], reference } = request;
  const scene = await composeScene(stage, seconds, [...portraits, ...(reference ? [reference] : [])]);
  const sound = soundtrack(description, rng.fork('sound'), seconds, lightningTimes(stage, seconds));
  const count = Math.round(seconds * fps);
  const finisher = new Finisher(request.width, request.height, stage.rng.fork('grain'));
  async function* pictures() {
    for (let frame = 0; frame < count; frame++) {
      const t = frame / fps;
      const seen = finisher.look(drawScene(scene, t), viewAt(scene, t));
      drawOverlays(scene, seen, t);
      yield finisher.develop(seen);
    }
  }
  return { pictures: pictures(), count, sound };
}

/** The clip itself, each picture changed. */
async function editReel(request: SceneRequest, source: SceneSource): Promise<Reel> {
  const { width, height, seconds, seed } = request;
  const count = Math.round(seconds * fps);
  const retouch = await retouchOf(source.change, seed, { width, height, seconds });
  async function* pictures() {
    let frame = 0;
    for await (const picture of footage(source.path, width, height, count)) {
      retouch(picture, frame++ / fps);
      yield picture;
    }
  }
  return { pictures: pictures(), count, sound: await soundOf(source.path, seconds) };
}

/** The clip, and then the scene of the prompt, into which its last picture turns. */
async function extensionReel(request: SceneRequest, source: SceneSource, description: SceneDescription): Promise<Reel> {
  const { width, height, seconds } = request;
  const first = Math.round(source.seconds * fps);
  const more = await sceneReel(request, seconds - source.seconds, description);
  const before = await soundOf(source.path, source.seconds);
  const sound = new Float32Array(before.length + more.sound.length);
  sound.set(before);
  sound.set(more.sound, before.length);
  async function* pictures() {
    let last: Uint8Array | undefined;
    for await (const picture of footage(source.path, width, height, first)) yield (last = picture);
    let after = 0;
    for await (const picture of more.pictures) {
      if (last) crossfade(last, picture, after++);
      yield picture;
    }
  }
  return { pictures: pictures(), count: first + more.count, sound };
}

function reelOf(request: SceneRequest, description: SceneDescription): Promise<Reel> {
  const { source, seconds } = request;
  if (!source) return sceneReel(request, seconds, description);
  return source.how === 'edit' ? editReel(request, source) : extensionReel(request, source, description);
}

/**
 * Draws a clip from a prompt: H.264 and AAC in MP4 at 24 frames a second, with synthesised sound. The same prompt,
 * seed, length, size, reference and source give the same bytes on the same machine.
 * @param outPath file to write, replaced if it exists; removed again when rendering fails or is aborted
 * @throws SceneError `scene_bad_request` for a length or size out of range, `scene_reference_unreadable` for a
 *   reference that does not decode, `scene_source_unusable` for a source of another size,
 *   `scene_change_not_understood`; the signal's reason when aborted; MediaError from the source and the encoder
 */
export async function renderScene(
  request: SceneRequest,
  outPath: string,
  options: RenderOptions = {},
): Promise<RenderedScene> {
  check(request);
  options.signal?.throwIfAborted();
  const description = readPrompt(request.prompt, request.seed);
  options.onProgress?.(0);
  try {
    const frames = await writeAll(outPath, request, await reelOf(request, description), options);
    options.onProgress?.(1);
    return { description, frames, fps };
  } catch (thrown) {
    await rm(outPath, { force: true });
    throw thrown;
  }
}
