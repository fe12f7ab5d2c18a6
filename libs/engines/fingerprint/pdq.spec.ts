import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { projectRoot } from '#kernel';
import { PixelError, type PixelFrame } from '#engines/pixels';
import { compareVideos, createVideoFingerprinter, FingerprintError, hashDistance, parseHash, pdq } from './index.js';

const FOLDER = join(projectRoot, 'tests/fixtures/pdq');

async function decoded(name: string, width?: number): Promise<PixelFrame> {
  const image = sharp(join(FOLDER, name)).removeAlpha().toColourspace('srgb');
  const { data, info } = await image.resize({ width }).raw().toBuffer({ resolveWithObject: true });
  return { timeS: 0, width: info.width, height: info.height, rgb: data };
}
const grey = (width: number, height: number, at: (x: number, y: number) => number, timeS = 0): PixelFrame => ({
  timeS,
  width,
  height,
  rgb: Uint8Array.from({ length: 3 * width * height }, (_, i) =>
    at(Math.floor(i / 3) % width, Math.floor(i / 3 / width)),
  ),
});

describe('hashes as text', () => {
  it('are 64 hex digits, and anything else is refused', () => {
    const hash = readFileSync(join(FOLDER, 'needles.txt'), 'utf8').slice(0, 64);
    expect(hashDistance(hash, hash.toUpperCase())).toBe(0);
    expect(hashDistance('0'.repeat(64), 'f'.repeat(64))).toBe(256);
    for (const bad of ['', 'zz', hash.slice(1), `${hash}0`, `g${hash.slice(1)}`, ` ${hash.slice(1)}`]) {
      expect(() => parseHash(bad)).toThrow(FingerprintError);
      expect(() => parseHash(bad)).toThrow(
        expect.objectContaining({ code: 'hash_malformed', kind: 'invalid' }) as Error,
      );
    }
  });
});

describe('pdq', () => {
  it('has no quality where there is nothing to see', () => {
    expect(pdq(grey(64, 64, () => 90)).quality).toBe(0);
    expect(pdq(grey(4, 300, (x) => 60 * x))).toEqual({ hash: '0'.repeat(64), quality: 0 });
    expect(() => pdq({ timeS: 0, width: 9, height: 9, rgb: new Uint8Array(3) })).toThrow(PixelError);
  });

  it('sees the same picture in another size', async () => {
    const whole = pdq(await decoded('bridge-1-original.jpg'));
    expect(hashDistance(whole.hash, pdq(await decoded('bridge-1-original.jpg', 300)).hash)).toBeLessThanOrEqual(16);
    expect(hashDistance(whole.hash, pdq(await decoded('q0122.jpg')).hash)).toBeGreaterThan(80);
  });
});

describe('video fingerprints', () => {
  const noisy = (timeS: number, seed: number) =>
    grey(96, 64, (x, y) => ((x * 31 + y * 17 * seed) ^ (x * y * seed)) & 255, timeS);

  it('hold the frame nearest to each full second', () => {
    const clip = createVideoFingerprinter().begin();
    for (const t of [0, 0.4, 0.9, 1.2, 1.5, 1.95, 4.2, 4.8]) clip.look(noisy(t, 3));
    expect(clip.finish().hashes.map(({ atS }) => atS)).toEqual([0, 0.9, 1.95, 4.2, 4.8]);
  });

  it('keep nothing of a frame whose memory is used again, nor of another clip', () => {
    const fingerprinter = createVideoFingerprinter();
    const [clip, other] = [fingerprinter.begin(), fingerprinter.begin()];
    const frame = noisy(0, 3);
    clip.look(frame);
    frame.rgb.fill(0);
    other.look(noisy(0, 5));
    expect(clip.finish().hashes[0]).toMatchObject({ atS: 0, hash: pdq(noisy(0, 3)).hash });
    expect(other.finish().hashes).toHaveLength(1);
  });

  it('are empty without frames, and then cannot be compared', () => {
    const empty = createVideoFingerprinter().begin().finish();
    expect(empty).toEqual({ algorithm: 'vpdq', hashes: [] });
    expect(compareVideos(empty, empty)).toBeNull();
  });

  it('are compared by the share of hashes that match, without those of low quality', () => {
    const names = readFileSync(join(FOLDER, 'needles.txt'), 'utf8').trim().split('\n');
    const of = (hashes: string[], quality = 100) => ({
      algorithm: 'vpdq' as const,
      hashes: hashes.map((hash, atS) => ({ atS, hash, quality })),
    });
    const [a, b, c, d] = names as [string, string, string, string];
    expect(compareVideos(of([a, b]), of([a, b, c, d]))).toEqual({ query: 1, compared: 0.5 });
    expect(compareVideos(of([a, b]), of([c]))).toEqual({ query: 0, compared: 0 });
    expect(compareVideos(of([a, b], 49), of([a]))).toBeNull();
  });

  it('take a small part of the time that a clip may take', () => {
    const picture = grey(1280, 720, (x, y) => (x * y + 7 * x) & 255);
    const frames = Array.from({ length: 20 }, (_, i) => ({ ...picture, timeS: i / 2 }));
    const clip = createVideoFingerprinter().begin();
    const started = process.cpuUsage();
    for (const frame of frames) clip.look(frame);
    expect(clip.finish().hashes).toHaveLength(10);
    const { user, system } = process.cpuUsage(started);
    expect((user + system) / 1e6).toBeLessThan(1);
  });
});
