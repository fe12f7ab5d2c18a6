import { decodeAudio, sampleFrames } from '#engines/media';
import { SceneError } from './errors.js';
import { sampleRate } from './sound/synth.js';

/** Frames a second of every clip. */
export const fps = 24;

/** More than any clip has: every frame is given. */
const EVERY_FRAME = 240;

/**
 * The pictures of a clip at {@link fps} frames a second, `count` of them: the last one stays when the clip is shorter.
 * Each is packed RGB; the receiver owns it.
 * @throws SceneError `scene_source_unusable` for pictures of another size; MediaError for what cannot be read
 */
export async function* footage(path: string, width: number, height: number, count: number): AsyncGenerator<Uint8Array> {
  let shown: Uint8Array | undefined;
  let given = 0;
  for await (const frame of sampleFrames(path, { perSecond: EVERY_FRAME, sceneChanges: false })) {
    if (frame.width !== width || frame.height !== height) {
      throw new SceneError('scene_source_unusable', `The clip to change must have ${width} x ${height} pixels.`);
    }
    for (; shown && given < count && given / fps < frame.timeS - 1e-3; given++) yield shown.slice();
    shown = frame.rgb;
    if (given === count) return;
  }
  for (; shown && given < count; given++) yield shown.slice();
}

/** The sound of a clip: interleaved stereo at 48 kHz, exactly `seconds` long; silence where it has none. */
export async function soundOf(path: string, seconds: number): Promise<Float32Array> {
  const sound = new Float32Array(Math.round(seconds * sampleRate) * 2);
  for await (const { timeS, samples } of decodeAudio(path, { sampleRate, channels: 2 })) {
    const at = Math.max(0, Math.round(timeS * sampleRate)) * 2;
    if (at < sound.length) sound.set(samples.subarray(0, sound.length - at), at);
  }
  return sound;
}
