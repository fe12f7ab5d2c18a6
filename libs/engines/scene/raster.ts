import sharp from 'sharp';

import { bytesOf, newBitmap, type Bitmap } from './bitmap.js';
import { iconBody } from './noto.js';

// Taken out of the global once: these run for every pixel, and a global is slow to reach in some runtimes.
const { floor, max, min, round } = Math;

/** Rounds for SVG attributes; shorter documents parse faster. */
export const n = (value: number): string => String(round(value * 100) / 100);

/** Straight RGBA bytes to a premultiplied bitmap. */
export function premultiplied(data: Uint8Array, width: number, height: number): Bitmap {
  const bitmap = newBitmap(width, height);
  const out = bytesOf(bitmap);
  for (let i = 0; i < out.length; i += 4) {
    const alpha = data[i + 3] as number;
    out[i] = ((data[i] as number) * alpha) / 255;
    out[i + 1] = ((data[i + 1] as number) * alpha) / 255;
    out[i + 2] = ((data[i + 2] as number) * alpha) / 255;
    out[i + 3] = alpha;
  }
  return bitmap;
}

/** Rasterises SVG drawn by this room (never text of a prompt) to exactly `width` x `height` pixels. */
export async function rasterise(
  body: string,
  width: number,
  height: number,
  viewBox = `0 0 ${width} ${height}`,
): Promise<Bitmap> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="${width}" height="${height}" viewBox="${viewBox}" preserveAspectRatio="none">${body}</svg>`;
  const { data, info } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  if (info.width === width && info.height === height) return premultiplied(data, width, height);
  const fitted = await sharp(data, { raw: info }).resize(width, height, { fit: 'fill' }).raw().toBuffer();
  return premultiplied(fitted, width, height);
}

/** Part of a Noto sprite that has ink, as measured once at low resolution: box in units of the 128 grid. */
export interface InkBox {
  x: number;
  y: number;
  width: number;
  height: number;
}

const boxes = new Map<string, InkBox>();

async function inkBox(icon: string, body: string): Promise<InkBox> {
  const cached = boxes.get(icon);
  if (cached !== undefined) return cached;
  const { px } = await rasterise(body, 64, 64, '0 0 128 128');
  let [left, top, right, bottom] = [64, 64, 0, 0];
  for (let i = 0; i < px.length; i++) {
    if ((px[i] as number) >>> 24 < 24) continue;
    left = min(left, i % 64);
    right = max(right, (i % 64) + 1);
    top = min(top, i >> 6);
    bottom = max(bottom, (i >> 6) + 1);
  }
  const box =
    right > left
      ? { x: left * 2, y: top * 2, width: (right - left) * 2, height: (bottom - top) * 2 }
      : { x: 0, y: 0, width: 128, height: 128 };
  boxes.set(icon, box);
  return box;
}

/**
 * A Noto sprite cropped to its ink, `height` pixels high, with a clear edge of one pixel for smooth sampling.
 * Sprites much wider than high are held to `height` in width times 1.4.
 */
export async function rasterIcon(icon: string, height: number): Promise<Bitmap> {
  const body = iconBody(icon) ?? iconBody('sparkles') ?? '';
  const box = await inkBox(icon, body);
  const factor = min(height / box.height, (height * 1.4) / box.width);
  const width = max(4, round(box.width * factor)) + 2;
  const tall = max(4, round(box.height * factor)) + 2;
  const edge = 1 / factor;
  const view = `${n(box.x - edge)} ${n(box.y - edge)} ${n(box.width + 2 * edge)} ${n(box.height + 2 * edge)}`;
  return rasterise(body, width, tall, view);
}

/** Turns the strong colours of a sprite to a hue (degrees) by `strength` 0 to 1; greys and shading stay. */
export function recolour(bitmap: Bitmap, hue: number, strength: number): void {
  const data = bytesOf(bitmap);
  for (let i = 0; i < data.length; i += 4) {
    const [r, g, b] = [data[i] as number, data[i + 1] as number, data[i + 2] as number];
    const high = max(r, g, b);
    const low = min(r, g, b);
    if (high - low < 40 || (high - low) / high < 0.35) continue;
    const sector = hue / 60;
    const up = low + (high - low) * (sector % 1);
    const down = high - (high - low) * (sector % 1);
    const wheel = [
      [high, up, low],
      [down, high, low],
      [low, high, up],
      [low, down, high],
      [up, low, high],
      [high, low, down],
    ][floor(sector) % 6] as [number, number, number];
    for (let c = 0; c < 3; c++)
      data[i + c] = (data[i + c] as number) * (1 - strength) + (wheel[c] as number) * strength;
  }
}
