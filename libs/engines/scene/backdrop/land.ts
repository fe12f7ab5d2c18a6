import { mixHex } from '../colour.js';
import { n } from '../raster.js';
import { type Sheet, type Stage } from '../stage.js';
import { paintedSheet, plant, scattered, type Planting } from './decor.js';
import { areaUnder, hills, mountains, rollingLine, skyline, tufts, verticalGradient } from './paint.js';

const fraction = (stage: Stage, pixels: number) => pixels / stage.height;

/** Far mountains standing on the horizon. */
export function mountainSheet(
  stage: Stage,
  rise: number,
  haze: number,
  depth: number,
  colour = '#6f7f9c',
): Promise<Sheet> {
  const rng = stage.rng.fork(`mountains${depth}`);
  const cold = ['snow'].includes(stage.scene.weather) || stage.scene.place === 'snowfield';
  const colours = {
    light: stage.shade(mixHex(colour, '#ffffff', 0.15), haze),
    dark: stage.shade(mixHex(colour, '#1d2440', 0.45), haze),
    snow: stage.shade('#f6fbff', haze * 0.5),
  };
  const horizon = fraction(stage, stage.horizon);
  return paintedSheet(
    stage,
    { top: Math.max(0.02, horizon - rise), bottom: horizon + 0.04, depth },
    (w, h) => mountains(rng, w, h, colours, cold ? 0.62 : 0.34),
    { broad: 9, fine: 3 },
  );
}

/** Rolling hills, with something growing on them if asked. */
export function hillSheet(
  stage: Stage,
  options: {
    rise: number;
    haze: number;
    depth: number;
    colour: string;
    waves: number;
    drop?: number;
    planting?: Omit<Planting, 'foot'>;
  },
): Promise<Sheet> {
  const rng = stage.rng.fork(`hills${options.depth}`);
  const horizon = fraction(stage, stage.horizon);
  const crest = stage.shade(mixHex(options.colour, '#ffffff', 0.12), options.haze);
  const foot = stage.shade(mixHex(options.colour, '#17301c', 0.22), options.haze);
  const headroom = options.planting === undefined ? 0 : (options.planting.size[1] * stage.unit) / stage.height;
  const lines = rng.fork('line');
  const probe = stage.rng.fork(`hills${options.depth}`).fork('line');
  return paintedSheet(
    stage,
    { top: horizon - options.rise - headroom, bottom: horizon + (options.drop ?? 0.12), depth: options.depth },
    (w, h) =>
      `<g transform="translate(0 ${n(headroom * stage.height)})">${hills(lines, w, h - headroom * stage.height, { crest, foot }, options.waves)}</g>`,
    { broad: 12, fine: 3 },
    async (bitmap) => {
      if (options.planting === undefined) return;
      const room = headroom * stage.height;
      const hill = bitmap.height - room;
      const line = rollingLine(probe, bitmap.width, hill * 0.55, hill * 0.5, options.waves);
      const foot = (x: number) =>
        (line[Math.min(64, Math.max(0, Math.round((x / bitmap.width) * 64)))] as [number, number])[1] +
        room +
        hill * 0.06;
      await plant(bitmap, stage, rng.fork('plants'), { ...options.planting, haze: options.haze * 0.8, foot });
    },
  );
}

/** The ground that the cast stands on, from the horizon to the lower edge. */
export function groundSheet(
  stage: Stage,
  options: {
    colour: string;
    wavy?: number;
    broad?: number;
    fine?: number;
    top?: number;
    extra?: (w: number, h: number) => string;
    plantings?: readonly (Omit<Planting, 'foot'> & { from: number; to: number })[];
  },
): Promise<Sheet> {
  const rng = stage.rng.fork('ground');
  const snowy = stage.scene.weather === 'snow';
  const base = snowy ? mixHex(options.colour, '#f4f8fc', 0.8) : options.colour;
  const colours = [
    stage.shade(mixHex(base, '#ffffff', 0.16), 0.28),
    stage.shade(base, 0.06),
    stage.shade(mixHex(base, '#10241c', snowy ? 0.1 : 0.26)),
  ];
  const top = options.top ?? fraction(stage, stage.horizon);
  const wavy = options.wavy ?? 0.05;
  // Sprites near the horizon stick out above the ground.
  const room = Math.ceil(Math.max(0, ...(options.plantings ?? []).map((item) => item.size[1])) * stage.unit);
  return paintedSheet(
    stage,
    { top: top - wavy * 0.5 - room / stage.height, bottom: 1, depth: 1 },
    (w, whole) => {
      const h = whole - room;
      const rise = stage.height * wavy;
      const line = rollingLine(rng, w, rise + 2, rise, 1.4);
      return `<g transform="translate(0 ${n(room)})"><defs>${verticalGradient('g', colours)}</defs><path d="${areaUnder(line, h)}" fill="url(#g)"/>${options.extra?.(w, h) ?? ''}</g>`;
    },
    { broad: options.broad ?? 9, fine: options.fine ?? 6, stretch: 4 },
    async (bitmap) => {
      const floor = bitmap.height - room;
      for (const [i, item] of (options.plantings ?? []).entries()) {
        const foot = scattered(rng.fork(`spread${i}`), room + floor * item.from, room + floor * item.to);
        await plant(bitmap, stage, rng.fork(`plants${i}`), { ...item, foot });
      }
    },
  );
}

