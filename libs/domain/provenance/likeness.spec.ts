import type { Traced } from '#domain/examination';
import { likenessOf } from './likeness.js';
import type { PrintSource } from './prints.js';

const frame = (index: number) => ({
  timeMs: index * 1000,
  quality: 100,
  hash: Buffer.alloc(32, 17 * index + 1),
  mirrored: Buffer.alloc(32, 19 * index + 1),
});
const traced = {
  picture: { ok: true, value: { frames: [0, 1, 2, 3].map(frame), endS: 4, displaced: null, windows: [] } },
  sound: { ok: true, value: null },
} as unknown as Traced;

const source = (unread: number, refresh: () => Promise<void> = () => Promise.resolve()): PrintSource => ({
  refresh,
  unread,
  searchPictures: () => Promise.resolve([]),
  searchSound: () => [],
  of: () => Promise.resolve(new Map()),
});
const nobody = { marks: [], named: [] };

describe('likeness', () => {
  it('is not denied while stored prints cannot be read', async () => {
    expect((await likenessOf(traced, nobody, source(0))).picture.finding.state).toBe('none');
    const { picture, sound } = await likenessOf(traced, nobody, source(2));
    expect(picture.finding).toMatchObject({ state: 'unable', detail: expect.stringContaining('2 ') as string });
    expect(sound.finding.state).toBe('not_run');
  });

  it('says nothing of the database when that fails', async () => {
    const broken = source(0, () => Promise.reject(new Error('no answer from db.example:5432')));
    const { finding } = (await likenessOf(traced, nobody, broken)).picture;
    expect(finding.state).toBe('unable');
    expect(finding.detail).not.toContain('db.example');
  });
});
