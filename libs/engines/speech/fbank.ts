import { Fourier } from '#kernel';
import { RATE } from './types.js';

/** How log-mel features are taken, in Kaldi's terms. Lengths in milliseconds, frequencies in Hz. */
export interface FbankOptions {
  mels: number;
  frameMs: number;
  hopMs: number;
  window: 'povey' | 'hamming' | 'hann' | 'rectangular';
  preemphasis: number;
  /** Subtract each frame's mean first. */
  removeDc: boolean;
  lowHz: number;
  highHz: number;
  /** Full scale of a sample: 1, or 32768 for networks that were trained on 16-bit numbers. */
  scale: number;
  /** Subtract each feature's mean over the whole utterance. */
  meanNormalise: boolean;
}

/** Features of one utterance: `frames` rows of `mels` numbers. */
export interface Features {
  frames: number;
  mels: number;
  values: Float32Array;
}

/** The least energy whose logarithm is taken, as in Kaldi. */
const FLOOR = 1.1920929e-7;

const mel = (hz: number) => 1127 * Math.log(1 + hz / 700);

function windowOf(kind: FbankOptions['window'], length: number): Float64Array {
  return new Float64Array(length).map((_, i) => {
    const cosine = Math.cos((2 * Math.PI * i) / (length - 1));
    if (kind === 'hamming') return 0.54 - 0.46 * cosine;
    if (kind === 'rectangular') return 1;
    const hann = 0.5 - 0.5 * cosine;
    return kind === 'hann' ? hann : hann ** 0.85;
  });
}

/** Triangles that are even on the mel scale: for each, the first bin and its weights. */
function triangles({ mels, lowHz, highHz }: FbankOptions, size: number): { first: number; weights: Float64Array }[] {
  const [low, high] = [mel(lowHz), mel(highHz)];
  const step = (high - low) / (mels + 1);
  return Array.from({ length: mels }, (_, m) => {
    const [left, centre, right] = [low + m * step, low + (m + 1) * step, low + (m + 2) * step];
    const weights: number[] = [];
    let first = 0;
    for (let bin = 0; bin < size / 2; bin++) {
      const at = mel((bin * RATE) / size);
      if (at <= left || at >= right) continue;
      if (weights.length === 0) first = bin;
      weights.push(at <= centre ? (at - left) / (centre - left) : (right - at) / (right - centre));
    }
    return { first, weights: Float64Array.from(weights) };
  });
}

/** One frame made ready: without its mean, with its high frequencies raised, under the window. */
function prepare(frame: Float64Array, shape: Float64Array, { removeDc, preemphasis }: FbankOptions): void {
  if (removeDc) {
    const mean = frame.reduce((a, b) => a + b, 0) / frame.length;
    for (let i = 0; i < frame.length; i++) frame[i] = (frame[i] as number) - mean;
  }
  for (let i = frame.length - 1; i >= 0; i--) {
    const before = frame[Math.max(0, i - 1)] as number;
    frame[i] = ((frame[i] as number) - preemphasis * before) * (shape[i] as number);
  }
}

function subtractMeans({ frames, mels, values }: Features): void {
  for (let m = 0; m < mels; m++) {
    let sum = 0;
    for (let t = 0; t < frames; t++) sum += values[t * mels + m] as number;
    for (let t = 0; t < frames; t++) values[t * mels + m] = (values[t * mels + m] as number) - sum / frames;
  }
}

/**
 * Log-mel filter bank energies as Kaldi computes them (whole frames only, no dither, power spectrum).
 * @param samples 16 kHz mono, -1..1
 * @returns no frames when there is less than one frame of sound
 */
export function logMel(samples: Float32Array, options: FbankOptions): Features {
  const length = Math.round((options.frameMs * RATE) / 1000);
  const hop = Math.round((options.hopMs * RATE) / 1000);
  const size = 2 ** Math.ceil(Math.log2(length));
  const frames = samples.length < length ? 0 : 1 + Math.floor((samples.length - length) / hop);
  const { mels } = options;
  const shape = windowOf(options.window, length);
  const filters = triangles(options, size);
  const fourier = new Fourier(size);
  const features: Features = { frames, mels, values: new Float32Array(frames * mels) };
  const frame = new Float64Array(length);
  for (let t = 0; t < frames; t++) {
    for (let i = 0; i < length; i++) frame[i] = (samples[t * hop + i] as number) * options.scale;
    prepare(frame, shape, options);
    const re = new Float64Array(size);
    const im = new Float64Array(size);
    re.set(frame);
    fourier.transform(re, im);
    filters.forEach(({ first, weights }, m) => {
      const energy = weights.reduce(
        (sum, w, i) => sum + w * ((re[first + i] ?? 0) ** 2 + (im[first + i] ?? 0) ** 2),
        0,
      );
      features.values[t * mels + m] = Math.log(Math.max(FLOOR, energy));
    });
  }
  if (options.meanNormalise && frames > 0) subtractMeans(features);
  return features;
}
