import { type Rng } from '../random.js';
import { type Mood } from '../types.js';
import { addTone, hertz, struck, waveTable, type Mix } from './synth.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { max, min, sin } = Math;

interface Harmony {
  /** Chords as semitones above the key note. */
  chords: readonly (readonly number[])[];
  /** Notes a melody may take. */
  scale: readonly number[];
  key: number;
  /** Melody notes a second. */
  pace: number;
  pad: number;
  bell: number;
}

const harmonies: Record<Mood, Harmony> = {
  calm: {
    chords: [
      [0, 4, 7, 11],
      [9, 12, 16, 19],
      [5, 9, 12, 16],
      [7, 11, 14, 17],
    ],
    scale: [0, 2, 4, 7, 9, 12, 14],
    key: 53,
    pace: 1,
    pad: 0.1,
    bell: 0.05,
  },
  joyful: {
    chords: [
      [0, 4, 7, 12],
      [7, 11, 14, 19],
      [9, 12, 16, 21],
      [5, 9, 12, 17],
    ],
    scale: [0, 2, 4, 7, 9, 12, 16, 19],
    key: 55,
    pace: 3,
    pad: 0.075,
    bell: 0.085,
  },
  tense: {
    chords: [
      [0, 3, 6, 10],
      [1, 5, 8, 13],
      [0, 3, 7, 10],
      [-1, 3, 6, 11],
    ],
    scale: [0, 1, 3, 6, 7, 8, 12],
    key: 45,
    pace: 0.7,
    pad: 0.12,
    bell: 0.03,
  },
  sad: {
    chords: [
      [0, 3, 7, 14],
      [8, 12, 15, 19],
      [3, 7, 10, 15],
      [10, 14, 17, 21],
    ],
    scale: [0, 2, 3, 7, 8, 12, 14],
    key: 50,
    pace: 0.8,
    pad: 0.11,
    bell: 0.05,
  },
  epic: {
    chords: [
      [0, 7, 12, 15],
      [8, 15, 20, 24],
      [3, 10, 15, 19],
      [10, 17, 22, 26],
    ],
    scale: [0, 3, 7, 10, 12, 15],
    key: 43,
    pace: 1.5,
    pad: 0.13,
    bell: 0.04,
  },
  mysterious: {
    chords: [
      [0, 3, 7, 11],
      [2, 6, 9, 13],
      [0, 5, 8, 12],
      [-2, 3, 6, 10],
    ],
    scale: [0, 2, 3, 6, 7, 11, 12, 14],
    key: 48,
    pace: 1.2,
    pad: 0.1,
    bell: 0.05,
  },
};

const warm = waveTable([1, 0.42, 0.2, 0.12, 0.05]);
const glass = waveTable([1, 0.02, 0.3, 0, 0.12, 0, 0.05]);

/** Chords that melt into one another, with sparse bell notes from the mood's scale. */
export function addMusic(mix: Mix, rng: Rng, mood: Mood, seconds: number): void {
  const harmony = harmonies[mood];
  const key = harmony.key + rng.int(-2, 3);
  const length = mood === 'joyful' ? 2.4 : 3.6;
  const first = rng.int(0, 3);
  for (let c = 0; c * length < seconds + length; c++) {
    const chord = harmony.chords[(first + c) % harmony.chords.length] as readonly number[];
    for (const [v, interval] of chord.entries()) {
      for (const side of [-1, 1]) {
        const tune = 1 + side * 0.0017 * (v + 1) * 0.5;
        addTone(mix, {
          start: (c - 0.5) * length,
          seconds: length * 2,
          pitch: () => hertz(key + interval) * tune,
          level: (u) => harmony.pad * 0.5 * sin(Math.PI * u) ** 2,
          pan: side * 0.6,
          table: warm,
        });
      }
    }
  }
  let step = rng.int(0, harmony.scale.length - 1);
  for (let t = 0.3; t < seconds; t += (rng.chance(0.7) ? 1 : 2) / harmony.pace) {
    step = max(0, min(harmony.scale.length - 1, step + rng.int(-2, 2)));
    if (rng.chance(0.25)) continue;
    const pitch = hertz(key + 12 + (harmony.scale[step] as number));
    addTone(mix, {
      start: t,
      seconds: 1.6,
      pitch: () => pitch,
      level: (u) => harmony.bell * struck(6)(u),
      pan: rng.range(-0.5, 0.5),
      table: glass,
    });
  }
}
