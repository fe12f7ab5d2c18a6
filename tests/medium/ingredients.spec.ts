import { join } from 'node:path';
import { projectRoot } from '#kernel';
import { fixtureEngine, GateHarness } from '../support/gate.js';

/** A clip that somebody else signed, as engines do; it was made from another one. */
const SIGNED = join(projectRoot, 'tests/fixtures/c2pa/video1.mp4');

let gate: GateHarness;
beforeAll(async () => {
  gate = await GateHarness.open(fixtureEngine(() => SIGNED));
}, 120_000);
afterAll(() => gate.close());

describe('what an engine says of its own clip', () => {
  it('is kept as an ingredient, with what it was made from', async () => {
    const clip = await gate.drive((await gate.admit()).id);
    expect(clip).toMatchObject({ state: 'released', errorCode: null });
    const path = await gate.blobPath(clip.signedSha256!);
    const { state, ingredients } = await gate.parts.pool.read({ path, mime: 'video/mp4' });
    expect(state).toBe('ours');
    expect(ingredients.map(({ title, relationship, state: own }) => [title, relationship, own])).toEqual([
      ['fixture.mp4', 'parentOf', 'other'],
      ['video1.mp4', 'parentOf', 'other'],
    ]);
  }, 120_000);
});
