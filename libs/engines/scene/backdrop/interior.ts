import { hsl, mixHex } from '../colour.js';
import { type Rng } from '../random.js';
import { n } from '../raster.js';
import { type Sheet, type Stage } from '../stage.js';
import { paintedSheet, plant } from './decor.js';
import { treeSheet } from './land.js';
import { verticalGradient } from './paint.js';

interface Decor {
  rng: Rng;
  hue: number;
  /** A daylight colour under the lamp of the room. */
  lamp: (colour: string) => string;
}

/** A room: papered wall with a window on the weather outside, planks, a rug and some furniture. */
export async function roomSheets(stage: Stage): Promise<Sheet[]> {
  const rng = stage.rng.fork('room');
  const night = stage.scene.time === 'night';
  const lamp = (colour: string) => (night ? mixHex(stage.shade(colour), colour, 0.45) : stage.shade(colour));
  const decor = { rng, lamp, hue: rng.pick([18, 40, 95, 165, 205, 260, 340] as const) };
  const furniture = {
    icons: ['couch-and-lamp', 'potted-plant', 'chair', 'books', 'potted-plant'],
    count: 3,
    size: [0.6, 0.85] as const,
    haze: 0,
    depth: 1,
    foot: stage.horizon / stage.height + 0.05,
  };
  const sheets = [await wallSheet(stage, decor), await floorSheet(stage, decor), await treeSheet(stage, furniture)];
  const laid = stage.scene.subjects.some(({ kind }) => kind === 'food' || kind === 'object');
  return laid ? [...sheets, await tableSheet(stage, decor)] : sheets;
}

/** Rows between which things stand on the table, as fractions of the height. */
export const tableTop = { far: 0.775, near: 0.82 } as const;

/** A long table under whatever is eaten or used. */
function tableSheet(stage: Stage, { rng, lamp }: Decor): Promise<Sheet> {
  const wood = lamp(rng.pick(['#8a5a34', '#a06a3c', '#7a4a2c', '#d9cdb8'] as const));
  const [rim, leg] = [mixHex(wood, '#1c0d04', 0.35), mixHex(wood, '#1c0d04', 0.5)];
  return paintedSheet(
    stage,
    { top: 0.74, bottom: 1, depth: 1 },
    (w, h) => {
      const [x0, x1] = [w * 0.06, w * 0.94];
      const slope = stage.unit * 0.22;
      const legs = [x0 + slope * 0.4, x1 - slope * 0.4 - stage.unit * 0.14].map(
        (x) => `<rect x="${n(x)}" y="${n(h * 0.4)}" width="${n(stage.unit * 0.14)}" height="${n(h)}" fill="${leg}"/>`,
      );
      const shade = `<rect x="${n(x0 + slope)}" y="${n(h * 0.44)}" width="${n(x1 - x0 - slope * 2)}" height="${n(h * 0.3)}" fill="#000000" opacity="0.18"/>`;
      const top = `<path d="M${n(x0 + slope)} ${n(h * 0.06)}H${n(x1 - slope)}L${n(x1)} ${n(h * 0.38)}H${n(x0)}Z" fill="url(#t)"/>`;
      const edge = `<rect x="${n(x0)}" y="${n(h * 0.38)}" width="${n(x1 - x0)}" height="${n(h * 0.08)}" rx="3" fill="${rim}"/>`;
      return `<defs>${verticalGradient('t', [mixHex(wood, '#ffffff', 0.06), mixHex(wood, '#ffffff', 0.2)])}</defs>${shade}${legs.join('')}${top}${edge}`;
    },
    { broad: 9, fine: 4, stretch: 12 },
  );
}

