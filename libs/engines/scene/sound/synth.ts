import { type Rng } from '../random.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { exp, floor, max, min, round, sin, sqrt } = Math;

/** Samples a second of every soundtrack. */
export const sampleRate = 48000;

/** Two channels that instruments add to. */
export interface Mix {
  left: Float32Array;
  right: Float32Array;
}

const tableSize = 4096;

/** One period of a sum of harmonics, with one guard sample. */
export function waveTable(harmonics: readonly number[]): Float32Array {
  const table = new Float32Array(tableSize + 1);
  for (let i = 0; i <= tableSize; i++) {
    harmonics.forEach((level, k) => {
      table[i] = (table[i] as number) + level * sin((2 * Math.PI * (k + 1) * i) / tableSize);
    });
  }
  return table;
}

const sine = waveTable([1]);

/** Sample of a table at `phase` in turns. */
export function lookUp(table: Float32Array, phase: number): number {
  const at = (phase - floor(phase)) * tableSize;
  const i = at | 0;
  const a = table[i] as number;
  return a + ((table[i + 1] as number) - a) * (at - i);
}

/** A tone: `pitch` in hertz may glide; `level` shapes it over its length. */
export interface Tone {
  start: number;
  seconds: number;
  /** Hertz at a fraction 0..1 of the tone. */
  pitch: (u: number) => number;
  /** Loudness at a fraction 0..1. */
  level: (u: number) => number;
  /** -1 left to 1 right. */
  pan: number;
  table?: Float32Array;
}

/** Adds a tone; pitch and level are taken every 32 samples. */
export function addTone(mix: Mix, tone: Tone): void {
  const table = tone.table ?? sine;
  const from = max(0, round(tone.start * sampleRate));
  const count = round(tone.seconds * sampleRate);
  const gainL = sqrt((1 - tone.pan) / 2);
  const gainR = sqrt((1 + tone.pan) / 2);
  let phase = 0;
  let level = tone.level(0);
  for (let i = 0; i < count && from + i < mix.left.length; i += 32) {
    const u = i / count;
    const step = tone.pitch(u) / sampleRate;
    const next = tone.level(min(1, (i + 32) / count));
    for (let k = 0; k < 32 && from + i + k < mix.left.length; k++) {
      const value = lookUp(table, phase) * (level + ((next - level) * k) / 32);
      mix.left[from + i + k] = (mix.left[from + i + k] as number) + value * gainL;
      mix.right[from + i + k] = (mix.right[from + i + k] as number) + value * gainR;
      phase += step;
    }
    level = next;
  }
}

/** Filtered noise: `low` and `high` are the corner frequencies in hertz, `level` its loudness at each second. */
export interface NoiseBed {
  low: number;
  high: number;
  level: (t: number) => number;
  start?: number;
  seconds?: number;
}

/** Adds a bed of noise, different in each channel. */
export function addNoise(mix: Mix, rng: Rng, bed: NoiseBed): void {
  const from = max(0, round((bed.start ?? 0) * sampleRate));
  const to = min(mix.left.length, bed.seconds === undefined ? mix.left.length : from + round(bed.seconds * sampleRate));
  const keepHigh = exp((-2 * Math.PI * bed.high) / sampleRate);
  const keepLow = exp((-2 * Math.PI * bed.low) / sampleRate);
  // One-pole low-passes lose power with their corner; this brings every bed to a like loudness.
  const gain = sqrt(sampleRate / 2 / max(200, bed.high - bed.low)) * 0.5;
  for (const channel of [mix.left, mix.right]) {
    let state = rng.uint32() | 1;
    let smooth = 0;
    let drift = 0;
    let level = 0;
    for (let i = from; i < to; i++) {
      if (((i - from) & 63) === 0) level = bed.level((i - from) / sampleRate) * gain;
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      const white = state / 2147483648;
      smooth = white + (smooth - white) * keepHigh;
      drift = smooth + (drift - smooth) * keepLow;
      channel[i] = (channel[i] as number) + (smooth - drift) * level;
    }
  }
}

/** Quick start, exponential end: a struck or plucked sound. */
export function struck(decay: number): (u: number) => number {
  return (u) => min(1, u * 60) * exp(-u * decay) * min(1, (1 - u) * 12);
}

/** Slow in, slow out. */
export function swell(u: number): number {
  return sin(Math.PI * u) ** 0.8;
}

/** Hertz of a MIDI note number. */
export function hertz(note: number): number {
  return 440 * 2 ** ((note - 69) / 12);
}
