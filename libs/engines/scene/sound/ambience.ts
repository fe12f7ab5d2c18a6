import { type Rng } from '../random.js';
import { type Motion, type SceneDescription } from '../types.js';
import { addNoise, addTone, struck, swell, waveTable, type Mix } from './synth.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { exp, min, sin } = Math;

const saw = waveTable([1, 0.5, 0.33, 0.25, 0.2, 0.17, 0.14]);
const slow = (t: number, hz: number, phase: number) => 0.5 + 0.5 * sin(2 * Math.PI * hz * t + phase);

/** Bird calls: short glides in groups. */
function birds(mix: Mix, rng: Rng, seconds: number): void {
  for (let t = rng.range(0.1, 0.8); t < seconds; t += rng.range(0.7, 2.2)) {
    const base = rng.range(2300, 4300);
    const pan = rng.range(-0.8, 0.8);
    const notes = rng.int(2, 5);
    const rise = rng.range(-900, 1100);
    for (let k = 0; k < notes; k++) {
      addTone(mix, {
        start: t + k * 0.13,
        seconds: 0.11,
        pitch: (u) => base + rise * u + 240 * sin(u * 25),
        level: (u) => 0.035 * swell(u),
        pan,
      });
    }
  }
}

function crickets(mix: Mix, rng: Rng, seconds: number): void {
  for (let voice = 0; voice < 3; voice++) {
    const pitch = rng.range(3900, 4900);
    const rate = rng.range(1.4, 2.2);
    const pan = voice * 0.8 - 0.8;
    for (let t = rng.range(0, 0.5); t < seconds; t += 1 / rate) {
      addTone(mix, {
        start: t,
        seconds: 0.24,
        pitch: () => pitch,
        level: (u) => 0.014 * swell(u) * (0.5 + 0.5 * sin(2 * Math.PI * 7 * u)),
        pan,
      });
    }
  }
}

function waterBubbles(mix: Mix, rng: Rng, seconds: number): void {
  for (let t = rng.range(0, 0.5); t < seconds; t += rng.range(0.12, 0.7)) {
    const low = rng.range(260, 700);
    addTone(mix, {
      start: t,
      seconds: 0.1,
      pitch: (u) => low * (1 + 1.2 * u),
      level: (u) => 0.05 * swell(u),
      pan: rng.range(-0.7, 0.7),
    });
  }
}

function weatherSound(mix: Mix, scene: SceneDescription, rng: Rng, seconds: number, flashes: readonly number[]): void {
  const indoors = scene.place === 'room';
  const phase = rng.range(0, 6.28);
  if (scene.weather === 'rain' || scene.weather === 'storm') {
    const loud = (scene.weather === 'storm' ? 0.085 : 0.06) * (indoors ? 0.35 : 1);
    addNoise(mix, rng.fork('rain'), {
      low: indoors ? 200 : 1200,
      high: indoors ? 2500 : 9000,
      level: (t) => loud * (0.85 + 0.15 * slow(t, 0.3, phase)),
    });
    for (let t = 0; t < seconds; t += rng.range(0.01, 0.07))
      addTone(mix, {
        start: t,
        seconds: 0.018,
        pitch: (u) => 2600 - 1200 * u,
        level: (u) => loud * 0.18 * struck(5)(u),
        pan: rng.range(-0.9, 0.9),
      });
  }
  if (
    ['wind', 'storm', 'snow', 'fog'].includes(scene.weather) ||
    ['mountains', 'desert', 'snowfield', 'sky'].includes(scene.place)
  ) {
    const loud = scene.weather === 'wind' || scene.weather === 'storm' ? 0.09 : 0.04;
    addNoise(mix, rng.fork('wind'), {
      low: 120,
      high: 700,
      level: (t) => loud * (0.25 + 0.75 * slow(t, 0.17, phase) * slow(t, 0.07, 1 + phase)),
    });
  }
  for (const flash of flashes) {
    const delay = rng.range(0.25, 0.6);
    addNoise(mix, rng.fork(`thunder${flash}`), {
      low: 20,
      high: 190,
      start: flash + delay,
      seconds: 3,
      level: (t) => 0.34 * min(1, t * 25) * exp(-t * 1.5) * (0.7 + 0.3 * sin(t * 19)),
    });
  }
}