function wallSheet(stage: Stage, { rng, hue, lamp }: Decor): Promise<Sheet> {
  const wallTop = lamp(hsl(hue, 0.34, 0.74));
  const wallLow = lamp(hsl(hue, 0.36, 0.63));
  const night = stage.scene.time === 'night';
  const floor = stage.horizon / stage.height;
  const u = stage.unit;
  return paintedSheet(
    stage,
    { top: 0, bottom: floor + 0.02, depth: 0.6 },
    (w, h) => {
      const stripes: string[] = [];
      for (let x = 0; x < w; x += u * 0.3)
        stripes.push(`<rect x="${n(x)}" width="${n(u * 0.15)}" height="${n(h)}" fill="#ffffff" opacity="0.06"/>`);
      const [ww, wh] = [Math.min(u * 1.5, w * 0.34), Math.min(u * 1.4, h * 0.5)];
      const wx = w * rng.range(0.12, 0.24);
      const wy = h * 0.2;
      const view = `<defs>${verticalGradient('v', [stage.palette.skyTop, stage.palette.skyLow])}${verticalGradient('p', [wallTop, wallLow])}</defs>`;
      const hill = `<path d="M${n(wx)} ${n(wy + wh)}V${n(wy + wh * 0.74)}Q${n(wx + ww * 0.3)} ${n(wy + wh * 0.5)} ${n(wx + ww * 0.6)} ${n(wy + wh * 0.75)}T${n(wx + ww)} ${n(wy + wh * 0.7)}V${n(wy + wh)}Z" fill="${stage.shade('#7fae62', 0.3)}"/>`;
      const frame = lamp('#fbf6ea');
      const bar = n(u * 0.05);
      const window = `<rect x="${n(wx)}" y="${n(wy)}" width="${n(ww)}" height="${n(wh)}" fill="url(#v)"/>${hill}<circle cx="${n(wx + ww * 0.72)}" cy="${n(wy + wh * 0.26)}" r="${n(u * 0.1)}" fill="${stage.palette.light}"/><g fill="none" stroke="${frame}" stroke-width="${bar}"><rect x="${n(wx)}" y="${n(wy)}" width="${n(ww)}" height="${n(wh)}"/><path d="M${n(wx + ww / 2)} ${n(wy)}v${n(wh)}M${n(wx)} ${n(wy + wh / 2)}h${n(ww)}"/></g><rect x="${n(wx - u * 0.08)}" y="${n(wy + wh)}" width="${n(ww + u * 0.16)}" height="${n(u * 0.07)}" fill="${frame}"/>`;
      const curtain = lamp(hsl((hue + 150) % 360, 0.45, 0.6));
      const drape = (x: number, side: number) =>
        `<path d="M${n(x)} ${n(wy - u * 0.1)}h${n(side * u * 0.3)}Q${n(x + side * u * 0.2)} ${n(wy + wh * 0.6)} ${n(x + side * u * 0.12)} ${n(wy + wh * 1.08)}h${n(-side * u * 0.12)}Z" fill="${curtain}"/>`;
      const skirting = `<rect y="${n(h - u * 0.12)}" width="${n(w)}" height="${n(u * 0.12)}" fill="${frame}"/><rect y="${n(h - u * 0.13)}" width="${n(w)}" height="2" fill="#000000" opacity="0.15"/>`;
      const glow = night
        ? `<radialGradient id="l"><stop offset="0" stop-color="#ffd99a" stop-opacity="0.5"/><stop offset="1" stop-color="#ffd99a" stop-opacity="0"/></radialGradient><ellipse cx="${n(w * 0.74)}" cy="${n(h * 0.62)}" rx="${n(u * 2.2)}" ry="${n(u * 1.9)}" fill="url(#l)"/>`
        : '';
      return `${view}<rect width="${n(w)}" height="${n(h)}" fill="url(#p)"/>${stripes.join('')}${glow}${window}${drape(wx - u * 0.06, 1)}${drape(wx + ww + u * 0.06, -1)}${skirting}`;
    },
    { broad: 8, fine: 4 },
    async (bitmap) => {
      const hung = bitmap.height * 0.45;
      await plant(bitmap, stage, rng.fork('hung'), {
        icons: ['mantelpiece-clock', 'framed-picture', 'mirror'],
        count: 1,
        size: [0.4, 0.5],
        foot: () => hung,
      });
    },
  );
}

function floorSheet(stage: Stage, { rng, hue, lamp }: Decor): Promise<Sheet> {
  const floor = stage.horizon / stage.height;
  const u = stage.unit;
  return paintedSheet(
    stage,
    { top: floor, bottom: 1, depth: 1 },
    (w, h) => {
      const wood = lamp('#b98250');
      const planks: string[] = [];
      for (let r = 0; r < 6; r++)
        planks.push(`<rect y="${n(h * (r / 6) ** 1.4)}" width="${n(w)}" height="2" fill="#000000" opacity="0.16"/>`);
      for (let i = 0; i < (16 * w) / stage.width; i++) {
        const r = rng.int(0, 5);
        planks.push(
          `<rect x="${n(rng.range(0, w))}" y="${n(h * (r / 6) ** 1.4)}" width="2" height="${n(h * (((r + 1) / 6) ** 1.4 - (r / 6) ** 1.4))}" fill="#000000" opacity="0.16"/>`,
        );
      }
      const rug = lamp(hsl((hue + 200) % 360, 0.5, 0.5));
      const [cx, cy] = [w * 0.5, h * 0.62];
      const carpet = [1, 0.88, 0.8]
        .map(
          (k, i) =>
            `<ellipse cx="${n(cx)}" cy="${n(cy)}" rx="${n(u * 1.9 * k)}" ry="${n(h * 0.3 * k)}" fill="${i === 1 ? mixHex(rug, '#ffffff', 0.4) : rug}"/>`,
        )
        .join('');
      return `<defs>${verticalGradient('f', [mixHex(wood, '#ffffff', 0.1), mixHex(wood, '#2a1607', 0.3)])}</defs><rect width="${n(w)}" height="${n(h)}" fill="url(#f)"/>${planks.join('')}${carpet}`;
    },
    { broad: 9, fine: 5, stretch: 10 },
  );
}

