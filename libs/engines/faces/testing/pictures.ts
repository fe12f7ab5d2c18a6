// Pictures for the tests and the evaluation of this room: real portraits, drawn scenes, clips made of both.
import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { type PixelFrame, resizeFrame } from '#engines/pixels';
import { projectRoot } from '#kernel';

const fixtures = join(projectRoot, 'tests', 'fixtures');

/** The portraits: 1, 2 and 3 show one person (3 with sunglasses), 4 another. */
export const PORTRAITS = [
  join(fixtures, 'faces', 'vlado_1.jpg'),
  join(fixtures, 'faces', 'vlado_2.jpg'),
  join(fixtures, 'faces', 'vlado_3.jpg'),
  join(fixtures, 'images', 'astronaut_collins.png'),
] as const;

/** An image as a frame. */
export async function frameOf(image: Sharp | string, timeS = 0): Promise<PixelFrame> {
  const source = typeof image === 'string' ? sharp(image) : image;
  const { data, info } = await source.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { timeS, width: info.width, height: info.height, rgb: new Uint8Array(data) };
}

/** A drawn street or meadow without anybody. */
export async function scene(width = 1280, height = 720, kind = 0): Promise<PixelFrame> {
  const blocks = Array.from({ length: 16 }, (_, i) => {
    const tall = height * (0.2 + ((i * 53) % 50) / 100);
    return `<rect x="${(i * width) / 16}" y="${height - tall}" width="${width / 18}" height="${tall}" fill="hsl(${i * 40 + kind * 90},25%,${30 + ((i * 17) % 40)}%)"/>`;
  }).join('');
  const sky = `<rect width="${width}" height="${height}" fill="hsl(${200 + kind * 60},40%,70%)"/>`;
  const sun = `<circle cx="${width * 0.8}" cy="${height * 0.2}" r="${height * 0.1}" fill="#f5d27a"/>`;
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${sky}${sun}${blocks}</svg>`;
  return frameOf(sharp(Buffer.from(svg)));
}

/** Copies `picture` into a copy of `under`, upper left corner at (x, y); what reaches over is cut. */
export function paste(under: PixelFrame, picture: PixelFrame, x: number, y: number): PixelFrame {
  const rgb = under.rgb.slice();
  const [left, top] = [Math.round(x), Math.round(y)];
  for (let row = Math.max(0, -top); row < Math.min(picture.height, under.height - top); row++) {
    const from = Math.max(0, -left);
    const to = Math.min(picture.width, under.width - left);
    if (to <= from) continue;
    const source = picture.rgb.subarray(3 * (row * picture.width + from), 3 * (row * picture.width + to));
    rgb.set(source, 3 * ((top + row) * under.width + left + from));
  }
  return { ...under, rgb };
}

/** Head and shoulders of portrait 1 to 4, cut out. */
export async function head(portrait: 1 | 2 | 3 | 4): Promise<PixelFrame> {
  const { left, top, size } = HEADS[portrait];
  return frameOf(sharp(PORTRAITS[portrait - 1]).extract({ left, top, width: size, height: size }));
}

/** Squares around the heads, about twice as wide as the face. */
const HEADS = {
  1: { left: 428, top: 26, size: 342 },
  2: { left: 398, top: 58, size: 162 },
  3: { left: 380, top: 28, size: 182 },
  4: { left: 124, top: 22, size: 201 },
} as const;

/** A head made `times` as large. */
export function scaled(picture: PixelFrame, times: number): PixelFrame {
  const side = (length: number) => Math.max(1, Math.round(length * times));
  return resizeFrame(picture, side(picture.width), side(picture.height));
}
