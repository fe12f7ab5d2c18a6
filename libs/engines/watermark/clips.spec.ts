import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { decodeLuma, type LumaFrame, rewriteLuma, transcode } from '#engines/media';
import { createDetector, createMarker, type Marker, type WatermarkReading, type WatermarkSearch } from './index.js';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 200 - index);
const ID = '0123456789abcdef';
const clips = join(projectRoot, 'tests', 'fixtures', 'clips');
const work = mkdtempSync(join(tmpdir(), 'imprimatur-watermark-'));
afterAll(() => rmSync(work, { recursive: true, force: true }));

type Edit = (frame: LumaFrame) => Pick<LumaFrame, 'data' | 'width' | 'height'>;

async function read(path: string, search: WatermarkSearch, edit: Edit = (frame) => frame): Promise<WatermarkReading> {
  const detector = createDetector({ keys: [KEY] });
  for await (const frame of decodeLuma(path, { shortSide: 384, every: 3 })) {
    const { data, width, height } = edit(frame);
    detector.push(data, width, height);
  }
  return detector.finish({ search });
}

/** Keeps the middle 80 % and mirrors it. */
const cropAndFlip: Edit = ({ data, width, height }) => {
  const [w, h] = [Math.round(0.8 * width), Math.round(0.8 * height)];
  const [x0, y0] = [(width - w) >> 1, (height - h) >> 1];
  const out = new Uint8Array(w * h);
  for (let y = 0; y < h; y++) out.set(data.slice((y + y0) * width + x0, (y + y0) * width + x0 + w).reverse(), y * w);
  return { data: out, width: w, height: h };
};

describe.each(['flat-door-360p', 'portrait-chair-360p'])('real clip %s through H.264', (name) => {
  const source = join(clips, `${name}.mp4`);
  const released = join(work, `${name}.mp4`);
  const shared = join(work, `${name}.crf28.mp4`);

  beforeAll(async () => {
    let marker: Marker | undefined;
    await rewriteLuma(source, released, (luma, width, height, index) => {
      marker ??= createMarker({ key: KEY, releaseId: ID, width, height });
      marker.apply(luma, index);
    });
    await transcode(released, shared, { crf: 28 });
  });

  it('re-reads the released file with a wide margin', async () => {
    const reading = await read(released, 'identity');
    expect(reading).toMatchObject({ found: true, releaseId: ID });
    expect(reading.z).toBeGreaterThan(25);
  });

  it('reads a copy at CRF 28, also cropped and mirrored', async () => {
    expect(await read(shared, 'scale')).toMatchObject({ found: true, releaseId: ID });
    expect(await read(shared, 'scale', cropAndFlip)).toMatchObject({
      found: true,
      releaseId: ID,
      geometry: { flipped: true },
    });
  });

  it('finds nothing in the source', async () => {
    const reading = await read(source, 'scale');
    expect(reading.found).toBe(false);
    expect(reading.z).toBeLessThan(12);
  });
});
