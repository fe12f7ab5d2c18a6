import { drawable, pathOf, widthOf, type Glyph } from '#engines/lettering';

import { layerOf, type Layer } from '../bitmap.js';
import { n, rasterise } from '../raster.js';
import { type Rng } from '../random.js';
import { type Stage } from '../stage.js';

/** Breaks at spaces into lines no wider than `limit`; a longer word is cut. */
function wrapLines(glyphs: readonly Glyph[], size: number, limit: number): Glyph[][] {
  const lines: Glyph[][] = [];
  let line: Glyph[] = [];
  let word: Glyph[] = [];
  const flush = () => {
    if (line.length > 0 && widthOf([...line, ...word], size) > limit) {
      lines.push(line);
      line = [];
    }
    line.push(...word);
    word = [];
  };
  for (const glyph of glyphs) {
    word.push(glyph);
    if (glyph.char === ' ' || widthOf(word, size) > limit * 0.96) flush();
  }
  flush();
  if (line.length > 0) lines.push(line);
  return lines.map((each) => trimmed(each)).filter((each) => each.length > 0);
}

function trimmed(line: Glyph[]): Glyph[] {
  let from = 0;
  let to = line.length;
  while (from < to && line[from]?.char === ' ') from++;
  while (to > from && line[to - 1]?.char === ' ') to--;
  return line.slice(from, to);
}

/** Text drawn once, and when it shows. */
export interface Caption {
  layer: Layer;
  left: number;
  top: number;
  start: number;
  end: number;
}

type Style = 'title' | 'subtitle';

function layout(glyphs: Glyph[], style: Style, stage: Stage): { lines: Glyph[][]; size: number } {
  const limit = stage.width * 0.84;
  const largest =
    style === 'title'
      ? Math.min(stage.width * 0.1, stage.height * 0.13)
      : Math.min(stage.width * 0.055, stage.height * 0.062);
  for (let size = largest; ; size *= 0.88) {
    const lines = wrapLines(glyphs, size, limit);
    if (lines.length <= (style === 'title' ? 2 : 3) || size < largest * 0.45) return { lines: lines.slice(0, 5), size };
  }
}

async function caption(
  text: string,
  style: Style,
  stage: Stage,
  rng: Rng,
): Promise<Omit<Caption, 'start' | 'end'> | undefined> {
  const glyphs = drawable(text);
  if (!glyphs.some((glyph) => glyph.char.trim() !== '')) return undefined;
  const { lines, size } = layout(glyphs, style, stage);
  const widths = lines.map((line) => widthOf(line, size));
  const lead = size * 1.22;
  const pad = size * 0.55;
  const width = Math.ceil(Math.max(...widths) + pad * 2);
  const height = Math.ceil(lead * lines.length + pad * 1.2);
  const paths = lines
    .map((line, i) => pathOf(line, (width - (widths[i] as number)) / 2, pad * 0.6 + lead * (i + 0.8), size))
    .join('');
  const accent = stage.palette.accent;
  const blur = `<filter id="s" x="-10%" y="-30%" width="120%" height="160%"><feGaussianBlur stdDeviation="${n(size * 0.07)}"/></filter>`;
  const shadow = `<path d="${paths}" transform="translate(0 ${n(size * 0.05)})" fill="#000000" stroke="#000000" stroke-width="${n(size * 0.1)}" stroke-linejoin="round" opacity="0.6" filter="url(#s)"/>`;
  const ink = `<path d="${paths}" fill="#ffffff" stroke="#0b1020" stroke-opacity="0.55" stroke-width="${n(size * 0.07)}" stroke-linejoin="round" paint-order="stroke"/><path d="${paths}" fill="#fffdf6"/>`;
  const rule = `<rect x="${n(width / 2 - size * 0.9)}" y="${n(height - size * 0.16)}" width="${n(size * 1.8)}" height="${n(size * 0.09)}" rx="${n(size * 0.045)}" fill="${accent}"/>`;
  const panel = `<rect x="0" y="0" width="${width}" height="${height}" rx="${n(size * 0.28)}" fill="#0b1020" opacity="0.62"/><rect x="0" y="${n(height * 0.2)}" width="${n(size * 0.12)}" height="${n(height * 0.6)}" fill="${accent}"/>`;
  const bitmap = await rasterise(
    `<defs>${blur}</defs>${style === 'title' ? shadow + ink + rule : panel + shadow + ink}`,
    width,
    height,
  );
  const row = style === 'title' ? rng.range(0.09, 0.14) * stage.height : stage.height * 0.955 - height;
  return { layer: layerOf(bitmap), left: Math.round((stage.width - width) / 2), top: Math.round(row) };
}

/** Quoted texts as captions: a short first one is a title, the others subtitles that follow one another. */
export async function captionsOf(stage: Stage, seconds: number): Promise<Caption[]> {
  const texts = stage.scene.quotedText;
  const rng = stage.rng.fork('captions');
  const captions: Caption[] = [];
  const first = texts[0] ?? '';
  const titled = [...first].length <= 32;
  const share = seconds / Math.max(1, texts.length);
  for (const [i, text] of texts.entries()) {
    const style = i === 0 && titled ? 'title' : 'subtitle';
    const made = await caption(text, style, stage, rng.fork(`caption${i}`));
    if (made === undefined) continue;
    const alone = texts.length === 1;
    captions.push({
      ...made,
      start: alone ? seconds * 0.04 : share * i,
      end: style === 'title' || i === texts.length - 1 ? seconds + 1 : share * (i + 1),
    });
  }
  return captions;
}

/** How far a caption has come in: opacity 0 to 256 and pixels still to rise. */
export function captionState(caption: Caption, t: number, seconds: number): { opacity: number; rise: number } {
  const fadeTime = Math.min(0.45, seconds * 0.12);
  const come = Math.max(0, Math.min(1, (t - caption.start) / fadeTime));
  const go = Math.max(0, Math.min(1, (caption.end - t) / fadeTime));
  const shown = come * (2 - come) * go;
  return {
    opacity: Math.round(shown * 256),
    rise: Math.round((1 - come) * (1 - come) * caption.layer.bitmap.height * 0.25),
  };
}
