import { drawSprite, fade, newBitmap, over, relight, type Bitmap } from '../bitmap.js';
import { hsl, parseHex, type Rgb } from '../colour.js';
import { rasterIcon } from '../raster.js';
import { type Rng } from '../random.js';
import { type Stage } from '../stage.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { abs, ceil, cos, exp, floor, hypot, imul, max, round, sin } = Math;

/** Something that falls, rises or glitters; drawn as a function of time alone, so any frame can be drawn first. */
export type Particles = (target: Bitmap, t: number) => void;

/** A round dot that fades outwards. */
function dot(radius: number, colour: Rgb, core: number): Bitmap {
  const size = ceil(radius * 2) + 3;
  const bitmap = newBitmap(size, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const d = hypot(x + 0.5 - size / 2, y + 0.5 - size / 2) / radius;
      const strength = d >= 1 ? 0 : d < core ? 1 : ((1 - d) / (1 - core)) ** 2;
      const a = round(strength * 255);
      const c = colour.map((v) => round((v * a) / 255));
      bitmap.px[y * size + x] = (a << 24) | ((c[2] as number) << 16) | ((c[1] as number) << 8) | (c[0] as number) | 0;
    }
  }
  return bitmap;
}

const at = (x: number, y: number, scale: number, opacity: number, angle = 0) => ({
  x,
  y,
  scaleX: scale,
  scaleY: scale,
  angle,
  opacity,
});
const wrap = (value: number, size: number) => ((value % size) + size) % size;

/** Slanting streaks. */
export function rain(stage: Stage, rng: Rng, heavy: boolean): Particles {
  const { width, height } = stage;
  const count = round(((width * height) / 3600) * (heavy ? 1.5 : 0.9));
  const slant = heavy ? 0.34 : 0.16;
  const drops = Array.from({ length: count }, () => ({
    x: rng.range(0, width),
    y: rng.range(0, height),
    z: rng.range(0.45, 1),
  }));
  return (target, t) => {
    for (const drop of drops) {
      const speed = height * 1.5 * drop.z;
      const y0 = wrap(drop.y + speed * t, height * 1.15) - height * 0.15;
      const x0 = wrap(drop.x - slant * speed * t, width * 1.2) - width * 0.1;
      const long = height * 0.045 * drop.z;
      const s = fade(0xffe8e0d8, round(60 + 60 * drop.z));
      for (let k = 0; k < long; k++) {
        const y = floor(y0 + k);
        const x = floor(x0 - slant * k);
        if (y < 0 || y >= height || x < 0 || x >= width) continue;
        const p = y * width + x;
        target.px[p] = over(s, target.px[p] as number);
      }
    }
  };
}

export function snow(stage: Stage, rng: Rng): Particles {
  const { width, height, unit } = stage;
  const white = dot(unit * 0.035, parseHex(stage.shade('#ffffff')), 0.35);
  const count = round((width * height) / 4200);
  const flakes = Array.from({ length: count }, () => ({
    x: rng.range(0, width),
    y: rng.range(0, height),
    z: rng.next(),
    phase: rng.range(0, 6.28),
  }));
  return (target, t) => {
    for (const flake of flakes) {
      const y = wrap(flake.y + height * (0.07 + 0.13 * flake.z) * t, height * 1.06) - height * 0.03;
      const x = wrap(flake.x + sin(t * 0.9 + flake.phase) * unit * 0.12 - unit * 0.12 * t, width);
      drawSprite(target, white, at(x, y, 0.25 + 0.75 * flake.z ** 2, 0.55 + 0.4 * flake.z));
    }
  };
}

/** Stars that twinkle over the painted ones. */
export function twinkle(stage: Stage, rng: Rng): Particles {
  const star = dot(stage.unit * 0.022, [255, 250, 235], 0.15);
  const lowest = stage.scene.place === 'space' ? stage.height : stage.horizon * 0.75;
  const stars = Array.from({ length: 42 }, () => ({
    x: rng.range(0, stage.width),
    y: rng.range(0, lowest),
    phase: rng.range(0, 6.28),
    rate: rng.range(1.5, 4),
    size: rng.range(0.5, 1.2),
  }));
  return (target, t) => {
    for (const s of stars) drawSprite(target, star, at(s.x, s.y, s.size, 0.45 + 0.45 * sin(t * s.rate + s.phase)));
  };
}

