import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '#kernel';
import { createVideoFingerprinter, hashDistance, HashIndex, pdq, type HashWords } from '#engines/fingerprint';
import type { PixelFrame } from '#engines/pixels';

const FOLDER = join(projectRoot, 'tests/fixtures/pdq');
const HASHES = 1_000_000;
const EDITS = ['blur-a-lot', 'high-contrast', 'shrink-a-lot', 'square-128x128'];

async function decoded(name: string): Promise<PixelFrame> {
  const image = sharp(join(FOLDER, name)).removeAlpha().toColourspace('srgb').raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  return { timeS: 0, width: info.width, height: info.height, rgb: data };
}

/** As a frame of a clip: reduced to 512 pixels first. */
function asFrame(frame: PixelFrame): string {
  const clip = createVideoFingerprinter().begin();
  clip.look(frame);
  return clip.finish().hashes[0]!.hash;
}

function cpuMs(work: () => void): number {
  const started = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

async function vectors(): Promise<string[]> {
  const lines = [
    '| vector | to the reference | reduced to 512 px: to the reference, to the full hash | quality |',
    '|---|---|---|---|',
  ];
  const expected = readFileSync(join(FOLDER, 'expected.csv'), 'utf8').trim().split('\n').slice(1);
  for (const [name, hash] of expected.map((line) => line.split(',') as [string, string])) {
    const frame = await decoded(name);
    const [full, reduced] = [pdq(frame), asFrame(frame)];
    const [a, b, c] = [hashDistance(full.hash, hash), hashDistance(reduced, hash), hashDistance(reduced, full.hash)];
    lines.push(`| ${name} | ${a} | ${b}, ${c} | ${full.quality} |`);
  }
  const original = pdq(await decoded('bridge-1-original.jpg')).hash;
  for (const edit of EDITS) {
    const distance = hashDistance(pdq(await decoded(`bridge-${edit}.jpg`)).hash, original);
    lines.push(`| bridge-${edit}.jpg | ${distance} (to the original) | | |`);
  }
  return lines;
}

function ofOneClip(): string {
  const [width, height] = [1280, 720];
  const rgb = Uint8Array.from({ length: 3 * width * height }, (_, i) => (i * 7919) % 251);
  const clip = createVideoFingerprinter().begin();
  const ms = cpuMs(() => {
    for (let i = 0; i < 20; i++) clip.look({ timeS: i / 2, width, height, rgb });
    clip.finish();
  });
  return `10 s of 1280x720 at two frames a second: ${ms.toFixed(0)} ms of CPU.`;
}

function changed(hash: HashWords, bits: number, random: () => number): HashWords {
  const copy = Uint32Array.from(hash);
  for (let i = 0; i < bits; i++) {
    const place = (i * 8 + (random() % 8)) % 256;
    copy[place >> 5]! ^= 1 << (place & 31);
  }
  return copy;
}

interface Timing {
  p50: number;
  p99: number;
  found: number;
}

/** Milliseconds of CPU of a question, which other processes do not lengthen, and the share that found something. */
function asked(index: HashIndex, queries: HashWords[], limit?: number): Timing {
  let found = 0;
  const times = queries.map((query) => {
    return cpuMs(() => {
      if (index.query(query, { limit }).matches.length > 0) found++;
    });
  });
  times.sort((a, b) => a - b);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(share * times.length))]!;
  return { p50: at(0.5), p99: at(0.99), found: found / queries.length };
}

async function filled(
  hashOf: (id: number) => HashWords,
): Promise<{ index: HashIndex; cpu: number; longest: number; rss: number }> {
  global.gc?.();
  const before = process.memoryUsage().rss;
  const index = new HashIndex(HASHES);
  let [longest, cpu] = [0, 0];
  for (let id = 0; id < HASHES;) {
    const batch = Array.from({ length: 100 }, (_, i) => hashOf(id + i));
    const started = performance.now();
    cpu += cpuMs(() => batch.forEach((hash) => index.add({ id: id++, hash })));
    longest = Math.max(longest, performance.now() - started);
    await new Promise(setImmediate);
  }
  return { index, cpu, longest, rss: process.memoryUsage().rss - before };
}

async function largeIndex(): Promise<string[]> {
  let state = 12345;
  const random = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  const all = new Uint32Array(8 * HASHES).map(random);
  const hashOf = (id: number) => all.subarray(8 * id, 8 * id + 8);
  const { index, cpu, longest, rss } = await filled(hashOf);
  const mb = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`;
  const near = asked(
    index,
    Array.from({ length: 2000 }, () => changed(hashOf(random() % HASHES), 31, random)),
  );
  const far = asked(
    index,
    Array.from({ length: 2000 }, () => new Uint32Array(8).map(random)),
  );
  const centre = hashOf(0);
  const cluster = await filled(() => changed(centre, 10, random));
  const crowded = asked(
    cluster.index,
    Array.from({ length: 40 }, () => changed(centre, 5, random)),
  );
  const row = (what: string, { p50, p99, found }: Timing) =>
    `| ${what} | ${p50.toFixed(2)} ms | ${p99.toFixed(2)} ms | ${(100 * found).toFixed(1)} % |`;
  return [
    `${HASHES} random hashes: built in ${(cpu / 1000).toFixed(1)} s of CPU, longest slice of 100 ${longest.toFixed(0)} ms, ${mb(index.bytes)} in arrays (process ${mb(rss)} larger).`,
    '',
    '| question | CPU p50 | CPU p99 | found |',
    '|---|---|---|---|',
    row('31 bits from one that is there', near),
    row('random', far),
    row('a million hashes within 20 bits of each other, nearest 100', crowded),
  ];
}

/** Distances to the reference of PDQ, and what an index of a million hashes takes; as Markdown. */
export async function evaluate(): Promise<string> {
  return ['## Fingerprints', '', ...(await vectors()), '', ofOneClip(), '', ...(await largeIndex()), ''].join('\n');
}
