/** Draws pictures with text for tests and measurements. Letters come from fonts in node_modules as outlines. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import opentype, { type Font } from 'opentype.js';
import sharp from 'sharp';
import { type PixelFrame } from '#engines/pixels';

const require = createRequire(import.meta.url);
const fonts = new Map<string, Font>();

/** A font of `@fontsource/noto-sans` (`400`, `700`, `400i`, `700i`) or the path of a TrueType file. */
export function fontOf(face: string): Font {
  let font = fonts.get(face);
  if (!font) {
    const [, weight, italic] = /^(400|700)(i?)$/.exec(face) ?? [];
    const path = weight
      ? require.resolve(`@fontsource/noto-sans/files/noto-sans-latin-${weight}-${italic ? 'italic' : 'normal'}.woff`)
      : face;
    const file = readFileSync(path);
    font = opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
    fonts.set(face, font);
  }
  return font;
}

/** One line of text. */
export interface DrawnText {
  text: string;
  /** Start of the baseline, pixels. */
  x: number;
  y: number;
  /** Pixels per em. */
  size: number;
  face?: string;
  fill?: string;
  stroke?: string;
  strokeWidth?: number;
  opacity?: number;
  /** Clockwise, degrees, about the start of the baseline. */
  turn?: number;
}

/** A whole picture. */
export interface DrawnScene {
  width?: number;
  height?: number;
  /** SVG under the text; by default plain dark grey. */
  ground?: string;
  texts?: readonly DrawnText[];
  timeS?: number;
  /** Sent through JPEG of this quality, 1..100. */
  jpeg?: number;
  /** Mirrored left to right. */
  mirrored?: boolean;
}

/** Width of a line in pixels. */
export function widthOf(text: string, size: number, face = '400'): number {
  return fontOf(face).getAdvanceWidth(text, size);
}

function svgOf({ text, x, y, size, face = '400', fill = '#ffffff', turn = 0, ...ink }: DrawnText): string {
  const path = fontOf(face).getPath(text, x, y, size).toPathData(2);
  const stroke = ink.stroke
    ? ` stroke="${ink.stroke}" stroke-width="${ink.strokeWidth ?? 2}" stroke-linejoin="round" paint-order="stroke"`
    : '';
  return `<path d="${path}" fill="${fill}" opacity="${ink.opacity ?? 1}" transform="rotate(${turn} ${x} ${y})"${stroke}/>`;
}

/** Draws a scene; the same scene always gives the same pixels with one version of the drawing library. */
export async function draw(scene: DrawnScene): Promise<PixelFrame> {
  const { width = 1280, height = 720, texts = [], timeS = 0 } = scene;
  const ground = scene.ground ?? '<rect width="100%" height="100%" fill="#202428"/>';
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${ground}${texts.map(svgOf).join('')}</svg>`;
  let picture = sharp(Buffer.from(svg)).removeAlpha();
  if (scene.mirrored) picture = picture.flop();
  if (scene.jpeg) picture = sharp(await picture.jpeg({ quality: scene.jpeg }).toBuffer());
  const rgb = await picture.toColourspace('srgb').raw().toBuffer();
  return { timeS, width, height, rgb: new Uint8Array(rgb.buffer, rgb.byteOffset, rgb.length) };
}

/** A repeatable stream of numbers in 0..1 (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