/** Lights that wander: fireflies at night, dust in daylight, sparks in an abstract scene. */
export function motes(stage: Stage, rng: Rng, colour: string, count: number, size: number): Particles {
  const glow = dot(stage.unit * size, parseHex(colour), 0.12);
  const list = Array.from({ length: count }, () => ({
    x: rng.range(0, stage.width),
    y: rng.range(stage.height * 0.3, stage.height * 0.95),
    a: rng.range(0.1, 0.35),
    b: rng.range(0.1, 0.4),
    phase: rng.range(0, 6.28),
    size: rng.range(0.4, 1),
  }));
  return (target, t) => {
    for (const m of list) {
      const x = m.x + sin(t * m.a * 6 + m.phase) * stage.unit * 0.3;
      const y = m.y + cos(t * m.b * 5 + m.phase * 2) * stage.unit * 0.2 - t * stage.unit * 0.02;
      drawSprite(target, glow, at(x, y, m.size, 0.5 + 0.5 * sin(t * 2.2 + m.phase * 3)));
    }
  };
}

export function bubbles(stage: Stage, rng: Rng): Particles {
  const size = ceil(stage.unit * 0.12);
  const ring = newBitmap(size, size);
  for (let y = 0; y < size; y++) {
    for (let x = 0; x < size; x++) {
      const d = hypot(x + 0.5 - size / 2, y + 0.5 - size / 2) / (size / 2 - 1);
      const shine = hypot(x - size * 0.34, y - size * 0.32) < size * 0.1 ? 200 : 0;
      const a = d > 1 ? 0 : max(shine, round(30 + 150 * d ** 6));
      ring.px[y * size + x] = imul(a, 0x01010101) | 0;
    }
  }
  const list = Array.from({ length: 34 }, () => ({
    x: rng.range(0, stage.width),
    y: rng.range(0, stage.height),
    rate: rng.range(0.06, 0.16),
    size: rng.range(0.25, 1),
    phase: rng.range(0, 6.28),
  }));
  return (target, t) => {
    for (const b of list) {
      const y = stage.height * 1.05 - wrap(b.y + stage.height * b.rate * t, stage.height * 1.1);
      drawSprite(target, ring, at(b.x + sin(t * 1.7 + b.phase) * stage.unit * 0.07, y, b.size, 0.85));
    }
  };
}

/** Sprites that tumble down (leaves, confetti) or drift up (hearts). */
export async function drift(
  stage: Stage,
  rng: Rng,
  icons: readonly string[],
  count: number,
  size: number,
  up: boolean,
): Promise<Particles> {
  const sprites = await Promise.all(icons.map((icon) => rasterIcon(icon, round(stage.unit * size))));
  for (const sprite of sprites) relight(sprite, parseHex(stage.palette.ambient), [0, 0, 0], 0);
  const list = Array.from({ length: count }, () => ({
    sprite: rng.pick(sprites),
    x: rng.range(0, stage.width),
    y: rng.range(0, stage.height),
    z: rng.range(0.5, 1),
    phase: rng.range(0, 6.28),
    spin: rng.range(-1.6, 1.6),
  }));
  return (target, t) => {
    for (const p of list) {
      const fallen = wrap(p.y + stage.height * 0.16 * p.z * t, stage.height * 1.15) - stage.height * 0.07;
      const x =
        wrap(p.x + sin(t * 1.3 + p.phase) * stage.unit * 0.3 + (up ? 0 : t * stage.unit * 0.18), stage.width * 1.1) -
        stage.width * 0.05;
      drawSprite(
        target,
        p.sprite,
        at(x, up ? stage.height - fallen : fallen, p.z, 0.9, up ? sin(t + p.phase) * 0.25 : t * p.spin + p.phase),
      );
    }
  };
}