/** Trees in a row at the back of the ground. */
export function treeSheet(
  stage: Stage,
  options: {
    icons: readonly string[];
    count: number;
    size: readonly [number, number];
    haze: number;
    depth: number;
    foot: number;
  },
): Promise<Sheet> {
  const rng = stage.rng.fork(`trees${options.depth}`);
  return paintedSheet(
    stage,
    {
      top: Math.max(0, options.foot - (options.size[1] * stage.unit) / stage.height - 0.03),
      bottom: options.foot + 0.03,
      depth: options.depth,
    },
    () => '',
    { broad: 0, fine: 0 },
    async (bitmap) => {
      const base = bitmap.height - stage.height * 0.028;
      const foot = scattered(rng.fork('rows'), base - 0.012 * stage.height, base + 0.02 * stage.height);
      await plant(bitmap, stage, rng.fork('plants'), {
        icons: options.icons,
        count: options.count,
        size: options.size,
        foot,
        haze: options.haze,
      });
    },
  );
}

/** Distant or near buildings. */
export function skylineSheet(
  stage: Stage,
  options: { rise: number; haze: number; depth: number; foot?: number },
): Promise<Sheet> {
  const rng = stage.rng.fork(`skyline${options.depth}`);
  const foot = options.foot ?? fraction(stage, stage.horizon) + 0.01;
  const night = stage.scene.time === 'night';
  const lit = night ? 0.55 : stage.scene.time === 'day' ? 0.05 : 0.32;
  const tones = ['#8f9db5', '#a7a3b0', '#7d8ba3', '#b3a59b', '#93a8b0'];
  const colours = {
    walls: tones.map((tone) => stage.shade(tone, options.haze)),
    glow: mixHex('#ffd98a', stage.palette.haze, options.haze * 0.4),
    dark: stage.shade(night ? '#3b455c' : '#dfeaf5', options.haze),
    litShare: lit,
  };
  return paintedSheet(
    stage,
    { top: Math.max(0.02, foot - options.rise), bottom: foot, depth: options.depth },
    (w, h) => skyline(rng, w, h, colours),
    { broad: 7, fine: 3 },
  );
}

/** Grass, reeds or weeds in front of the cast, at the lower edge. */
export function foreground(stage: Stage, colours: readonly string[], count = 34, rise = 0.09): Promise<Sheet> {
  const rng = stage.rng.fork('foreground');
  const shades = colours.map((colour) => stage.shade(mixHex(colour, '#0c1a10', 0.3)));
  return paintedSheet(
    stage,
    { top: 1 - rise, bottom: 1.005, depth: 1.5, front: true, sway: { x: 3, y: 0, hz: 0.23, phase: 0 } },
    (w, h) => tufts(rng, w, h, shades, Math.round((count * w) / stage.width)),
    { broad: 6, fine: 3 },
  );
}

/** Street furniture of a road: pavement, kerb, asphalt and dashes. */
export function roadExtra(stage: Stage): (w: number, h: number) => string {
  return (w, h) => {
    const rows = { pavement: 0.2, kerb: 0.36, middle: 0.66 };
    const dashes: string[] = [];
    const step = stage.unit * 0.9;
    for (let x = -step; x < w; x += step)
      dashes.push(
        `<path d="M${n(x)} ${n(h * rows.middle)}h${n(step * 0.5)}l${n(-step * 0.03)} ${n(h * 0.025)}h${n(-step * 0.5)}Z" fill="${stage.shade('#f3efe0')}" opacity="0.85"/>`,
      );
    const slabs: string[] = [];
    for (let x = 0; x < w; x += step * 0.5)
      slabs.push(
        `<path d="M${n(x)} ${n(h * rows.pavement)}l${n(-step * 0.06)} ${n(h * (rows.kerb - rows.pavement))}" stroke="#000000" stroke-width="1.5" opacity="0.14"/>`,
      );
    return (
      `<defs>${verticalGradient('r', [stage.shade('#585d68', 0.08), stage.shade('#41454f')])}</defs>` +
      `<rect y="${n(h * rows.pavement)}" width="${n(w)}" height="${n(h * 0.2)}" fill="${stage.shade('#b9b6ae', 0.05)}"/>${slabs.join('')}` +
      `<rect y="${n(h * rows.kerb)}" width="${n(w)}" height="${n(h * 0.03)}" fill="${stage.shade('#dcd8cc')}"/>` +
      `<rect y="${n(h * (rows.kerb + 0.03))}" width="${n(w)}" height="${n(h)}" fill="url(#r)"/>${dashes.join('')}`
    );
  };
}