function placeSound(mix: Mix, scene: SceneDescription, rng: Rng, seconds: number): void {
  const { place, time } = scene;
  const phase = rng.range(0, 6.28);
  const dry = !['rain', 'storm', 'snow'].includes(scene.weather);
  if (place === 'sea' || place === 'beach')
    addNoise(mix, rng.fork('sea'), {
      low: 90,
      high: 1500,
      level: (t) => 0.085 * (0.2 + 0.8 * slow(t, 0.14, phase) ** 2),
    });
  if (place === 'lake')
    addNoise(mix, rng.fork('lake'), { low: 250, high: 1400, level: (t) => 0.03 * (0.5 + 0.5 * slow(t, 0.4, phase)) });
  if (place === 'underwater') {
    addNoise(mix, rng.fork('deep'), { low: 30, high: 260, level: (t) => 0.09 * (0.7 + 0.3 * slow(t, 0.1, phase)) });
    waterBubbles(mix, rng.fork('bubbles'), seconds);
  }
  if (place === 'city' || place === 'street')
    addNoise(mix, rng.fork('town'), { low: 40, high: 420, level: (t) => 0.06 * (0.7 + 0.3 * slow(t, 0.12, phase)) });
  if (place === 'stadium')
    addNoise(mix, rng.fork('crowd'), { low: 380, high: 1300, level: (t) => 0.06 * (0.5 + 0.5 * slow(t, 0.21, phase)) });
  if (place === 'space')
    for (const pitch of [55, 82.6, 110.4])
      addTone(mix, { start: 0, seconds, pitch: () => pitch, level: () => 0.05, pan: (pitch - 82) / 60, table: saw });
  if (place === 'room')
    for (let t = 0.4; t < seconds; t += 1)
      addTone(mix, { start: t, seconds: 0.03, pitch: () => 1900, level: (u) => 0.018 * struck(7)(u), pan: 0.4 });
  const green = ['meadow', 'forest', 'park', 'village', 'lake', 'savanna', 'mountains'].includes(place);
  if (green && dry && time !== 'night') birds(mix, rng.fork('birds'), seconds);
  if (green && dry && (time === 'night' || time === 'dusk')) crickets(mix, rng.fork('crickets'), seconds);
  addNoise(mix, rng.fork('air'), { low: 60, high: 2500, level: () => 0.006 });
}

function steps(mix: Mix, rng: Rng, seconds: number, rate: number, loud: number): void {
  for (let t = 0.15; t < seconds; t += 1 / rate) {
    const pan = rng.range(-0.25, 0.25);
    addTone(mix, { start: t, seconds: 0.09, pitch: (u) => 130 - 60 * u, level: (u) => loud * struck(6)(u), pan });
    addNoise(mix, rng.fork(`step${t}`), {
      low: 300,
      high: 1800,
      start: t,
      seconds: 0.07,
      level: (s) => loud * 0.25 * exp(-s * 60),
    });
  }
}

function engine(mix: Mix, rng: Rng, seconds: number, pitch: number, loud: number): void {
  const phase = rng.range(0, 6.28);
  for (const side of [-0.5, 0.5])
    addTone(mix, {
      start: 0,
      seconds,
      pitch: (u) => pitch * (1 + side * 0.008) * (1 + 0.05 * sin(2 * Math.PI * 0.2 * u * seconds + phase)),
      level: () => loud,
      pan: side,
      table: saw,
    });
  addNoise(mix, rng.fork('exhaust'), { low: 40, high: 300, level: () => loud * 0.9 });
}

const paces: Partial<Record<Motion, number>> = { walk: 2.1, run: 5.8, jump: 0.91, dance: 2 };
const engines: Partial<Record<string, [number, number]>> = { road: [62, 0.035], air: [95, 0.035] };

/** Steps, hops and engines of the leading subjects. */
function castSound(mix: Mix, scene: SceneDescription, rng: Rng, seconds: number): void {
  for (const [i, subject] of scene.subjects.slice(0, 2).entries()) {
    const mine = rng.fork(`subject${i}`);
    const motor = engines[subject.kind];
    const silent = /bicycle|skateboard|kite|balloon|parachute|satellite|saucer|sled|scooter$|cart/.test(subject.icon);
    if (motor !== undefined && !silent) engine(mix, mine, seconds, motor[0] * mine.range(0.9, 1.15), motor[1]);
    const pace = paces[subject.motion];
    const feet =
      ['animal', 'person', 'head', 'ball'].includes(subject.kind) &&
      scene.place !== 'underwater' &&
      scene.place !== 'space';
    if (pace !== undefined && feet)
      steps(mix, mine, seconds, subject.kind === 'ball' ? 1 : pace, subject.kind === 'ball' ? 0.14 : 0.05);
  }
}

function fireworkSound(mix: Mix, rng: Rng, seconds: number): void {
  for (let t = rng.range(0.2, 0.5); t < seconds; t += rng.range(0.35, 0.8)) {
    addNoise(mix, rng.fork(`boom${t}`), {
      low: 30,
      high: 380,
      start: t,
      seconds: 1.1,
      level: (s) => 0.26 * exp(-s * 5),
    });
    for (let k = 0; k < 14; k++)
      addTone(mix, {
        start: t + 0.15 + rng.range(0, 0.9),
        seconds: 0.012,
        pitch: () => rng.range(2500, 6000),
        level: (u) => 0.03 * struck(5)(u),
        pan: rng.range(-0.8, 0.8),
      });
  }
}

/** Everything that is heard and is not music. */
export function addAmbience(
  mix: Mix,
  rng: Rng,
  scene: SceneDescription,
  seconds: number,
  flashes: readonly number[],
): void {
  weatherSound(mix, scene, rng.fork('weather'), seconds, flashes);
  placeSound(mix, scene, rng.fork('place'), seconds);
  castSound(mix, scene, rng.fork('cast'), seconds);
  if (scene.effects.includes('fireworks')) fireworkSound(mix, rng.fork('fireworks'), seconds);
}
