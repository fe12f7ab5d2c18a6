import { join } from 'node:path';
import sharp, { type Sharp } from 'sharp';
import { projectRoot } from '#kernel';
import { closeInference } from '#engines/inference';
import { type PixelFrame } from '#engines/pixels';
import { aggregateNsfw, createNsfwDetector, type NsfwDetector } from './index.js';

async function pixels(image: Sharp, timeS: number): Promise<PixelFrame> {
  const { data, info } = await image.removeAlpha().toColourspace('srgb').raw().toBuffer({ resolveWithObject: true });
  return { timeS, width: info.width, height: info.height, rgb: data };
}
const drawing = (body: string, width = 640, height = 360) =>
  sharp(Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${body}</svg>`));
const astronaut = () => sharp(join(projectRoot, 'tests', 'fixtures', 'images', 'astronaut_collins.png'));

/** Benign: a portrait, landscapes, a city, skin-coloured shapes, noise, black and white. */
const benign = () => [
  astronaut(),
  astronaut().resize(1280, 720, { fit: 'cover' }),
  drawing('<rect width="640" height="200" fill="#7ab8f0"/><rect y="200" width="640" height="160" fill="#3f7d3a"/>'),
  drawing(
    '<rect width="640" height="360" fill="#e2b48f"/><ellipse cx="320" cy="180" rx="160" ry="90" fill="#c68f6a"/>',
  ),
  drawing(
    Array.from({ length: 12 }, (_, i) => {
      const height = 80 + ((i * 53) % 220);
      return `<rect x="${i * 54}" y="${360 - height}" width="48" height="${height}" fill="hsl(${i * 30},20%,40%)"/>`;
    }).join(''),
  ),
  sharp({
    create: {
      width: 320,
      height: 320,
      channels: 3,
      background: '#777',
      noise: { type: 'gaussian', mean: 128, sigma: 50 },
    },
  }),
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#000' } }),
  sharp({ create: { width: 64, height: 64, channels: 3, background: '#fff' } }),
];

describe('createNsfwDetector', () => {
  let detector: NsfwDetector;
  beforeAll(async () => {
    detector = await createNsfwDetector({ provider: 'cpu', batch: 3 });
  });
  afterAll(closeInference);

  it('raises no false alarm on benign pictures', async () => {
    const frames = await Promise.all(benign().map((image, i) => pixels(image, i * 2)));
    const scores = await detector.score(frames);
    expect(scores).toHaveLength(frames.length);
    for (const s of scores) expect(s.porn + s.hentai).toBeLessThan(0.5);
    const signal = aggregateNsfw(
      scores.map((s, i) => ({ timeS: frames[i]?.timeS ?? NaN, scores: s })),
      detector.model,
    )[0];
    expect(signal).toMatchObject({ state: 'measured', model: { provider: 'cpu', version: 'nsfwjs-4.3.0' } });
    expect(signal?.score).toBeLessThan(0.5);
  });

  it('tells a photograph from a drawing', async () => {
    const [photograph, drawn] = await detector.score(
      await Promise.all([pixels(astronaut(), 0), pixels(benign()[4] as Sharp, 1)]),
    );
    expect(photograph?.neutral).toBeGreaterThan(0.5);
    expect(drawn?.drawing).toBeGreaterThan(photograph?.drawing ?? 1);
  });

  it('gives a frame the same scores alone and in any batch, in order', async () => {
    const frames = await Promise.all(
      benign()
        .slice(0, 5)
        .map((image, i) => pixels(image, i)),
    );
    const together = await detector.score(frames);
    for (const [i, frame] of frames.entries()) {
      const [alone] = await detector.score([frame]);
      for (const name of ['drawing', 'hentai', 'neutral', 'porn', 'sexy'] as const) {
        expect(alone?.[name]).toBeCloseTo(together[i]?.[name] ?? NaN, 5);
      }
    }
  });

  it('scores nothing for no frames, and refuses a broken one', async () => {
    expect(await detector.score([])).toEqual([]);
    const broken = { timeS: 0, width: 10, height: 10, rgb: new Uint8Array(10) };
    await expect(detector.score([broken])).rejects.toMatchObject({ code: 'frame_invalid' });
  });
});
