import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type PDFDocument from 'pdfkit';
import { unpackWoff } from './woff.js';

type Doc = InstanceType<typeof PDFDocument>;

const require = createRequire(import.meta.url);
const SUBSETS = ['latin', 'latin-ext', 'greek', 'cyrillic', 'vietnamese'] as const;
const WEIGHT = { regular: 400, strong: 600 } as const;

/** How text looks: body, emphasis, or letters of one width for hashes and names of fields. */
export type Face = 'regular' | 'strong' | 'mono';

/** Characters in a row that one font file can draw. */
export interface Run {
  font: string;
  text: string;
}

/** What is used of the fonts behind pdfkit. */
interface OpenDocument {
  _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } };
}

const files = new Map<string, Buffer>();

function fileOf(font: string): Buffer {
  const [face = '', subset = ''] = font.split('/');
  const weight = face === 'mono' ? 400 : WEIGHT[face as keyof typeof WEIGHT];
  const family = face === 'mono' ? 'noto-sans-mono' : 'noto-sans';
  const known = files.get(font);
  if (known) return known;
  const path = require.resolve(`@fontsource/${family}/files/${family}-${subset}-${weight}-normal.woff`);
  const file = unpackWoff(readFileSync(path));
  files.set(font, file);
  return file;
}

/** Noto Sans in all scripts that it draws without shaping. Each file is opened when its first character is needed. */
export class Fonts {
  private readonly known = new Map<string, string | null>();
  private readonly opened = new Set<string>();
  private readonly widths = new Map<string, number>();

  constructor(private readonly doc: Doc) {}

  /** Makes a font the current one. */
  use(font: string, size: number): void {
    if (!this.opened.has(font)) this.doc.registerFont(font, fileOf(font));
    this.opened.add(font);
    this.doc.font(font, size);
  }

  private fontOf(char: string, face: Face): string | null {
    const key = `${face} ${char}`;
    const before = this.known.get(key);
    if (before !== undefined) return before;
    const candidates = [
      ...(face === 'mono' ? ['mono/latin'] : []),
      ...SUBSETS.map((subset) => `${face === 'mono' ? 'regular' : face}/${subset}`),
    ];
    const found = candidates.find((font) => {
      this.use(font, 10);
      return (this.doc as unknown as OpenDocument)._font.font.hasGlyphForCodePoint(char.codePointAt(0)!);
    });
    this.known.set(key, found ?? null);
    return found ?? null;
  }

  /** Text cut into runs of one font each. What no font has is written as `\u4e2d`. */
  runs(text: string, face: Face): Run[] {
    const runs: Run[] = [];
    const add = (font: string, part: string) => {
      const last = runs.at(-1);
      if (last?.font === font) last.text += part;
      else runs.push({ font, text: part });
    };
    for (const char of text.normalize('NFC')) {
      const font = this.fontOf(char, face);
      if (font) add(font, char);
      else {
        const written = `\\u${char.codePointAt(0)!.toString(16).padStart(4, '0')}`;
        for (const letter of written) add(this.fontOf(letter, face)!, letter);
      }
    }
    return runs;
  }

  /** Width of text in points. */
  width(text: string, face: Face, size: number): number {
    const key = `${face} ${text}`;
    let width = this.widths.get(key);
    if (width === undefined) {
      width = this.runs(text, face).reduce((sum, run) => {
        this.use(run.font, 100);
        return sum + this.doc.widthOfString(run.text) / 100;
      }, 0);
      this.widths.set(key, width);
    }
    return width * size;
  }

  /** Lines no wider than `limit` points, broken at spaces; a longer word is cut. */
  lines(text: string, face: Face, size: number, limit: number): string[] {
    const lines: string[] = [];
    let line = '';
    const fits = (candidate: string) => this.width(candidate, face, size) <= limit + 0.01;
    for (const word of text.split(' ')) {
      if (fits(line ? `${line} ${word}` : word)) line = line ? `${line} ${word}` : word;
      else {
        // A word that fits no line, such as a hash, begins where the line stands.
        const cut = !fits(word) && line !== '' && fits(`${line} ${word.slice(0, 8)}`);
        if (cut) line += ' ';
        else if (line) lines.push(line);
        if (!cut) line = '';
        for (const char of word) {
          if (line && !fits(line + char)) {
            lines.push(line);
            line = '';
          }
          line += char;
        }
      }
    }
    return [...lines, line];
  }
}
