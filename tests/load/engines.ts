import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeInference } from '#engines/inference';
import { decodeLuma, rewriteLuma, sampleFrames, spritesheet, thumbnail, transcode, type Frame } from '#engines/media';
import { classifyText, loadTextModel } from '#engines/text';
import { createNsfwDetector } from '#engines/vision';
import { createDetector, createMarker } from '#engines/watermark';
import { CLIP, drawClip } from './deployment.js';
import { loadNow, median, note, table } from './machine.js';
import type { BenchReport } from './main.js';
import { shot } from './prompts.js';

const KEY = Buffer.alloc(32, 7);
const RELEASE_ID = '0123456789abcdef';
const REPETITIONS = 3;

interface Measured {
  wallS: number;
  cpuS: number;
}

async function timed(work: () => unknown): Promise<Measured> {
  const started = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wallS: (performance.now() - started) / 1000, cpuS: (user + system) / 1e6 };
}

/** One engine's work, `count` units of it at a time. */
interface Work {
  name: string;
  unit: string;
  count: number;
  run: () => unknown;
}

async function row({ name, unit, count, run }: Work): Promise<string[]> {
  note(`  ${name}`);
  const runs: Measured[] = [];
  for (let i = 0; i < REPETITIONS; i++) runs.push(await timed(run));
  const ms = (seconds: number) => ((1000 * seconds) / count).toPrecision(3);
  const wall = runs.map(({ wallS }) => wallS);
  return [name, unit, ms(Math.min(...wall)), ms(median(wall)), ms(Math.min(...runs.map(({ cpuS }) => cpuS)))];
}

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

async function works(clip: string, marked: string): Promise<Work[]> {
  const { width, height } = CLIP;
  const frames = CLIP.seconds * CLIP.fps;
  const marker = createMarker({ key: KEY, releaseId: RELEASE_ID, width, height });
  const mark = (luma: Uint8Array, _w: number, _h: number, index: number) => marker.apply(luma, index);
  await rewriteLuma(clip, marked, mark);
  const few = await all(decodeLuma(clip, { every: 10 }));
  const small = await all(decodeLuma(marked, { every: 3, shortSide: 384 }));
  const pictures: Frame[] = await all(sampleFrames(clip, { maxSide: 640 }));
  const nsfw = await createNsfwDetector();
  await nsfw.score(pictures); // every thread loads its model
  const detect = () => {
    const detector = createDetector({ keys: [KEY] });
    for (const { data, width, height } of small) detector.push(data, width, height);
    if (!detector.finish({ search: 'identity' }).found) throw new Error('the mark does not read back');
  };
  const model = loadTextModel();
  const prompts = Array.from({ length: 400 }, (_, i) => shot(i).text);
  const clips = `clip of ${CLIP.seconds} s`;
  return [
    {
      name: 'text: classify one prompt of the mix',
      unit: 'prompt',
      count: prompts.length,
      run: () => prompts.forEach((prompt) => classifyText(model, prompt)),
    },
    { name: 'media: decode', unit: 'frame', count: frames, run: () => all(decodeLuma(clip, { every: frames })) },
    {
      name: 'media: sample the frames to look at',
      unit: clips,
      count: 1,
      run: () => all(sampleFrames(clip, { maxSide: 640 })),
    },
    {
      name: 'vision: score frames, all threads',
      unit: 'frame',
      count: pictures.length,
      run: () => nsfw.score(pictures),
    },
    {
      name: 'watermark: make a marker',
      unit: 'clip',
      count: 1,
      run: () => createMarker({ key: KEY, releaseId: RELEASE_ID, width, height }),
    },
    {
      name: 'watermark: mark a luma plane of 1280x720',
      unit: 'frame',
      count: few.length,
      run: () => few.forEach(({ data }) => marker.apply(data.slice(), 0)),
    },
    {
      name: 'watermark: read the mark, unchanged geometry',
      unit: `clip, ${small.length} frames`,
      count: 1,
      run: detect,
    },
    {
      name: 'media: plain transcode, CRF 18 veryfast',
      unit: clips,
      count: 1,
      run: () => transcode(clip, marked, { crf: 18 }),
    },
    {
      name: 'media + watermark: rewrite with the mark',
      unit: clips,
      count: 1,
      run: () => rewriteLuma(clip, marked, mark),
    },
    {
      name: 'media: thumbnail and contact sheet',
      unit: clips,
      count: 1,
      run: async () => [await thumbnail(clip), await spritesheet(clip)],
    },
  ];
}

/** What the engines cost one by one, in this process. */
export async function benchEngines(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-bench-'));
  try {
    note('engines, one by one');
    const clip = join(dir, 'clip.mp4');
    await drawClip(clip);
    const rows: string[][] = [];
    for (const work of await works(clip, join(dir, 'marked.mp4'))) rows.push(await row(work));
    const head = ['work', 'per', 'wall min, ms', 'wall median, ms', 'processor time min, ms'];
    return { markdown: `${table(head, rows)}\n\nLoad after ${loadNow()}.`, met: true };
  } finally {
    await closeInference();
    await rm(dir, { recursive: true, force: true });
  }
}