export function confetti(stage: Stage, rng: Rng): Particles {
  const chips = Array.from({ length: 7 }, (_, i) => {
    const [r, g, b] = parseHex(hsl(i * 51, 0.85, 0.6));
    const chip = newBitmap(ceil(stage.unit * 0.06), ceil(stage.unit * 0.035));
    chip.px.fill(((255 << 24) | (b << 16) | (g << 8) | r) >>> 0);
    return chip;
  });
  const list = Array.from({ length: 90 }, () => ({
    chip: rng.pick(chips),
    x: rng.range(0, stage.width),
    y: rng.range(0, stage.height),
    z: rng.range(0.5, 1),
    phase: rng.range(0, 6.28),
    spin: rng.range(-4, 4),
  }));
  return (target, t) => {
    for (const c of list) {
      const y = wrap(c.y + stage.height * 0.22 * c.z * t, stage.height * 1.1) - stage.height * 0.05;
      const flip = cos(t * 5 + c.phase);
      drawSprite(target, c.chip, {
        x: c.x + sin(t * 1.6 + c.phase) * stage.unit * 0.15,
        y,
        scaleX: c.z,
        scaleY: c.z * (abs(flip) < 0.15 ? 0.15 : flip),
        angle: c.spin * t + c.phase,
        opacity: 0.95,
      });
    }
  };
}

/** Rockets that burst into falling sparks. */
export function fireworks(stage: Stage, rng: Rng, seconds: number): Particles {
  const shows = Array.from({ length: ceil(seconds * 2.2) + 2 }, (_, i) => ({
    start: (i / 2.2) * rng.range(0.85, 1.1) - 0.7,
    x: rng.range(0.12, 0.88) * stage.width,
    y: rng.range(0.12, 0.42) * stage.height,
    spark: dot(stage.unit * 0.05, parseHex(hsl(rng.range(0, 360), 0.95, 0.68)), 0.22),
    reach: stage.unit * rng.range(0.9, 1.6),
    turn: rng.range(0, 6.28),
  }));
  return (target, t) => {
    for (const show of shows) {
      const age = t - show.start;
      if (age < 0 || age > 2.4) continue;
      if (age < 0.6) {
        drawSprite(target, show.spark, at(show.x, show.y + (1 - age / 0.6) * stage.height * 0.4, 0.9, 0.9));
        continue;
      }
      const burst = age - 0.6;
      const out = show.reach * (1 - exp(-burst * 2.6));
      for (let k = 0; k < 54; k++) {
        const ring = k % 3 === 0 ? 0.55 : k % 3 === 1 ? 0.8 : 1;
        const a = (k / 54) * 6.2832 + show.turn;
        const opacity = max(0, 1 - burst / 1.7) * (0.75 + 0.25 * sin(burst * 30 + k));
        drawSprite(
          target,
          show.spark,
          at(
            show.x + cos(a) * out * ring,
            show.y + sin(a) * out * ring + burst * burst * stage.unit * 0.28,
            1.1 - burst * 0.3,
            opacity,
          ),
        );
      }
    }
  };
}

export function shootingStars(stage: Stage, rng: Rng, seconds: number): Particles {
  const head = dot(stage.unit * 0.03, [255, 252, 240], 0.3);
  const list = Array.from({ length: ceil(seconds) + 1 }, (_, i) => ({
    start: i + rng.range(-0.5, 0.3),
    x: rng.range(0.2, 1) * stage.width,
    y: rng.range(0.03, 0.3) * stage.height,
    length: rng.range(0.25, 0.45) * stage.width,
  }));
  return (target, t) => {
    for (const star of list) {
      const age = (t - star.start) / 0.9;
      if (age < 0 || age > 1) continue;
      for (let k = 0; k < 26; k++) {
        const back = age - k * 0.012;
        if (back < 0) break;
        drawSprite(
          target,
          head,
          at(
            star.x - back * star.length,
            star.y + back * star.length * 0.45,
            1 - k / 30,
            (1 - k / 26) * sin(age * Math.PI),
          ),
        );
      }
    }
  };
}
