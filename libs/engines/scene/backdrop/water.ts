import { mixHex } from '../colour.js';
import { n } from '../raster.js';
import { type Sheet, type Stage } from '../stage.js';
import { paintedSheet, plant, scattered } from './decor.js';
import { tufts, verticalGradient, waveStrip } from './paint.js';

/** Still water from the horizon down, with glints under the sun. */
export function waterSheet(stage: Stage, colour: string, bottom = 1): Promise<Sheet> {
  const rng = stage.rng.fork('water');
  const top = stage.horizon / stage.height;
  const far = mixHex(stage.shade(mixHex(colour, '#ffffff', 0.2), 0.25), stage.palette.skyLow, 0.45);
  const near = stage.shade(mixHex(colour, '#04233f', 0.3));
  return paintedSheet(
    stage,
    { top, bottom, depth: 0.25 },
    (w, h) => {
      const glints: string[] = [];
      for (let i = 0; i < 150; i++) {
        const t = rng.next() ** 1.6;
        const spread = stage.sun.radius * (0.7 + t * 4);
        const x = stage.sun.x + rng.range(-1, 1) * spread + stage.pan * 0.1;
        const wide = stage.unit * rng.range(0.04, 0.22) * (0.4 + t);
        glints.push(
          `<rect x="${n(x - wide / 2)}" y="${n(t * h)}" width="${n(wide)}" height="${n(1 + t * stage.unit * 0.016)}" rx="1" fill="${stage.palette.light}" opacity="${n(rng.range(0.12, 0.5) * (1 - t * 0.6))}"/>`,
        );
      }
      for (let i = 0; i < 130; i++) {
        const t = rng.next();
        const wide = stage.unit * rng.range(0.1, 0.5) * (0.3 + t);
        const tone = rng.chance(0.5) ? '#ffffff' : '#062a49';
        glints.push(
          `<rect x="${n(rng.range(0, w))}" y="${n(t * h)}" width="${n(wide)}" height="${n(1 + t * 2)}" rx="1" fill="${tone}" opacity="0.1"/>`,
        );
      }
      return `<defs>${verticalGradient('s', [far, mixHex(far, near, 0.55), near])}</defs><rect width="${n(w)}" height="${n(h)}" fill="url(#s)"/>${glints.join('')}`;
    },
    { broad: 8, fine: 3, stretch: 6 },
  );
}

/** Rolling waves at several depths; those after `behind` are drawn over the cast. */
export async function waveSheets(
  stage: Stage,
  colour: string,
  rows: readonly number[],
  behind: number,
): Promise<Sheet[]> {
  const sheets: Sheet[] = [];
  for (const [i, row] of rows.entries()) {
    const rng = stage.rng.fork(`wave${i}`);
    const t = i / Math.max(1, rows.length - 1);
    const crest = stage.shade(mixHex(colour, '#ffffff', 0.22 - t * 0.1), 0.16 * (1 - t));
    const body = stage.shade(mixHex(colour, '#04213c', 0.2 + t * 0.24));
    const storm = stage.scene.weather === 'storm' ? 2 : 1;
    const sway = {
      x: stage.unit * 0.16 * storm * (0.6 + t),
      y: stage.unit * 0.02 * storm,
      hz: 0.16 + 0.05 * rng.next(),
      phase: rng.next(),
    };
    const bottom = i === rows.length - 1 ? 1.03 : (rows[i + 1] as number) + 0.1;
    sheets.push(
      await paintedSheet(
        stage,
        { top: row, bottom, depth: 0.6 + t * 0.7, front: i >= behind, sway },
        (w, h) =>
          waveStrip(rng, w, h, { crest, body, foam: stage.shade('#f2fbff', 0.1) }, 5 - t * 2 + (w / stage.unit) * 0.35),
        { broad: 9, fine: 3, stretch: 5 },
      ),
    );
  }
  return sheets;
}

/** Wet sand and foam where a beach meets the sea. */
export function shoreSheet(stage: Stage, top: number): Promise<Sheet> {
  const rng = stage.rng.fork('shore');
  const sand = stage.scene.palette.ground;
  return paintedSheet(
    stage,
    { top, bottom: 1, depth: 1 },
    (w, h) => {
      const wave = (lift: number) => {
        const points = Array.from(
          { length: 41 },
          (_, i) =>
            [
              (i / 40) * w,
              h * (0.1 + lift + 0.03 * Math.sin((i / 40) * 9 + lift * 40) + 0.015 * Math.sin(i * 1.3)),
            ] as const,
        );
        return `M0 ${n(h)}${points.map(([x, y]) => `L${n(x)} ${n(y)}`).join('')}L${n(w)} ${n(h)}Z`;
      };
      return (
        `<defs>${verticalGradient('b', [mixHex(sand, '#ffffff', 0.12), sand, mixHex(sand, stage.shade('#6b4a22'), 0.3)])}</defs>` +
        `<path d="${wave(-0.05)}" fill="${stage.shade('#f4fbff', 0.05)}" opacity="0.85"/><path d="${wave(-0.02)}" fill="${mixHex(sand, stage.shade('#5d4a33'), 0.32)}"/><path d="${wave(0.08)}" fill="url(#b)"/>`
      );
    },
    { broad: 8, fine: 8, stretch: 3 },
    async (bitmap) => {
      const foot = scattered(rng.fork('rows'), bitmap.height * 0.35, bitmap.height * 0.95);
      await plant(bitmap, stage, rng.fork('shells'), {
        icons: ['spiral-shell', 'rock', 'oyster'],
        count: 4,
        size: [0.07, 0.13],
        foot,
        shadow: true,
      });
    },
  );
}

/** Shafts of light and weeds under water. */
export async function underwaterSheets(stage: Stage): Promise<Sheet[]> {
  const rng = stage.rng.fork('deep');
  const rays = await paintedSheet(
    stage,
    { top: 0, bottom: 0.95, depth: 0.2, sway: { x: stage.unit * 0.15, y: 0, hz: 0.07, phase: 0 } },
    (w, h) => {
      const shafts = Array.from({ length: 7 }, (_, i) => {
        const x = ((i + rng.range(0, 1)) * w) / 7;
        const wide = stage.unit * rng.range(0.15, 0.6);
        const lean = h * 0.28;
        return `<path d="M${n(x)} 0h${n(wide)}L${n(x + wide * 1.9 - lean)} ${n(h)}H${n(x - wide * 0.6 - lean)}Z" fill="url(#y)" opacity="${n(rng.range(0.25, 0.6))}"/>`;
      });
      return `<defs><linearGradient id="y" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${stage.palette.light}" stop-opacity="0.38"/><stop offset="1" stop-color="${stage.palette.light}" stop-opacity="0"/></linearGradient></defs>${shafts.join('')}`;
    },
    { broad: 0, fine: 0 },
  );
  const weeds = [stage.shade('#2d8f6a', 0.2), stage.shade('#1f7a5e', 0.15), stage.shade('#4aa36b', 0.2)];
  const garden = await paintedSheet(
    stage,
    { top: 0.62, bottom: 0.86, depth: 0.7, sway: { x: 5, y: 0, hz: 0.2, phase: 0.3 } },
    (w, h) => tufts(rng, w, h, weeds, Math.round((14 * w) / stage.width)),
    { broad: 8, fine: 2 },
  );
  return [rays, garden];
}
