import { Fourier } from '#kernel';
import { FingerprintError } from './errors.js';

/** Name and version of the fingerprinter of sound, as signals name their model. */
export const SOUND_FINGERPRINT_MODEL = { name: 'haitsma-kalker', version: '1', provider: 'js' } as const;

/** Samples a second that the fingerprinter takes, in Hz. */
export const SOUND_RATE = 5512;
/** Samples in a frame: 0.37 s. */
const FRAME = 2048;
/** Samples from a frame to the next: 1/32 of a frame, 11.6 ms. */
const HOP = 64;
/** Sub-fingerprints a second, 86.125. */
export const SOUND_STEPS_PER_S = SOUND_RATE / HOP;

const BANDS = 33;
const LOW_HZ = 300;
const HIGH_HZ = 2000;
/**
 * Quietest frame that is used: mean square of its sound between 300 and 2000 Hz, as a share of full scale (-60 dB).
 * Below it the bits are those of a codec's rounding, and silence would resemble silence.
 */
const QUIETEST = 1e-6;
/** Longest track that is listened to, in seconds; what comes later has no fingerprint. */
const MOST_SECONDS = 7200;

/** Fingerprint of a sound track: 32 bits every 11.6 ms. Step `n` stands for the 0.37 s from `n / 86.125` s on. */
export interface SoundFingerprint {
  algorithm: 'haitsma-kalker';
  /** The sub-fingerprints in order of time; the band with the lowest frequency is the highest bit. */
  words: Uint32Array;
  /** Of each sub-fingerprint, its three bits that are most easily wrong, the weakest first, as numbers 0..31. */
  weak: Uint8Array;
  /** Of each sub-fingerprint, 1 when it may be matched, 0 when its sound is silent or too quiet. */
  usable: Uint8Array;
}

/** Weak bits that are kept of each sub-fingerprint. */
export const WEAK_BITS = 3;

/** One track's fingerprint in the making. */
export interface SoundLook {
  /**
   * Takes the next samples: mono, 5512 Hz, full scale -1..1, without gaps. Their memory may be used again afterwards.
   * @throws FingerprintError `sound_malformed` when a sample is no finite number
   */
  hear(samples: Float32Array): void;
  finish(): SoundFingerprint;
}

/** Takes fingerprints of sound tracks. */
export interface SoundFingerprinter {
  begin(): SoundLook;
}

const WINDOW = Float64Array.from({ length: FRAME }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / FRAME));
/** First bin of each band, and the one after the last. */
const EDGES = Array.from({ length: BANDS + 1 }, (_, i) =>
  Math.round((LOW_HZ * (HIGH_HZ / LOW_HZ) ** (i / BANDS) * FRAME) / SOUND_RATE),
);
/** From the sum of a windowed frame's squared bins on one side to its mean square: Parseval, and 3/8 for the window. */
const MEAN_SQUARE = 2 / (FRAME * FRAME * (3 / 8));

const HALF = FRAME / 2;
const COS = Float64Array.from({ length: HALF }, (_, i) => Math.cos((2 * Math.PI * i) / FRAME));
const SIN = Float64Array.from({ length: HALF }, (_, i) => -Math.sin((2 * Math.PI * i) / FRAME));
const FOURIER = new Fourier(HALF);

/** Squared size of bin k (1..1023) of a frame, from the transform of its even and odd samples. */
function binEnergy(re: Float64Array, im: Float64Array, k: number): number {
  const [zr, zi] = [re[k] as number, im[k] as number];
  const [yr, yi] = [re[HALF - k] as number, im[HALF - k] as number];
  const [oddR, oddI] = [(zi + yi) / 2, (yr - zr) / 2];
  const [c, s] = [COS[k] as number, SIN[k] as number];
  const r = (zr + yr) / 2 + oddR * c - oddI * s;
  const i = (zi - yi) / 2 + oddR * s + oddI * c;
  return r * r + i * i;
}

class Track implements SoundLook {
  private readonly held = new Float32Array(FRAME);
  private filled = 0;
  private readonly re = new Float64Array(HALF);
  private readonly im = new Float64Array(HALF);
  private before: Float64Array | null = null;
  private readonly words: number[] = [];
  private readonly weak: number[] = [];
  private readonly usable: number[] = [];

  hear(samples: Float32Array): void {
    for (const sample of samples) {
      if (!Number.isFinite(sample)) {
        throw new FingerprintError('sound_malformed', 'A sample of the sound is not a finite number.');
      }
      this.held[this.filled++] = sample;
      if (this.filled < FRAME) continue;
      if (this.words.length < MOST_SECONDS * SOUND_STEPS_PER_S) this.step();
      this.held.copyWithin(0, HOP);
      this.filled = FRAME - HOP;
    }
  }

  finish(): SoundFingerprint {
    return {
      algorithm: 'haitsma-kalker',
      words: Uint32Array.from(this.words),
      weak: Uint8Array.from(this.weak),
      usable: Uint8Array.from(this.usable),
    };
  }

  /** Energy of each band of the frame that is held. */
  private bands(): Float64Array {
    const { re, im, held } = this;
    // Even samples as real and odd ones as imaginary parts: a transform of half the size.
    for (let i = 0; i < HALF; i++) {
      re[i] = held[2 * i]! * WINDOW[2 * i]!;
      im[i] = held[2 * i + 1]! * WINDOW[2 * i + 1]!;
    }
    FOURIER.transform(re, im);
    return Float64Array.from({ length: BANDS }, (_, band) => {
      let sum = 0;
      for (let k = EDGES[band] as number; k < (EDGES[band + 1] as number); k++) sum += binEnergy(re, im, k);
      return sum;
    });
  }

  /** Bit m: whether the difference of bands m and m + 1 grew since the frame before (section 4.2 of the paper). */
  private step(): void {
    const now = this.bands();
    const { before } = this;
    this.before = now;
    if (before === null) return;
    let word = 0;
    const sizes: number[] = [];
    for (let m = 0; m < BANDS - 1; m++) {
      const grown = now[m]! - now[m + 1]! - (before[m]! - before[m + 1]!);
      word = (word << 1) | (grown > 0 ? 1 : 0);
      sizes.push(Math.abs(grown));
    }
    const order = sizes.map((_, m) => m).sort((a, b) => (sizes[a] as number) - (sizes[b] as number));
    const energy = now.reduce((sum, band) => sum + band, 0) * MEAN_SQUARE;
    this.words.push(word >>> 0);
    this.weak.push(...order.slice(0, WEAK_BITS).map((m) => 31 - m));
    this.usable.push(energy >= QUIETEST ? 1 : 0);
  }
}

/**
 * Fingerprints of sound after Haitsma and Kalker, "A Highly Robust Audio Fingerprinting System", ISMIR 2002: frames
 * of 0.37 s that overlap by 31/32, 33 bands from 300 to 2000 Hz in even steps of pitch, the sign of the difference of
 * neighbouring bands' energies in time. The first frame gives no bits, having none before it.
 */
export function createSoundFingerprinter(): SoundFingerprinter {
  return { begin: () => new Track() };
}