/** A stadium: stands with a crowd, boards, floodlights and a striped pitch. */
export async function stadiumSheets(stage: Stage): Promise<Sheet[]> {
  const rng = stage.rng.fork('stadium');
  const u = stage.unit;
  const line = stage.horizon / stage.height;
  const stands = await paintedSheet(
    stage,
    { top: line - 0.26, bottom: line + 0.01, depth: 0.35 },
    (w, h) => {
      const rows: string[] = [
        `<path d="M0 ${n(h * 0.2)}Q${n(w / 2)} 0 ${n(w)} ${n(h * 0.2)}V${n(h)}H0Z" fill="${stage.shade('#59657c', 0.1)}"/>`,
      ];
      const step = u * 0.085;
      for (let y = h * 0.24; y < h * 0.8; y += step) {
        for (let x = 0; x < w; x += step * 0.9) {
          if (!rng.chance(0.82)) continue;
          const colour = rng.pick([
            '#e8574e',
            '#f2c14e',
            '#f7f3e8',
            '#4f8fd8',
            '#7bc07a',
            '#d88fc0',
            '#2f3a55',
          ] as const);
          rows.push(
            `<circle cx="${n(x + rng.range(-2, 2))}" cy="${n(y)}" r="${n(step * 0.34)}" fill="${stage.shade(colour, 0.12)}"/>`,
          );
        }
      }
      const boards = Array.from(
        { length: 12 },
        (_, i) =>
          `<rect x="${n((i * w) / 12)}" y="${n(h * 0.82)}" width="${n(w / 12 - 3)}" height="${n(h * 0.18)}" fill="${stage.shade(hsl((i * 67) % 360, 0.55, 0.5), 0.05)}"/>`,
      );
      const lights = [0.12, 0.5, 0.88].map(
        (at) =>
          `<rect x="${n(w * at)}" y="0" width="${n(u * 0.03)}" height="${n(h * 0.3)}" fill="${stage.shade('#7c8798')}"/><rect x="${n(w * at - u * 0.14)}" y="0" width="${n(u * 0.31)}" height="${n(u * 0.11)}" rx="4" fill="#fffbe0"/>`,
      );
      return rows.join('') + boards.join('') + lights.join('');
    },
    { broad: 5, fine: 4 },
  );
  const pitch = await paintedSheet(
    stage,
    { top: line, bottom: 1, depth: 1 },
    (w, h) => {
      const grass = [stage.shade('#57b047', 0.05), stage.shade('#4a9d3c', 0.05)];
      const bands: string[] = [];
      const step = u * 1.1;
      for (let i = -3; i * step < w + step * 3; i++)
        bands.push(
          `<path d="M${n(i * step)} 0h${n(step)}L${n((i + 1) * step * 1.5 - w * 0.25)} ${n(h)}h${n(-step * 1.5)}Z" fill="${grass[((i % 2) + 2) % 2] as string}"/>`,
        );
      const white = stage.shade('#f8fff4');
      return `<rect width="${n(w)}" height="${n(h)}" fill="${grass[0] as string}"/>${bands.join('')}<g fill="none" stroke="${white}" stroke-width="${n(u * 0.025)}" opacity="0.85"><path d="M0 ${n(h * 0.12)}H${n(w)}"/><ellipse cx="${n(w / 2)}" cy="${n(h * 0.62)}" rx="${n(u * 2)}" ry="${n(h * 0.3)}"/></g>`;
    },
    { broad: 12, fine: 6, stretch: 3 },
  );
  const goal = await treeSheet(stage, {
    icons: ['goal-net'],
    count: 1,
    size: [0.8, 0.9],
    haze: 0.03,
    depth: 1,
    foot: line + 0.1,
  });
  return [stands, pitch, goal];
}
