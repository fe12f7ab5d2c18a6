import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectRoot, sha256Hex } from '#kernel';
import { loadManifest, modelCard, type ModelCard } from '#engines/inference';
import { buildModels } from './build.js';

const card = modelCard('nsfw-mobilenet-v2-mid');
const installed = join(projectRoot, 'node_modules');

describe('models:build', () => {
  let out: string;
  const cards = { [card.name]: card };
  beforeEach(() => (out = mkdtempSync(join(tmpdir(), 'models-'))));
  afterEach(() => rmSync(out, { recursive: true, force: true }));

  it('makes every file anew with the recorded hash', async () => {
    const built = await buildModels({ out });
    const all = Object.values(loadManifest());
    expect(built.map(({ name, state }) => [name, state])).toEqual(all.map(({ name }) => [name, 'made']));
    for (const { file, sha256 } of all) expect(sha256Hex(readFileSync(join(out, file)))).toBe(sha256);
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
