import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp, { type SharpInput } from 'sharp';
import { projectRoot, sha256Hex } from '#kernel';
import { closeInference, loadManifest, modelCard, type ModelCard, openSession } from '#engines/inference';
import { buildModels } from './build.js';
import { maxDifference, runInTensorFlow } from './convert/testing/reference.js';

const card = modelCard('nsfw-mobilenet-v2-mid');
const installed = join(projectRoot, 'node_modules');

/** Four benign pictures, 224x224, as the network wants them. */
async function benignBatch(): Promise<Float32Array> {
  const shapes = (body: string) =>
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="640" height="360">${body}</svg>`);
  const pictures: SharpInput[] = [
    join(projectRoot, 'tests', 'fixtures', 'images', 'astronaut_collins.png'),
    shapes(`<rect width="640" height="200" fill="#7ab8f0"/><rect y="200" width="640" height="160" fill="#3f7d3a"/>
      <circle cx="520" cy="80" r="40" fill="#ffe98a"/><path d="M60 220 L180 90 L300 220 Z" fill="#77706b"/>`),
    shapes(`<rect width="640" height="360" fill="#fff"/><circle cx="320" cy="180" r="120" fill="#d22"/>
      <rect x="40" y="40" width="120" height="280" fill="#238"/>`),
  ];
  const noise = sharp({
    create: {
      width: 300,
      height: 300,
      channels: 3,
      background: '#888',
      noise: { type: 'gaussian', mean: 128, sigma: 40 },
    },
  });
  const images = [...pictures.map((p) => sharp(p)), noise];
  const raw = await Promise.all(
    images.map((i) => i.removeAlpha().resize(224, 224, { fit: 'fill' }).toColourspace('srgb').raw().toBuffer()),
  );
  return Float32Array.from(Buffer.concat(raw), (v) => v / 255);
}

describe('models:build', () => {
  let out: string;
  const cards = { [card.name]: card };
  beforeEach(() => (out = mkdtempSync(join(tmpdir(), 'models-'))));
  afterEach(() => rmSync(out, { recursive: true, force: true }));
  afterAll(closeInference);

  it('makes the file with the recorded hash, and agrees with the original network to 1e-4', async () => {
    const [made] = await buildModels({ cards, out });
    expect(made).toMatchObject({ state: 'made', sha256: card.sha256 });
    const batch = await benignBatch();
    const shape = [4, 224, 224, 3];
    const session = await openSession(join(out, card.file), card.sha256, { provider: 'cpu' });
    const ours = await session.run(batch, shape);
    const files = card.source.files.map((f) => join(installed, card.source.package, f.path));
    const theirs = runInTensorFlow({ model: files[0] as string, weights: files.slice(1) }, batch, shape);
    expect(ours).toHaveLength(4 * card.outputs.length);
    expect(maxDifference(ours.slice(0, 5), ours.slice(5, 10))).toBeGreaterThan(0.01);
    expect(maxDifference(ours, theirs)).toBeLessThan(1e-4);
  });

  it('keeps what is right and makes again what was altered', async () => {
    await buildModels({ cards, out });
    expect((await buildModels({ cards, out }))[0]?.state).toBe('kept');
    const file = join(out, card.file);
    const bytes = readFileSync(file);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, bytes);
    expect((await buildModels({ cards, out }))[0]?.state).toBe('made');
    expect(sha256Hex(readFileSync(file))).toBe(card.sha256);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', card.file].sort());
  });

  it('refuses a source whose hash is not the recorded one, and writes nothing', async () => {
    const packages = join(out, 'packages');
    for (const { path } of card.source.files) {
      const to = join(packages, card.source.package, path);
      mkdirSync(dirname(to), { recursive: true });
      cpSync(join(installed, card.source.package, path), to);
    }
    const shard = join(packages, card.source.package, card.source.files[1]?.path ?? '');
    writeFileSync(shard, `${readFileSync(shard, 'utf8')} `);
    const built = join(out, 'built');
    await expect(buildModels({ cards, out: built, packages })).rejects.toMatchObject({
      code: 'model_source_hash_mismatch',
    });
    expect(existsSync(join(built, card.file))).toBe(false);
    rmSync(shard);
    await expect(buildModels({ cards, out: built, packages })).rejects.toMatchObject({ code: 'model_source_missing' });
  });

  it('refuses a result whose hash is not the recorded one', async () => {
    const wrong: ModelCard = { ...card, sha256: '0'.repeat(64) };
    await expect(buildModels({ cards: { [card.name]: wrong }, out })).rejects.toMatchObject({
      code: 'model_output_hash_mismatch',
    });
    expect(existsSync(join(out, card.file))).toBe(false);
  });

  it('records a licence, the sources and a card for every model', () => {
    for (const one of Object.values(loadManifest())) {
      const { version } = JSON.parse(readFileSync(join(installed, one.source.package, 'package.json'), 'utf8')) as {
        version: string;
      };
      expect(one.source.version).toBe(version);
      expect(one.licence).toMatch(/\w/);
      expect(one.card.limits).toMatch(/\w/);
      expect([one.sha256, ...one.source.files.map((f) => f.sha256)].join()).toMatch(/^([0-9a-f]{64},?)+$/);
    }
  });
});
