import { rm } from 'node:fs/promises';

import { openClipWriter } from '#engines/media';

import { composeScene, drawOverlays, drawScene, viewAt, type Composition } from './compose.js';
import { SceneError } from './errors.js';
import { lightningTimes } from './overlay/effects.js';
import { Finisher } from './overlay/finish.js';
import { readPrompt, sceneRng } from './reader.js';
import { sampleRate } from './sound/synth.js';
import { soundtrack } from './sound/soundtrack.js';
import { stageOf } from './stage.js';
import { type RenderedScene, type RenderOptions, type SceneRequest } from './types.js';

/** Frames a second of every clip. */
const fps = 24;

function check(request: SceneRequest): void {
  const { seconds, width, height } = request;
  if (!Number.isFinite(seconds) || seconds < 1 || seconds > 60) {
    throw new SceneError('scene_bad_request', 'A scene lasts from 1 to 60 seconds.');
  }
  for (const side of [width, height]) {
    if (!Number.isInteger(side) || side < 64 || side > 4096 || side % 2 !== 0) {
      throw new SceneError('scene_bad_request', 'Width and height must be even numbers of pixels from 64 to 4096.');
    }
  }
}

/** Writes frames and sound side by side, so that the file interleaves them and memory stays flat. */
async function writeAll(
  path: string,
  request: SceneRequest,
  scene: Composition,
  sound: Float32Array,
  options: RenderOptions,
): Promise<number> {
  const { width, height, seconds } = request;
  const frames = Math.round(seconds * fps);
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
  const finisher = new Finisher(width, height, scene.stage.rng.fork('grain'));
  let closed = false;
  let heard = 0;
  try {
    for (let frame = 0; frame < frames; frame++) {
      options.signal?.throwIfAborted();
      const t = frame / fps;
      const seen = finisher.look(drawScene(scene, t), viewAt(scene, t));
      drawOverlays(scene, seen, t);
      await writer.writeRgb(finisher.develop(seen));
      const until = frame === frames - 1 ? sound.length : Math.round(((frame + 1) / fps) * sampleRate) * 2;
      await writer.writeAudio(sound.subarray(heard, until));
      heard = until;
      options.onProgress?.((frame + 1) / (frames + 1));
      // Pictures are drawn in one go; between two of them others get their turn.
      await new Promise((done) => setImmediate(done));
    }
    closed = true;
    await writer.close();
  } catch (thrown) {
    if (!closed) await writer.close().catch(() => undefined);
    throw thrown;
  }
  return frames;
}

/**
 * Draws a clip from a prompt: H.264 and AAC in MP4 at 24 frames a second, with synthesised sound. The same prompt,
 * seed, length, size and reference give the same bytes on the same machine.
 * @param outPath file to write, replaced if it exists; removed again when rendering fails or is aborted
 * @throws SceneError `scene_bad_request` for a length or size out of range, `scene_reference_unreadable` for a
 *   reference that does not decode; the signal's reason when aborted; MediaError from the encoder
 */
export async function renderScene(
  request: SceneRequest,
  outPath: string,
  options: RenderOptions = {},
): Promise<RenderedScene> {
  check(request);
  options.signal?.throwIfAborted();
  const description = readPrompt(request.prompt, request.seed);
  const rng = sceneRng(request.prompt, request.seed);
  const stage = stageOf(description, request.width, request.height, request.seconds, rng.fork('stage'));
  options.onProgress?.(0);
  try {
    const scene = await composeScene(stage, request.seconds, request.reference);
    const sound = soundtrack(description, rng.fork('sound'), request.seconds, lightningTimes(stage, request.seconds));
    const frames = await writeAll(outPath, request, scene, sound, options);
    options.onProgress?.(1);
    return { description, frames, fps };
  } catch (thrown) {
    await rm(outPath, { force: true });
    throw thrown;
  }
}
