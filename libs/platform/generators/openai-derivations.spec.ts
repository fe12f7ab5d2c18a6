import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GenerationRequest } from '#contracts';
import { startStubEngine, stubClip, type StubEngine } from '../../../tests/support/stub-engine.js';
import { openAiVideosGenerator, PROFILE_NAMES } from './index.js';
import { type ProfileName } from './profiles.js';

const { signal } = new AbortController();
let dir: string;
let stub: StubEngine | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'gen-'));
});
afterAll(() => rm(dir, { recursive: true }));
afterEach(() => stub?.close());

async function start(profile: ProfileName) {
  stub = await startStubEngine({ clip: stubClip(), profile });
  return { stub, generator: openAiVideosGenerator({ name: 'engine', baseUrl: stub.url, profile, allowPrivate: true }) };
}

describe('a clip to change or to go on with', () => {
  const source = { how: 'edit' as const, path: '', seconds: 4, change: 'make it night' };
  const request = async (change: Partial<typeof source | { how: 'extension' }>): Promise<GenerationRequest> => {
    const path = join(dir, 'a1b2');
    await writeFile(path, stubClip());
    const words = { clipId: 'clip_1', prompt: 'a paper boat\nmake it night', seed: 'blue', model: 'sora-2' };
    return { ...words, seconds: 8, size: '1280x720', source: { ...source, path, ...change } };
  };

  it.each([
    ['edit', '/v1/videos/edits', { prompt: 'make it night' }],
    ['extension', '/v1/videos/extensions', { prompt: 'make it night', seconds: '4' }],
  ] as const)('goes to the route of the server: %s', async (how, path, fields) => {
    const { stub, generator } = await start('openai');
    expect(generator.derives).toEqual(['edit', 'extension']);
    await generator.create(await request({ how }), signal);
    const [call] = stub.calls;
    expect(call).toMatchObject({ method: 'POST', path, fields });
    expect(Object.keys(call!.fields)).toEqual(Object.keys(fields));
    expect(call!.files).toMatchObject([{ field: 'video', filename: 'video.mp4', type: 'video/mp4' }]);
  });

  it.each(PROFILE_NAMES.filter((name) => name !== 'openai'))(
    'is refused before anything is sent: %s',
    async (profile) => {
      const { stub, generator } = await start(profile);
      expect(generator.derives).toEqual([]);
      await expect(generator.create(await request({}), signal)).rejects.toMatchObject({
        ...{ code: 'generator_rejected', retry: 'never' },
      });
      expect(stub.calls).toEqual([]);
    },
  );
});
