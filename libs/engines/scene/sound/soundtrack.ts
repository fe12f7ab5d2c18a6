import { type Rng } from '../random.js';
import { type SceneDescription } from '../types.js';
import { addAmbience } from './ambience.js';
import { addMusic } from './music.js';
import { sampleRate, type Mix } from './synth.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { abs, max, min, round } = Math;

/**
 * The sound of a scene: pad and bells by mood, weather, place, steps and engines.
 * @param flashes seconds at which lightning is seen
 * @returns interleaved stereo samples within -0.9..0.9, 48 kHz, exactly `seconds` long
 */
export function soundtrack(
  scene: SceneDescription,
  rng: Rng,
  seconds: number,
  flashes: readonly number[],
): Float32Array {
  const count = round(seconds * sampleRate);
  const mix: Mix = { left: new Float32Array(count), right: new Float32Array(count) };
  addMusic(mix, rng.fork('music'), scene.mood, seconds);
  addAmbience(mix, rng.fork('ambience'), scene, seconds, flashes);
  const out = new Float32Array(count * 2);
  const edge = min(0.25, seconds / 8) * sampleRate;
  for (let i = 0; i < count; i++) {
    const gain = min(1, (i + 1) / edge, (count - i) / edge) * 1.5;
    out[2 * i] = soft((mix.left[i] as number) * gain);
    out[2 * i + 1] = soft((mix.right[i] as number) * gain);
  }
  return out;
}

/** Bends loud peaks instead of cutting them; the result stays within 0.9. */
function soft(x: number): number {
  return (0.9 * x) / (0.9 + abs(x) * 0.6 + max(0, abs(x) - 0.9));
}
