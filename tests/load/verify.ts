import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '#kernel';
import { createExaminer } from '#domain/examination';
import { Verifier, type KeptPrints, type PrintSource } from '#domain/provenance';
import { createDevelopmentPki } from '#engines/credentials';
import {
  decodePicture,
  decodeSound,
  PrintIndex,
  type PicturePrint,
  type SoundFingerprint,
  type SoundPrint,
} from '#engines/fingerprint';
import { transcode } from '#engines/media';
import { benchAnswers } from './answers.js';
import { CLIP, drawClip } from './deployment.js';
import { median, note, table } from './machine.js';
import type { BenchReport } from './main.js';
import { processTree } from './processes.js';

const RELEASES = 10_000;
const SECONDS = 10;
const LIMIT_S = 5;
const REPETITIONS = 3;
const KEY = '07'.repeat(32);
const ID = '0123456789abcdef';

let state = 1;
const random = () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0);
const words = (count: number) => Uint32Array.from({ length: count }, random);

/** Made-up prints: independent bits, so that hashes lie evenly; real ones share more buckets and cost more to ask. */
function madeUp(): { picture: PicturePrint; sound: SoundPrint } {
  const frames = Array.from({ length: 2 * SECONDS }, (_, i) => ({ timeMs: 500 * i, quality: 90, hash: words(8) }));
  const sound = { words: words(86 * SECONDS), usable: new Uint8Array(86 * SECONDS).fill(1) };
  return { picture: { width: 683, height: 384, frames }, sound };
}

async function filled(): Promise<{ index: PrintIndex; rows: string[][] }> {
  globalThis.gc?.();
  const before = process.memoryUsage();
  const index = new PrintIndex();
  const empty = index.size.bytes;
  let started = performance.now();
  for (let i = 0; i < RELEASES; i++) {
    const { picture, sound } = madeUp();
    index.addPicture(`r${i}`, picture);
    index.addSound(`r${i}`, sound);
  }
  const filledMs = performance.now() - started;
  const after = process.memoryUsage();
  const frames = Array.from({ length: 8 * SECONDS }, (_, i) => {
    return { timeMs: 125 * i, quality: 90, hash: words(8), mirrored: words(8) };
  });
  const track: SoundFingerprint = {
    ...{ algorithm: 'haitsma-kalker', words: words(86 * SECONDS), usable: new Uint8Array(86 * SECONDS).fill(1) },
    weak: Uint8Array.from({ length: 258 * SECONDS }, () => random() % 32),
  };
  started = performance.now();
  await index.searchPictures(frames);
  const picturesMs = performance.now() - started;
  started = performance.now();
  index.searchSound(track);
  const soundMs = performance.now() - started;
  const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
  const taken = after.rss - before.rss;
  return {
    index,
    rows: [
      ['arrays, empty', mib(empty)],
      [`arrays, ${RELEASES} releases of ${SECONDS} s`, mib(index.size.bytes)],
      ['resident memory of the process, by so much more', mib(taken)],
      ['filling, decoding of rows and database left out', `${(filledMs / 1000).toFixed(1)} s`],
      [`pictures of a file of ${SECONDS} s`, `${picturesMs.toFixed(0)} ms`],
      [`sound of a file of ${SECONDS} s`, `${soundMs.toFixed(0)} ms`],
    ],
  };
}

/** CPU seconds of this process and its children so far. */
const cpuS = () => processTree(process.pid).reduce((sum, one) => sum + one.cpuS, 0);

async function signed(
  dir: string,
): Promise<{ files: Record<string, string>; pki: Awaited<ReturnType<typeof createDevelopmentPki>> }> {
  const pki = await createDevelopmentPki();
  const at = (name: string) => join(dir, name);
  await drawClip(at('foreign.mp4'));
  const examiner = createExaminer({ processes: 1, maxRssMb: 1200, timeoutMs: 120_000 });
  await examiner.run('mark', { input: at('foreign.mp4'), output: at('release.mp4'), key: KEY, releaseId: ID });
  await examiner.close();
  await transcode(at('release.mp4'), at('copy.mp4'), { crf: 30 });
  const files = { 'copy at CRF 30': at('copy.mp4'), 'the same without a mark': at('foreign.mp4') };
  return { files, pki };
}

/** How long an examination takes with ten thousand releases to search, and what they take in memory. */
async function benchExamination(): Promise<BenchReport> {
  const dir = await mkdtemp(join(tmpdir(), 'imprimatur-verify-'));
  const { index, rows } = await filled();
  const { files, pki } = await signed(dir);
  const examiner = createExaminer({ processes: 2, maxRssMb: 1200, timeoutMs: 120_000 });
  try {
    const prints = await examiner.run('fingerprints', { path: join(dir, 'release.mp4') });
    const kept: KeptPrints = {
      picture: decodePicture(prints.picture),
      sound: prints.sound && decodeSound(prints.sound),
    };
    index.addPicture(ID, kept.picture!);
    if (kept.sound) index.addSound(ID, kept.sound);
    const source: PrintSource = {
      refresh: () => Promise.resolve(),
      unread: 0,
      searchPictures: (frames, mirrored) => index.searchPictures(frames, mirrored),
      searchSound: (track) => index.searchSound(track),
      of: (ids) => Promise.resolve(new Map(ids.includes(ID) ? [[ID, kept]] : [])),
    };
    const trust = {
      anchorsPem: [],
      tsaAnchorsPem: [],
      ours: { anchorsPem: [pki.rootPem], registered: [] },
    };
    const verifier = new Verifier({
      ...{
        examiner,
        keys: [KEY],
        clock: systemClock,
        prints: source,
        log: null,
        ancestry: null,
        tool: { name: 'bench', version: '1', parts: [] },
      },
      trust: () => trust,
      register: () => Promise.resolve({ bytes: null, manifest: null, watermark: null, named: [] }),
    });
    const timings: string[][] = [];
    let met = true;
    for (const [name, path] of Object.entries(files)) {
      note(`  ${name}`);
      const runs: { wall: number; cpu: number }[] = [];
      for (let i = 0; i < REPETITIONS; i++) {
        const [started, before] = [performance.now(), cpuS()];
        await verifier.verify(path, { timeoutMs: 120_000 });
        runs.push({ wall: (performance.now() - started) / 1000, cpu: cpuS() - before });
      }
      const wall = runs.map((one) => one.wall);
      met &&= median(wall) <= LIMIT_S;
      const cpu = median(runs.map((one) => one.cpu));
      timings.push([name, ...[wall[0]!, Math.min(...wall), median(wall), cpu].map((value) => value.toFixed(2))]);
    }
    const { width, height, fps } = CLIP;
    const head = [
      `${SECONDS} s, ${width}x${height}, ${fps} frames/s`,
      'first, s',
      'least, s',
      'median, s',
      'CPU, median, s',
    ];
    const markdown = `${table(head, timings)}\n\nLimit: ${LIMIT_S} s (median).\n\n${table(['index of prints', ''], rows)}`;
    return { markdown, met };
  } finally {
    await examiner.close();
    await rm(dir, { recursive: true, force: true });
  }
}

/** The examination alone, and what a caller of the whole service waits for. */
export async function benchVerify(): Promise<BenchReport> {
  const [examination, answers] = [await benchExamination(), await benchAnswers()];
  return { markdown: `${examination.markdown}\n\n${answers.markdown}`, met: examination.met && answers.met };
}
