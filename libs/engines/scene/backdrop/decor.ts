import { drawSprite, layerOf, newBitmap, relight, type Bitmap } from '../bitmap.js';
import { parseHex } from '../colour.js';
import { texture } from '../noise.js';
import { rasterIcon, rasterise } from '../raster.js';
import { type Rng } from '../random.js';
import { sheetWidth, type Sheet, type Stage } from '../stage.js';

/** Paints SVG into a sheet at `top` (fractions of the picture's height), gives it a surface and cuts it into runs. */
export async function paintedSheet(
  stage: Stage,
  place: { top: number; bottom: number; depth: number; front?: boolean; sway?: Sheet['sway'] },
  paint: (width: number, height: number) => string,
  grain: { broad: number; fine: number; stretch?: number } = { broad: 10, fine: 3 },
  decorate?: (bitmap: Bitmap) => Promise<void>,
): Promise<Sheet> {
  const top = Math.round(place.top * stage.height);
  const height = Math.max(8, Math.round(place.bottom * stage.height) - top);
  const width = sheetWidth(stage, place.depth, place.sway?.x ?? 0);
  const bitmap = await rasterise(paint(width, height), width, height);
  texture(bitmap, stage.rng.fork(`texture${top}:${place.depth}`), grain.broad, grain.fine, grain.stretch);
  if (decorate !== undefined) await decorate(bitmap);
  return {
    layer: layerOf(bitmap),
    top,
    depth: place.depth,
    ...(place.front === true ? { front: true } : {}),
    ...(place.sway === undefined ? {} : { sway: place.sway }),
  };
}

const cache = new WeakMap<Stage, Map<string, Promise<Bitmap>>>();

/** A sprite lit for the scene, rasterised once per icon, size and haze. */
async function litIcon(stage: Stage, icon: string, height: number, haze: number): Promise<Bitmap> {
  const mine = cache.get(stage) ?? new Map<string, Promise<Bitmap>>();
  cache.set(stage, mine);
  const step = Math.max(8, Math.round(height / 8) * 8);
  const key = `${icon}:${step}:${haze}`;
  const made =
    mine.get(key) ??
    rasterIcon(icon, step).then((bitmap) => {
      relight(bitmap, parseHex(stage.palette.ambient), parseHex(stage.palette.haze), haze);
      return bitmap;
    });
  mine.set(key, made);
  return made;
}

/** Sprites standing on a sheet. */
export interface Planting {
  icons: readonly string[];
  /** About how many per picture width. */
  count: number;
  /** Heights, in units of a person. */
  size: readonly [number, number];
  /** Row of the feet on the sheet, as a function of x in pixels. */
  foot: (x: number) => number;
  haze?: number;
  /** Soft shadow at the foot. */
  shadow?: boolean;
}

/** A `foot` that gives each spot its own row between two. */
export function scattered(rng: Rng, low: number, high: number): (x: number) => number {
  const rows = new Map<number, number>();
  return (x) => {
    const row = rows.get(x) ?? rng.range(low, high);
    rows.set(x, row);
    return row;
  };
}

/** Bakes sprites into a sheet, evenly spread with some disorder, smaller ones first. */
export async function plant(bitmap: Bitmap, stage: Stage, rng: Rng, planting: Planting): Promise<void> {
  const count = Math.max(1, Math.round((planting.count * bitmap.width) / stage.width));
  const spots = Array.from({ length: count }, (_, i) => ({
    x: ((i + rng.range(0.1, 0.9)) * bitmap.width) / count,
    size: rng.range(planting.size[0], planting.size[1]) * stage.unit,
    icon: rng.pick(planting.icons),
    flip: rng.chance(0.5),
  }));
  spots.sort((a, b) => planting.foot(a.x) - planting.foot(b.x));
  for (const spot of spots) {
    const sprite = await litIcon(stage, spot.icon, spot.size, planting.haze ?? 0);
    const scale = spot.size / sprite.height;
    const foot = planting.foot(spot.x);
    if (planting.shadow === true) {
      const shadow = softShadow();
      const wide = (sprite.width * scale * 0.9) / shadow.width;
      drawSprite(bitmap, shadow, { x: spot.x, y: foot - 1, scaleX: wide, scaleY: wide * 0.5, angle: 0, opacity: 0.5 });
    }
    const scaleX = spot.flip ? -scale : scale;
    drawSprite(bitmap, sprite, {
      x: spot.x,
      y: foot - (sprite.height * scale) / 2,
      scaleX,
      scaleY: scale,
      angle: 0,
      opacity: 1,
    });
  }
}

let shadowBitmap: Bitmap | undefined;

function paintShadow(): Bitmap {
  const bitmap = newBitmap(128, 32);
  for (let y = 0; y < 32; y++) {
    for (let x = 0; x < 128; x++) {
      const d = ((x - 63.5) / 62) ** 2 + ((y - 15.5) / 14.5) ** 2;
      const alpha = d >= 1 ? 0 : Math.round(150 * (1 - d) ** 1.3);
      bitmap.px[y * 128 + x] = (alpha << 24) | 0;
    }
  }
  return bitmap;
}

/** An ellipse of shade that fades outwards, 128 x 32. */
export function softShadow(): Bitmap {
  return (shadowBitmap ??= paintShadow());
}
