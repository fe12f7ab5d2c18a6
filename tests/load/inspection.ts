import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createExaminer, type Examiner, type Looked } from '#domain/examination';
import { TEN_SECONDS, writePeopleClip } from '../support/people-clip.js';
import { loadNow, median, note, table } from './machine.js';
import type { BenchReport } from './main.js';
import { processTree, type ProcessState } from './processes.js';

/** Seconds that a 10 s clip at 1280x720 with a face, a caption and speech may take on two cores. */
const WALL_LIMIT_S = 6;
/** Memory of the media process, in MiB. */
const MEMORY_LIMIT_MB = 1000;
const REPETITIONS = 5;
/** Clips of the leak test, and how much the process may have grown between its first and last fifth. */
const LEAK_CLIPS = 500;
const LEAK_LIMIT_MB = 40;

/** The media process. */
function mediaProcess(): ProcessState {
  const [found] = processTree(process.pid).filter(({ role }) => role === 'sandbox');
  if (!found) throw new Error('no media process is running');
  return found;
}

function parts(runs: Looked[]): string[][] {
  const names = Object.keys(runs[0]!.timings);
  return names.map((name) => [name, String(median(runs.map(({ timings }) => timings[name] ?? 0)))]);
}

async function whole(examiner: Examiner, clip: string): Promise<{ markdown: string; met: boolean }> {
  note('  first run: models are loaded');
  const first = performance.now();
  await examiner.run('inspect', { path: clip });
  const firstS = (performance.now() - first) / 1000;
  const runs: Looked[] = [];
  const walls: number[] = [];
  const cpu: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const before = mediaProcess().cpuS;
    const started = performance.now();
    runs.push(await examiner.run('inspect', { path: clip }));
    walls.push((performance.now() - started) / 1000);
    cpu.push(mediaProcess().cpuS - before);
    note(`  ${walls.at(-1)!.toFixed(2)} s`);
  }
  const peak = mediaProcess().peakRss / 2 ** 20;
  const { frames, faces, texts, speech } = runs[0]!;
  const seconds = speech && 'seconds' in speech ? speech.seconds.toFixed(1) : '0';
  const [best, middle] = [Math.min(...walls), median(walls)];
  const markdown = [
    `A clip of 10 s, 1280x720, 30 frames/s: ${frames} frames looked at, ${faces.length} face track, ${texts.length} line of text, ${seconds} s of speech.`,
    '',
    table(
      ['what', 'limit', 'measured'],
      [
        [
          'whole inspection, wall, best of 5 / median',
          `${WALL_LIMIT_S} s`,
          `${best.toFixed(2)} s / ${middle.toFixed(2)} s`,
        ],
        ['processor time, median', '', `${median(cpu).toFixed(1)} s`],
        ['the first one after a start', '', `${firstS.toFixed(2)} s`],
        ['peak memory of the media process', `${MEMORY_LIMIT_MB} MiB`, `${Math.round(peak)} MiB`],
      ],
    ),
    '',
    table(['part', 'ms from begin to end, waiting included, median'], parts(runs)),
    '',
    `Load after ${loadNow()}.`,
  ].join('\n');
  return { markdown, met: best <= WALL_LIMIT_S && peak <= MEMORY_LIMIT_MB };
}

/** Memory of a process that inspects hundreds of clips; the process is not recycled meanwhile. */
async function leak(examiner: Examiner, clip: string): Promise<{ markdown: string; met: boolean }> {
  const seen: number[] = [];
  for (let i = 0; i < LEAK_CLIPS; i++) {
    await examiner.run('inspect', { path: clip });
    seen.push(mediaProcess().rss / 2 ** 20);
    if ((i + 1) % 50 === 0) note(`  ${i + 1} clips, ${Math.round(seen.at(-1)!)} MiB`);
  }
  const fifth = (n: number) => median(seen.slice((n * seen.length) / 5, ((n + 1) * seen.length) / 5));
  const growth = fifth(4) - fifth(1);
  const rows = [0, 1, 2, 3, 4].map((n) => [`${n * 20} to ${(n + 1) * 20} %`, `${Math.round(fifth(n))} MiB`]);
  const markdown = [
    `${LEAK_CLIPS} clips of 1 s one after another in one media process:`,
    '',
    table(['of the clips', 'median resident memory'], rows),
    '',
    `Growth from the second to the last fifth: ${growth.toFixed(0)} MiB (limit ${LEAK_LIMIT_MB}).`,
  ].join('\n');
  return { markdown, met: growth <= LEAK_LIMIT_MB };
}

async function withClip(
  clip: Parameters<typeof writePeopleClip>[1],
  recycleAfter: number,
  work: (examiner: Examiner, path: string) => Promise<BenchReport>,
): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-inspect-'));
  const examiner = createExaminer({ processes: 1, maxRssMb: 4000, timeoutMs: 120_000, providers: 'cpu', recycleAfter });
  try {
    return await work(examiner, await writePeopleClip(join(dir, 'people.mp4'), clip));
  } finally {
    await examiner.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** Time and memory of a whole inspection. */
export function benchInspection(): Promise<BenchReport> {
  return withClip(TEN_SECONDS, 200, whole);
}

/** Memory over 500 inspections in one process. */
export function benchLeak(): Promise<BenchReport> {
  const second = { ...TEN_SECONDS, width: 640, height: 360, seconds: 1, portrait: 300 };
  return withClip(second, 10 * LEAK_CLIPS, leak);
}
