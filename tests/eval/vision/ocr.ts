// Numbers of the ocr room: how much of a text is read, what is read where there is none, what it costs.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeImageFrame, openClipWriter, watchClip } from '#engines/media';
import { createTextReader, type TextReader } from '#engines/ocr';
import { type PixelFrame } from '#engines/pixels';
import { accuracy } from '../../../libs/engines/ocr/testing/accuracy.js';
import { draw, type DrawnScene, type DrawnText, widthOf } from '../../../libs/engines/ocr/testing/draw.js';
import { ENGLISH, FRENCH, groundOf, GROUNDS } from '../../../libs/engines/ocr/testing/scenes.js';
import { folded } from '../../../libs/engines/ocr/words.js';
import { writePeopleClip } from '../../support/people-clip.js';

const table = (head: string[], rows: (string | number)[][]) =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
const OUTLINE = { stroke: '#000000', strokeWidth: 4 };
const GRADIENT =
  '<defs><linearGradient id="g"><stop stop-color="#203040"/><stop offset="1" stop-color="#c08040"/></linearGradient></defs><rect width="100%" height="100%" fill="url(#g)"/>';

/** Share of characters read: exactly, and without accents and spaces. */
function shares(wanted: readonly string[], read: readonly string[]): string[] {
  return [percent(accuracy(wanted, read)), percent(accuracy(wanted.map(folded), read.map(folded)))];
}

interface Case {
  name: string;
  size: number;
  ink?: Partial<DrawnText>;
  scene?: DrawnScene;
}

const CASES: Case[] = [
  ...[14, 18, 24, 32, 48].map((size) => ({ name: `clean, ${size} px`, size })),
  { name: 'bold, 24 px', size: 24, ink: { face: '700' } },
  { name: 'italic, 24 px', size: 24, ink: { face: '400i' } },
  { name: 'on a gradient, 24 px', size: 24, scene: { ground: GRADIENT } },
  { name: 'outlined on hills, 32 px', size: 32, ink: OUTLINE, scene: { ground: groundOf(0) } },
  { name: 'outlined on discs, 32 px', size: 32, ink: OUTLINE, scene: { ground: groundOf(1) } },
  { name: 'outlined on windows, 32 px', size: 32, ink: OUTLINE, scene: { ground: groundOf(2) } },
  { name: 'turned by 12 degrees, 28 px', size: 28, ink: { turn: 12 } },
];

/** Lines one under another, in the middle of the picture. */
function placed(lines: readonly string[], { size, ink }: Case): DrawnText[] {
  return lines.map((text, i) => ({ x: (1280 - widthOf(text, size)) / 2, y: 150 + 140 * i, text, size, ...ink }));
}

async function pictures(reader: TextReader): Promise<string> {
  const rows: string[][] = [];
  for (const one of CASES) {
    const row = [one.name];
    for (const lines of [ENGLISH, FRENCH]) {
      const read = await reader.read(await draw({ ...one.scene, texts: placed(lines, one) }));
      const texts = read.map(({ text }) => text);
      row.push(...shares(lines, texts));
    }
    rows.push(row);
  }
  return table(['text at 1280x720', 'English', 'folded', 'French', 'folded'], rows);
}

async function watched(reader: TextReader, path: string) {
  const looking = reader.begin();
  await watchClip(path, {}, { onFrame: (frame) => looking.look(frame) });
  return looking.finish();
}

async function coded(reader: TextReader, folder: string): Promise<string> {
  const rows: string[][] = [];
  for (const [name, lines] of [
    ['English', ENGLISH],
    ['French', FRENCH],
  ] as const) {
    const path = join(folder, `${name}.mp4`);
    const writer = await openClipWriter(path, { width: 1280, height: 720, fps: 10, crf: 28 });
    const { rgb } = await draw({ ground: GRADIENT, texts: placed(lines, { name, size: 24 }) });
    for (let i = 0; i < 10; i++) await writer.writeRgb(rgb);
    await writer.close();
    rows.push([name, ...shares(lines, (await watched(reader, path)).map(({ text }) => text))]); // prettier-ignore
  }
  return table(['24 px on a gradient, H.264 at CRF 28', 'exactly', 'folded'], rows);
}

const moving = (ground: number, i: number) =>
  `<g transform="translate(${-12 * i} ${-6 * i}) scale(1.5)">${groundOf(ground)}</g>`;
