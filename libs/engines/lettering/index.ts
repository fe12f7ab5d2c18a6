import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

import opentype, { type Font } from 'opentype.js';

const require = createRequire(import.meta.url);
const subsets = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;
let fonts: Font[] | undefined;

/** Noto Sans Bold, one file per script; the machine's own fonts are never asked. */
function loadFonts(): Font[] {
  fonts ??= subsets.map((subset) => {
    const file = readFileSync(require.resolve(`@fontsource/noto-sans/files/noto-sans-${subset}-700-normal.woff`));
    return opentype.parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
  });
  return fonts;
}

/** Height of a capital letter as a share of the size. */
export const CAP_HEIGHT = 0.714;

/** A character and the font that draws it. */
export interface Glyph {
  char: string;
  font: Font;
}

/** The characters that can be drawn, in order, each with its font. Others (emoji, other scripts) are left out. */
export function drawable(text: string): Glyph[] {
  const glyphs: Glyph[] = [];
  for (const char of text.normalize('NFC')) {
    const font = loadFonts().find((candidate) => candidate.charToGlyphIndex(char) > 0);
    if (font !== undefined) glyphs.push({ char, font });
  }
  return glyphs;
}

/** Width of a line in pixels. @param size pixels per em */
export function widthOf(glyphs: readonly Glyph[], size: number): number {
  return glyphs.reduce((sum, g) => sum + g.font.getAdvanceWidth(g.char, size), 0);
}

/**
 * SVG path data of one line; only numbers and path letters can come out of it.
 * @param x left end of the line, in pixels
 * @param y its baseline, in pixels
 * @param size pixels per em
 */
export function pathOf(line: readonly Glyph[], x: number, y: number, size: number): string {
  let pen = x;
  let data = '';
  for (const glyph of line) {
    data += glyph.font.getPath(glyph.char, pen, y, size).toPathData(1);
    pen += glyph.font.getAdvanceWidth(glyph.char, size);
  }
  return data;
}
