import sharp from 'sharp';
import { CAP_HEIGHT, drawable, pathOf, widthOf } from '#engines/lettering';
import { LabelError } from './errors.js';

/** A grey drawing: `width * height` bytes each, 0 to 255; the sides are even. */
export interface Art {
  width: number;
  height: number;
  grey: Uint8Array;
  alpha: Uint8Array;
}

const DARK = '#000000';
const LIGHT = '#ffffff';
const up = (value: number) => 2 * Math.ceil(value / 2);
const n = (value: number) => value.toFixed(2);

/** Rasterises SVG made of our own numbers and paths. */
async function rasterise(body: string, width: number, height: number): Promise<Art> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${body}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  const art = { width, height, grey: new Uint8Array(width * height), alpha: new Uint8Array(width * height) };
  for (let i = 0; i < art.grey.length; i++) {
    art.grey[i] = data[i * 4]!;
    art.alpha[i] = data[i * 4 + 3]!;
  }
  return art;
}

/** A line of letters with its measures. @throws LabelError when the typeface has none of them */
function lineOf(text: string, cap: number) {
  const size = cap / CAP_HEIGHT;
  const glyphs = drawable(text);
  if (!glyphs.some(({ char }) => char.trim() !== '')) {
    throw new LabelError(
      'label_undrawable',
      'The name has no letter that can be drawn. Use another name for the label.',
    );
  }
  return { width: widthOf(glyphs, size), at: (x: number, y: number) => pathOf(glyphs, x, y, size) };
}

/** White letters with a dark edge: one of the two stands out on any ground. @param most widest in pixels */
export async function outlined(text: string, cap: number, most: number): Promise<Art> {
  const edge = (height: number) => Math.max(2, height * 0.16);
  const full = lineOf(text, cap).width + 2 * edge(cap);
  const fitted = Math.min(cap, (cap * most) / full);
  const line = lineOf(text, fitted);
  const pad = edge(fitted);
  const [width, height] = [up(line.width + 2 * pad), up(fitted * 1.36 + 2 * pad)];
  const path = line.at(pad, pad + fitted * 1.05);
  const stroke = `stroke="${DARK}" stroke-width="${n(pad * 1.5)}" stroke-linejoin="round"`;
  return rasterise(`<path d="${path}" fill="${DARK}" ${stroke}/><path d="${path}" fill="${LIGHT}"/>`, width, height);
}

/**
 * The icon: dark letters on a light field, then light letters on a dark one, within a light line and a dark edge.
 * @param cap height of the sign's capitals in pixels; the word's are three fifths of it
 */
export async function icon(sign: string, word: string, cap: number): Promise<Art> {
  const [large, small] = [lineOf(sign, cap), lineOf(word, cap * 0.6)];
  const [pad, line, edge] = [cap * 0.36, Math.max(2, cap * 0.07), Math.max(2, cap * 0.06)];
  const field = large.width + 2 * pad;
  const inner = { width: field + small.width + 2 * pad, height: cap + 2 * pad };
  const [width, height] = [up(inner.width + 2 * edge), up(inner.height + 2 * edge)];
  const radius = cap * 0.3;
  const baseline = edge + pad + cap;
  const area = (x: number, wide: number, more: string) =>
    `<rect x="${n(x)}" y="${n(edge)}" width="${n(wide)}" height="${n(inner.height)}" rx="${n(radius)}" ${more}/>`;
  return rasterise(
    area(edge, inner.width, `fill="${DARK}" fill-opacity="0.78" stroke="${DARK}" stroke-width="${n(edge * 2)}"`) +
      `<clipPath id="c">${area(edge, inner.width, '')}</clipPath>` +
      `<rect x="0" y="0" width="${n(edge + field)}" height="${height}" fill="${LIGHT}" clip-path="url(#c)"/>` +
      area(edge + line / 2, inner.width - line, `fill="none" stroke="${LIGHT}" stroke-width="${n(line)}"`) +
      `<path d="${large.at(edge + pad, baseline)}" fill="${DARK}"/>` +
      `<path d="${small.at(edge + field + pad, baseline - cap * 0.2)}" fill="${LIGHT}"/>`,
    width,
    height,
  );
}