const title = (text = ''): DrawnText[] => [{ text, x: 200, y: 650, size: 32, ...OUTLINE }];
const CLIPS: Record<string, (i: number) => DrawnScene> = {
  'title, nothing moves': () => ({ ground: groundOf(0), texts: title(ENGLISH[1]) }),
  'no text, nothing moves': () => ({ ground: groundOf(0) }),
  'no text, moving hills': (i) => ({ ground: moving(0, i) }),
  'no text, moving discs': (i) => ({ ground: moving(1, i) }),
  'no text, moving grass': (i) => ({ ground: moving(3, i) }),
  'no text, moving windows': (i) => ({ ground: moving(2, i) }),
  'title on moving hills': (i) => ({ ground: moving(0, i), texts: title(ENGLISH[1]) }),
  'title on moving windows': (i) => ({ ground: moving(2, i), texts: title(ENGLISH[1]) }),
  'eight captions on moving hills': (i) => ({
    ground: moving(0, i),
    texts: title([...ENGLISH, ...FRENCH][Math.floor(i / 3)]),
  }),
};

async function cost(reader: TextReader, folder: string): Promise<string> {
  const rows: (string | number)[][] = [];
  const measure = async (name: string, frames: readonly PixelFrame[]) => {
    const started = process.cpuUsage();
    const looking = reader.begin();
    for (const frame of frames) await looking.look(frame);
    const texts = await looking.finish();
    const { user, system } = process.cpuUsage(started);
    rows.push([name, frames.length, ((user + system) / 1e6).toFixed(2), texts.map(({ text }) => text).join(' / ')]);
  };
  for (const [name, sceneOf] of Object.entries(CLIPS)) {
    const frames: PixelFrame[] = [];
    for (let i = 0; i < 22; i++) frames.push(await draw({ ...sceneOf(i), timeS: i / 2, jpeg: 85 }));
    await measure(name, frames);
  }
  const frames: PixelFrame[] = [];
  const path = await writePeopleClip(join(folder, 'people.mp4'));
  await watchClip(path, {}, { onFrame: (frame) => void frames.push({ ...frame, rgb: frame.rgb.slice() }) });
  await measure('caption and a walking face', frames);
  return table(['10 s at 1280x720', 'frames', 'CPU seconds', 'read'], rows);
}

async function nothing(reader: TextReader): Promise<string> {
  const rows: (string | number)[][] = [];
  const scenes: string[] = [];
  for (let i = 0; i < GROUNDS; i++) {
    const read = await reader.read(await draw({ ground: groundOf(i) }));
    scenes.push(...read.map(({ text }) => text));
  }
  rows.push(['30 drawn scenes', scenes.length, scenes.join(' / ')]);
  const kit = process.env.IMPRIMATUR_KIT;
  for (const [folder, ending] of [
    ['pdq', '.jpg'],
    ['clips', '.mp4'],
  ] as const) {
    if (!kit || !existsSync(join(kit, folder))) continue;
    for (const file of readdirSync(join(kit, folder)).filter((one) => one.endsWith(ending))) {
      const path = join(kit, folder, file);
      const read = await (folder === 'clips'
        ? watched(reader, path)
        : reader.read(await decodeImageFrame(readFileSync(path))));
      rows.push([`${folder}/${file}`, read.length, read.map(({ text }) => text).join(' / ')]);
    }
  }
  const left = kit ? '' : '\n\nWithout IMPRIMATUR_KIT: the photographs and clips of the kit were left out.';
  return table(['pictures chosen without regard to text', 'lines', 'read'], rows) + left;
}

/** Measured numbers of `#engines/ocr`, as Markdown. */
export async function evaluate(): Promise<string> {
  const before = process.memoryUsage().rss;
  const reader = await createTextReader();
  const folder = await mkdtemp(join(tmpdir(), 'imprimatur-ocr-'));
  try {
    const parts = ['Share of characters read; folded: accents, case and spaces do not count.', await pictures(reader)];
    const grown = Math.round((process.memoryUsage().rss - before) / 2 ** 20);
    parts.push(`After these pictures the process was ${grown} MiB larger, drawing them included.`);
    parts.push(await coded(reader, folder), await cost(reader, folder), await nothing(reader));
    return parts.join('\n\n');
  } finally {
    await reader.close();
    await rm(folder, { recursive: true, force: true });
  }
}
